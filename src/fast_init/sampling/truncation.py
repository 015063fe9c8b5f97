"""From the bounds of a truncated normal to what the core draws, by the definitions of docs/stream.md."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import lru_cache
from math import copysign, inf, isfinite, isinf, sqrt
from typing import Any, NamedTuple

import numpy as np

from .._core import NORMAL, QUANTILE_TERMS_32, QUANTILE_TERMS_64, TRUNCATED_CENTER, TRUNCATED_TAIL, UNIFORM
from .bounds import in_family, inward, rounded
from .calls import DrawPlan
from .destinations import DType
from .floating_point import rounded_to_nearest
from .names import BOUNDS, Bounds, is_word
from .normal_tail import DIGITS, HALF_PI, density, interpolate, mills, offset, tail
from .numbers import bound, finite, non_negative
from .shown import shown

__all__ = ["BEYOND", "Truncation", "truncated_moments", "truncated_plan", "truncation_of"]

BEYOND = 9.5  # sigmas; no normal that is drawn is as large
FLAT = 2.0**-40  # log of the ratio of the density's extremes
CENTER, CENTER_SHARE = 0.7, Decimal(1 / 16)  # which intervals beside 0 are inverted from the middle
SPLIT = Decimal(5)  # of e = -log v, between the two polynomials
LEAST = Decimal(2.0**-64)  # exact, in any context: probability that a word can stand for


class Truncation(NamedTuple):
    """N(mean, std^2) within [a, b]; alpha and beta are the bounds in sigmas, where std > 0."""

    mean: float
    std: float
    a: float
    b: float
    alpha: float
    beta: float


@rounded_to_nearest
def truncation_of(mean: Any, std: Any, a: Any, b: Any, bounds: Bounds, largest: float = inf) -> Truncation:
    """Check the arguments of trunc_normal_; `largest` is what the dtype can hold."""
    mean, std = finite("mean", mean, largest), non_negative("std", std, largest)
    a, b = bound("a", a), bound("b", b)
    if not a < b:
        raise ValueError(f"a is {a!r} and b is {b!r}; a must be less than b: swap or widen them")
    if not is_word(bounds, BOUNDS):
        raise ValueError(f"bounds is {shown(bounds)}; it must be 'absolute' or 'sigma': pass one of these")
    if std == 0:
        inside = a <= 0 <= b if bounds == "sigma" else a <= mean <= b
        if not inside:
            raise ValueError(f"std is 0 and the mean lies outside of the bounds {a!r} and {b!r}; pass std > 0")
        low, high = (-inf, inf) if bounds == "sigma" else (a, b)
        return Truncation(mean, std, low, high, -inf, inf)
    if bounds == "sigma":
        return Truncation(mean, std, mean + a * std, mean + b * std, a, b)
    alpha, beta = _sigmas(a, mean, std), _sigmas(b, mean, std)
    if alpha == inf or beta == -inf:
        raise ValueError(
            f"the bounds are {a!r} and {b!r}, mean is {mean!r} and std is {std!r}; they lie more than 1.8e308 standard "
            "deviations from the mean: pass a greater std or other bounds"
        )
    return Truncation(mean, std, a, b, alpha, beta)


def _sigmas(x: float, mean: float, std: float) -> float:
    """Return (x - mean) / std, also where x - mean is beyond float64."""
    difference = x - mean
    return difference / std if isfinite(difference) or isinf(x) else x / std - mean / std


def truncated_plan(limits: Truncation, dtype: DType) -> DrawPlan:
    """Return how to draw it; ValueError if no value of the dtype lies within the bounds.

    Every value is finite: bounds that the draws could pass beyond the dtype's largest values move there.
    """
    return _plan(limits, dtype, *(copysign(1.0, x) for x in limits[:4]))


def _within_range(limits: Truncation, largest: float) -> Truncation:
    """The interval cut at the dtype's largest values, if a draw of it could be beyond them."""
    mean, std, a, b, alpha, beta = limits
    top, bottom = largest / std - mean / std, -largest / std - mean / std
    if b > largest and top < _farthest(alpha):
        b, beta = largest, top
    if a < -largest and -bottom < _farthest(-beta):
        a, alpha = -largest, bottom
    return Truncation(mean, std, a, b, alpha, beta)


def _farthest(start: float) -> float:
    """What no draw of a normal cut below at `start` exceeds, in sigmas: a word's least probability is 2^-64."""
    return max(BEYOND, sqrt(start * start + 89) if start > 0 else 0.0)


@lru_cache(maxsize=4096)
@rounded_to_nearest
def _plan(limits: Truncation, dtype: DType, *_signs: float) -> DrawPlan:
    """The same, remembered; by the signs too, as 0.0 and -0.0 are equal and their draws are not."""
    if limits.std > 0:
        limits = _within_range(limits, dtype.largest)
    mean, std, a, b, alpha, beta = limits
    lowest, highest = inward(a, dtype, 1), inward(b, dtype, -1)
    if lowest > highest:
        raise ValueError(
            f"the bounds are {a!r} and {b!r}; no {dtype.numpy} lies between them: pass wider bounds or use "
            "another dtype"
        )
    if std == 0:
        return DrawPlan(NORMAL, dtype.code, (min(max(mean, lowest), highest), std))
    if alpha <= -BEYOND and beta >= BEYOND and _stays_within(mean, std, lowest, highest, dtype):
        return DrawPlan(NORMAL, dtype.code, (mean, std))
    if _is_flat(alpha, beta):
        return DrawPlan(UNIFORM, dtype.code, (a, b, lowest, highest))
    bits = 64 if dtype.numpy == np.float64 else 32
    mirrored = alpha + beta < 0
    near, far = (-beta, -alpha) if mirrored else (alpha, beta)
    with localcontext(DIGITS):
        if _is_central(near, far):
            table = _center(alpha, beta, bits)
            return DrawPlan(TRUNCATED_CENTER, dtype.code, (mean, std, lowest, highest, *table))
        origin, scale = (b, -std) if mirrored else (a, std)
        return DrawPlan(TRUNCATED_TAIL, dtype.code, (origin, scale, lowest, highest, *_tail(near, far, bits)))


def _stays_within(mean: float, std: float, lowest: float, highest: float, dtype: DType) -> bool:
    """Whether no normal that is drawn, rounded to the dtype, is outside."""
    mean, reach = in_family(mean, dtype), BEYOND * in_family(std, dtype)
    return lowest <= rounded(mean - reach, dtype) and rounded(mean + reach, dtype) <= highest


def _is_flat(alpha: float, beta: float) -> bool:
    outer = max(abs(alpha), abs(beta))
    return (outer * outer if alpha < 0 < beta else (beta - alpha) * abs(alpha + beta)) / 2 < FLAT


def _is_central(near: float, far: float) -> bool:
    return near < 0 or (near < CENTER and tail(Decimal(near)) - tail(Decimal(far)) >= CENTER_SHARE)


@lru_cache(maxsize=256)
def _center(alpha: float, beta: float, bits: int) -> tuple[float, ...]:
    """Step, low end, high end, middle, split and polynomials of an interval around 0, or beside it."""
    low, high = tail(-Decimal(alpha)), tail(Decimal(beta))
    step = (1 - low - high) * 2 / 2**bits
    largest = max(-(4 * p * (1 - p)).ln() for p in (max(low, LEAST), max(high, LEAST)))

    def far(e: Decimal) -> Decimal:
        """|z| / sqrt(2 e), where 4 Phi(z) Phi(-z) = exp(-e)."""
        return offset(Decimal(0), e + (1 + (1 - (-e).exp()).sqrt()).ln()) / (2 * e).sqrt()

    def near(e: Decimal) -> Decimal:
        """z / (2 Phi(z) - 1)."""
        return far(e) * (2 * e / (1 - (-e).exp())).sqrt() if e else HALF_PI.sqrt()

    polynomials = _polynomials((near, Variable(1, 0)), (far, Variable(2, 0)), largest, bits)
    return tuple(map(float, (step, 2 * low, 2 * high, low - high, *polynomials)))


@lru_cache(maxsize=256)
def _tail(alpha: float, beta: float, bits: int) -> tuple[float, ...]:
    """The same of an interval on the positive side, from its lower end; two places are unused."""
    a, b = Decimal(alpha), Decimal(beta)
    left = Decimal(0) if isinf(beta) else mills(b) / mills(a) * ((a - b) * (a + b) / 2).exp()
    step = (1 - left) * 2 / 2**bits

    def quantile(e: Decimal) -> Decimal:
        """(z - alpha) / (2 e), where Phi(-z) / Phi(-alpha) = exp(-e)."""
        return offset(a, e) / (2 * e) if e else mills(a) / 2

    quantity = (quantile, Variable(2, 2))
    polynomials = _polynomials(quantity, quantity, -max(left, LEAST).ln(), bits)
    return tuple(map(float, (step, Decimal(0), left, Decimal(0), *polynomials)))


@lru_cache(maxsize=256)
@rounded_to_nearest
def truncated_moments(alpha: float, beta: float) -> tuple[float, float, float]:
    """Return mean, standard deviation and kurtosis of a standard normal cut at alpha and beta."""
    if _is_flat(alpha, beta):
        return (alpha + beta) / 2, (beta - alpha) / sqrt(12), 1.8
    if alpha + beta < 0:
        mean, std, kurtosis = truncated_moments(-beta, -alpha)
        return -mean, std, kurtosis
    with localcontext(DIGITS):
        a, b = Decimal(alpha), Decimal(beta)
        # The densities at the ends, in units of the probability between them; those of a far tail have no range.
        if alpha > 0:
            ratio = Decimal(0) if isinf(beta) else ((a - b) * (a + b) / 2).exp()
            share = mills(a) - (ratio * mills(b) if ratio else 0)
            at_a, at_b = 1 / share, ratio / share
        else:
            share = tail(a) - tail(b)
            at_a, at_b = density(a) / share, density(b) / share
        raw = [Decimal(1), at_a - at_b]
        for k in (1, 2, 3):  # E[z^(k+1)] = k E[z^(k-1)] + a^k phi(a) - b^k phi(b)
            raw.append(k * raw[k - 1] + (a**k * at_a if at_a else 0) - (b**k * at_b if at_b else 0))
        m = raw[1]
        variance = raw[2] - m * m
        fourth = raw[4] - 4 * m * raw[3] + 6 * m * m * raw[2] - 3 * m**4
        return float(m), float(variance.sqrt()), float(fourth / variance**2)


class Variable(NamedTuple):
    """h = (2 e + plus)^(1 / power), in which a polynomial is fitted."""

    power: int
    plus: int

    def of(self, e: Decimal) -> Decimal:
        """Return h."""
        h = 2 * e + self.plus
        return h.sqrt() if self.power == 2 else h

    def inverse(self, h: Decimal) -> Decimal:
        """Return e."""
        return (h**self.power - self.plus) / 2


Quantity = tuple[Callable[[Decimal], Decimal], Variable]  # what is fitted, a function of e, and in what


def _polynomials(near: Quantity, far: Quantity, largest: Decimal, bits: int) -> list[Decimal]:
    """The split, as v, then the polynomial for e up to it and that for e up to `largest`."""
    near_terms, far_terms = QUANTILE_TERMS_64 if bits == 64 else QUANTILE_TERMS_32
    if largest <= SPLIT:
        none = [Decimal(0)] * (far_terms + 2)
        return [Decimal(0), *_fit(near, Decimal(0), max(largest, Decimal("0.5")), near_terms), *none]
    far_end = max(largest, SPLIT + 1)
    return [(-SPLIT).exp(), *_fit(near, Decimal(0), SPLIT, near_terms), *_fit(far, SPLIT, far_end, far_terms)]


def _fit(quantity: Quantity, first: Decimal, last: Decimal, terms: int) -> list[Decimal]:
    """Slope and shift, which take h to [-1, 1] as e goes from first to last, and the coefficients."""
    quantile, variable = quantity
    h0, h1 = variable.of(first), variable.of(last)
    middle, half = (h0 + h1) / 2, (h1 - h0) / 2
    coefficients = interpolate(lambda x: quantile(variable.inverse(middle + half * x)), terms)
    return [1 / half, -middle / half, *coefficients]
