"""Elementwise functions of draws: which of them are laws that a scheme stands for.

A function that is none is kept as an expression, since a function of it in turn may be one: a step size's logarithm,
exponential and so on end in softplus' inverse. An expression is DRAW, the number that was drawn, or a tuple of an
operation's name, the expressions that it takes and its numbers; ("line", x, factor, term) is factor x + term.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any

from ..sampling.normal_tail import DIGITS
from ..schemes.distributions import Constant, Normal, TruncatedNormal, Uniform
from ..schemes.log_of_uniform import LogOfUniform
from ..schemes.log_uniform import InvSoftplusLogUniform, LogUniform
from ..schemes.scheme import Distribution, Scheme
from .recording_cells import Content, Draw, Fault
from .recording_trace import caller

__all__ = ["applied", "scaled", "summed"]

DRAW = "draw"


@dataclass(frozen=True)
class Function(Fault):
    """A function of a draw that no scheme stands for."""

    draw: Draw
    expression: Any

    def part(self, start: int) -> Function:
        return replace(self, draw=self.draw.part(start))


def applied(content: Content, name: str, step: str, *numbers: float) -> Content:
    """Return what an operation of that name makes of the numbers in a content, each by itself."""
    if (inner := _inner(content)) is None:
        return Fault(f"{name} of {content.scheme}", caller()) if isinstance(content, Draw) else content
    draw, expression = inner
    expression = step, expression, *numbers
    if (scheme := law_of(draw.scheme, expression)) is not None:
        return replace(draw, scheme=scheme)
    words = f"{name} of {content.scheme}" if isinstance(content, Draw) else name
    return Function(words, caller(), draw, expression)


def scaled(content: Content, name: str, factor: float, term: float) -> Content:
    """Return what factor * value + term makes of a content."""
    if not isinstance(content, Draw) or (scheme := _affine(content.scheme, factor, term)) is None:
        return applied(content, name, "line", factor, term)
    return replace(content, scheme=scheme, falling=content.falling != (factor < 0))


def summed(a: Content, b: Content) -> Draw | None:
    """Return the draw that the sum of two functions of one draw is; None if it is none."""
    first, second = _inner(a), _inner(b)
    if first is None or second is None:
        return None
    (draw, x), (other, y) = first, second
    if draw != other:
        return None
    scheme = law_of(draw.scheme, ("add", x, y)) or law_of(draw.scheme, ("add", y, x))
    return None if scheme is None else replace(draw, scheme=scheme)


def law_of(scheme: Scheme, expression: Any) -> Scheme | None:
    """Return the scheme of an expression, given that of the draw in it; None if there is none."""
    try:
        match scheme, expression:
            case Uniform(a, b), ("exp", "draw"):
                return LogUniform(_exp(a), _exp(b))
            case Uniform(a, b), ("log", "draw"):
                return LogOfUniform(a, b)
            case LogUniform(a, b), _ if (floor := _floor_of(_of_inv_softplus(expression))) is not None:
                return InvSoftplusLogUniform(a, b, floor)
    except (ValueError, ArithmeticError):  # bounds beyond the scheme's, or beyond those of Decimal
        pass
    return None


def _of_inv_softplus(expression: Any) -> Any:
    """Return the x of log(exp(x) - 1), in one of the ways to write it; None of anything else."""
    match expression:
        case "add", x, ("log", ("line", ("expm1", ("line", y, -1.0, 0.0)), -1.0, 0.0)) if x == y:
            return x
        case ("log", ("expm1", x)) | ("log", ("line", ("exp", x), 1.0, -1.0)):
            return x
    return None


def _floor_of(expression: Any) -> float | None:
    """Return the least value that a draw is moved to, 0 without; None if the expression is another."""
    match expression:
        case "draw":
            return 0.0
        case "clamp_min", "draw", floor if floor >= 0:
            return float(floor)
    return None


def _inner(content: Content) -> tuple[Draw, Any] | None:
    """Return the draw that a content is a function of, and the function."""
    if isinstance(content, Function):
        return content.draw, content.expression
    if isinstance(content, Draw) and isinstance(content.scheme, Distribution):
        return content, DRAW
    return None


def _exp(x: float) -> float:
    """Return exp(x) of 14 digits: 0.001 of log(0.001), which was rounded itself."""
    with localcontext(DIGITS):
        return float(f"{Decimal(x).exp():.14g}")


def _affine(scheme: Scheme, factor: float, term: float) -> Scheme | None:
    """Return the scheme of factor * value + term; None where there is none."""
    try:
        scaled = scheme if factor == 1 else scheme.times(factor, 1)
        return scaled if term == 0 else _shifted(scaled, term)
    except ValueError:  # of a scheme without a scale, or beyond its bounds
        return None


def _shifted(scheme: Scheme, term: float) -> Scheme | None:
    """Return the scheme of value + term; None where there is none."""
    match scheme:
        case Constant(val):
            return Constant(val + term)
        case Normal(mean, std):
            return Normal(mean + term, std)
        case Uniform(a, b):
            return Uniform(a + term, b + term)
        case TruncatedNormal(mean, std, a, b, "absolute"):
            return TruncatedNormal(mean + term, std, a + term, b + term)
    return None
