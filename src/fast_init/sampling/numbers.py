"""Checks of the numbers that are parameters."""

from __future__ import annotations

from math import inf, isfinite, isnan, nan
from operator import index
from typing import Any

import numpy as np

from .shown import shown

__all__ = ["bound", "finite", "int_of", "non_negative", "number_of", "number_or_nan", "positive_int", "raised"]

# NumPy's types that float() takes, or might, and that are no numbers.
NO_NUMBERS = np.bool_, np.complexfloating, np.character, np.void, np.object_, np.datetime64, np.timedelta64

LONGEST = 2**63 - 1


def number_of(what: str, value: Any) -> float:
    """Return value as a float, which may be infinite or NaN; TypeError if it is no number, as a bool, a text or an
    array with axes, ValueError if no float holds it.
    """
    if _is_number(value):
        try:
            return float(value)
        except OverflowError:
            raise ValueError(f"{what} is {shown(value)}; no float holds it: pass a float") from None
        except Exception:  # whatever the conversion of an object raises
            pass
    raise TypeError(f"{what} is {shown(value)}; it must be a number: pass a float")


def number_or_nan(value: Any) -> float:
    """Return what `number_of` does, NaN where that raises."""
    try:
        return number_of("value", value)
    except (TypeError, ValueError):
        return nan


def _is_number(value: Any) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.ndim == 0 and not issubclass(value.dtype.type, NO_NUMBERS)
    return not isinstance(value, bool) and (hasattr(type(value), "__float__") or hasattr(type(value), "__index__"))


def finite(what: str, value: Any, largest: float = inf) -> float:
    """Return value as a finite float of magnitude at most `largest`, which is what the dtype can hold."""
    number = value if type(value) is float else number_of(what, value)
    if not isfinite(number):
        raise ValueError(f"{what} is {shown(value)}; it must be a finite number: pass a number of that range")
    if not -largest <= number <= largest:
        raise ValueError(
            f"{what} is {shown(value)}; the array's dtype holds at most {largest:.6g}: pass a number of that range"
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
        raise ValueError(f"{what} is {shown(value)}; it must be a number or an infinity: pass one")
    return number


def int_of(value: Any) -> int | None:
    """Return value as an int; None if it is no whole number by its type, as NumPy's ints are, or a bool."""
    if type(value) is int:
        return value
    try:
        return None if isinstance(value, (bool, np.timedelta64)) else index(value)
    except Exception:  # whatever the __index__ of an object raises
        return None


def positive_int(what: str, value: Any) -> int:
    """Return value as an int of at least 1 and, as lengths are, below 2^63."""
    number = int_of(value)
    if number is None:
        raise TypeError(f"{what} is {shown(value)}; it must be an int: pass a number >= 1")
    if number < 1:
        raise ValueError(f"{what} is {shown(number)}; it must be at least 1: pass a number >= 1")
    if number > LONGEST:
        raise ValueError(f"{what} is {shown(number)}; it must be below 2**63, as lengths are: pass a smaller number")
    return number


def raised(base: float, power: float) -> float:
    """Return base ** power, a factor of a scale; ValueError if no float holds it."""
    try:
        return float(base**power)
    except (OverflowError, ZeroDivisionError):
        raise ValueError(
            f"a scale is multiplied by {shown(base)} ** {shown(power)}; no float holds that: pass a factor nearer to 1"
        ) from None
