"""Checks of the numbers that are parameters."""

from __future__ import annotations

from math import inf, isfinite, isnan
from operator import index
from typing import Any

__all__ = ["bound", "finite", "int_of", "is_finite_number", "non_negative", "number_of", "positive_int"]


def is_finite_number(value: Any) -> bool:
    """Whether value is a number, not a bool, and neither infinite nor NaN."""
    if isinstance(value, (bool, str, bytes)):
        return False
    try:
        return isfinite(float(value))
    except (OverflowError, TypeError, ValueError):  # an int that no float can hold, or no number
        return False


def number_of(what: str, value: Any) -> float:
    """Return value as a float, which may be infinite or NaN; TypeError if it is no number."""
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return float(value)
    except OverflowError:
        digits = str(value)
        raise ValueError(
            f"{what} is {digits[:8]}... of {len(digits)} digits; no float holds it: pass a float"
        ) from None
    except (TypeError, ValueError):
        raise TypeError(f"{what} is {value!r}; it must be a number: pass a float") from None


def finite(what: str, value: Any, largest: float = inf) -> float:
    """Return value as a finite float of magnitude at most `largest`, which is what the dtype can hold."""
    number = value if type(value) is float else number_of(what, value)
    if not isfinite(number):
        raise ValueError(f"{what} is {value!r}; it must be a finite number: pass a number of that range")
    if not -largest <= number <= largest:
        raise ValueError(
            f"{what} is {value!r}; the array's dtype holds at most {largest:.6g}: pass a number of that range"
        )
    return number


def non_negative(what: str, value: Any, largest: float = inf) -> float:
    """Do what `finite` does, for a number that must be at least 0."""
    number = finite(what, value, largest)
    if number < 0:
        raise ValueError(f"{what} is {number!r}; it must not be negative: pass a number >= 0")
    return number


def bound(what: str, value: Any) -> float:
    """Return value as a float that may be infinite."""
    number = number_of(what, value)
    if isnan(number):
        raise ValueError(f"{what} is {value!r}; it must be a number or an infinity: pass one")
    return number


def int_of(value: Any) -> int | None:
    """Return value as an int; None if it is no whole number by its type, as NumPy's ints are, or a bool."""
    try:
        return None if isinstance(value, bool) else index(value)
    except TypeError:
        return None


def positive_int(what: str, value: Any) -> int:
    """Return value as an int of at least 1."""
    number = int_of(value)
    if number is None:
        raise TypeError(f"{what} is {value!r}; it must be an int: pass a number >= 1")
    if number < 1:
        raise ValueError(f"{what} is {number}; it must be at least 1: pass a number >= 1")
    return number
