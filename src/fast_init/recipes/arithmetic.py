"""Arithmetic written as text, such as ``0.02 / sqrt(2 * (l + 1))``: the same bits everywhere.

Numbers, names, ``+ - * /``, minus, ``**``, parentheses, ``sqrt``, ``min`` and ``max``. Each operation is that of
IEEE 754 in float64, rounded to nearest even; a power with a whole exponent is the exact power, rounded once;
``x ** 0.5`` is sqrt(x), ``x ** -0.5`` is 1 / sqrt(x). There are no other powers, no logarithms and exponentials: their
bits would be those of a C library. A text is parsed, and never run as Python.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import isfinite, sqrt
from operator import add, mul, sub, truediv

from ..sampling.floating_point import rounded_to_nearest

__all__ = ["names_in", "value_of"]

LONGEST = 200  # characters
DEEPEST = 32  # operations within each other
LARGEST_POWER = 1024  # of which a number but 0 and 1 is beyond the range of float64, or nearly 1
MALFORMED = (SyntaxError, ValueError, TypeError, MemoryError, RecursionError)  # of ast.parse


def names_in(text: str) -> frozenset[str]:
    """Return the names that a formula needs values of; ValueError if it is no formula.

    Examples
    --------
    >>> sorted(names_in("0.02 / sqrt(2 * (l + 1)) * min(1, d / 4096)"))
    ['d', 'l']
    """
    tree = _parsed(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


@rounded_to_nearest
def value_of(text: str, numbers: Mapping[str, float]) -> float:
    """Return the finite value of a formula, given those of its names; ValueError if it has none.

    Examples
    --------
    >>> value_of("0.02 / sqrt(2 * (l + 1))", {"l": 7})
    0.005
    """
    try:
        return _value(_parsed(text), numbers)
    except ZeroDivisionError:
        why = "divides by zero"
    except OverflowError:
        why = "has no finite value"
    except ArithmeticError as error:
        why = str(error)
    given = ", ".join(f"{name} = {numbers[name]!r}" for name in sorted(names_in(text)))
    raise ValueError(f"formula {text!r} {why}{given and f' where {given}'}; correct it, or what it is given")


@lru_cache(maxsize=4096)
@rounded_to_nearest
def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ValueError(f"a formula has {len(text):,} characters; it may have {LONGEST}: put a part of it into sizes")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except MALFORMED:
        raise ValueError(f"formula {text!r} is no arithmetic; write it as in Python, such as '1 / sqrt(d)'") from None
    _check(tree, text, DEEPEST)
    return tree


def _check(node: ast.expr, text: str, depth: int) -> None:
    """Raise ValueError for what is none of the language."""
    if depth == 0:
        raise ValueError(f"formula {text!r} is nested more than {DEEPEST} deep; put a part of it into sizes")
    known = isinstance(node, ast.Name)
    operands: list[ast.expr] = []
    if isinstance(node, ast.Constant):
        known = type(node.value) in (int, float) and isfinite(node.value)  # type: ignore[arg-type]
    elif isinstance(node, ast.UnaryOp):
        known, operands = isinstance(node.op, ast.USub), [node.operand]
    elif isinstance(node, ast.BinOp):
        known, operands = type(node.op) in OPERATORS, [node.left, node.right]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        arguments = FUNCTIONS.get(node.func.id, (None, -1))[1]
        known, operands = len(node.args) == arguments and not node.keywords, node.args
    if not known:
        raise ValueError(
            f"formula {text!r} has {ast.unparse(node)!r}; it may have finite numbers, names, + - * / **, parentheses, "
            "sqrt(x), min(x, y) and max(x, y): write it with these"
        )
    for operand in operands:
        _check(operand, text, depth - 1)


def _value(node: ast.expr, numbers: Mapping[str, float]) -> float:
    if isinstance(node, ast.BinOp):
        value = OPERATORS[type(node.op)](_value(node.left, numbers), _value(node.right, numbers))
    elif isinstance(node, ast.UnaryOp):
        value = -_value(node.operand, numbers)
    elif isinstance(node, ast.Call):
        function, _ = FUNCTIONS[node.func.id]  # type: ignore[attr-defined]
        value = function(*(_value(argument, numbers) for argument in node.args))
    else:
        value = float(numbers[node.id] if isinstance(node, ast.Name) else node.value)  # type: ignore[attr-defined]
    if not isfinite(value):
        raise OverflowError
    return value


def _root(x: float) -> float:
    if x < 0:
        raise ArithmeticError("takes the root of a negative number")
    return sqrt(x)


def _power(base: float, exponent: float) -> float:
    if abs(exponent) == 0.5:
        return _root(base) if exponent > 0 else 1 / _root(base)
    if abs(exponent) > LARGEST_POWER or exponent != int(exponent):
        raise ArithmeticError(f"has the exponent {exponent!r}, where only whole ones to {LARGEST_POWER} and ±0.5 are")
    return float(Fraction(base) ** int(exponent))


OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: truediv,
    ast.Pow: _power,
}
FUNCTIONS: dict[str, tuple[Callable[..., float], int]] = {"sqrt": (_root, 1), "min": (min, 2), "max": (max, 2)}
