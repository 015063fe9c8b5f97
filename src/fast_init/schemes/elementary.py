"""Exponential, logarithm and softplus' inverse in float64, by operations that IEEE 754 decides (docs/stream.md).

A C library's differ in their last bits from one to the next. To be called with the default rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import factorial
from typing import Any

import numpy as np

__all__ = ["inv_softplus", "log", "scaled_exp"]

Doubles = np.ndarray[Any, np.dtype[np.float64]]

LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")  # k * LN2_HIGH is exact
LOG2_E = float.fromhex("0x1.71547652b82fep+0")
EXP = [1 / factorial(k) for k in range(14)]
EXPM1 = [(-1) ** k / factorial(k + 1) for k in range(16)]  # of (1 - exp(-x)) / x
LOG = [2 / (2 * k + 1) for k in range(13)]  # of log((1 + s) / (1 - s)) / s, in s * s
SMALL = 0.5  # below which 1 - exp(-x) is by its series
ALL = 64.0  # from which it is 1


def _horner(coefficients: Sequence[float], x: Doubles) -> Doubles:
    """The polynomial, lowest degree first: a product and a sum, each rounded, for each coefficient but the last."""
    *lower, highest = coefficients
    return reduce(lambda total, c: total * x + c, lower[::-1], np.full_like(x, highest))


def scaled_exp(x: Doubles, mantissa: float, exponent: int) -> Doubles:
    """Return mantissa 2^exponent exp(x) for x in [-64, 1500]: relative error below 2^-51, if it is normal."""
    k = np.rint(x * LOG2_E)
    p = mantissa * _horner(EXP, (x - k * LN2_HIGH) - k * LN2_LOW)
    power = k.astype(np.int32) + exponent
    half = power // 2  # 2^power may be beyond float64 where the result is not
    return np.asarray(np.ldexp(np.ldexp(p, half), power - half))


def log(x: Doubles) -> Doubles:
    """Return log(x) for normal x > 0: error below 2^-52 max(1, |log x|)."""
    m, e = np.frexp(x)
    low = m < 0.75
    m, e = np.where(low, m * 2, m), (e - low).astype(np.float64)
    s = (m - 1) / (m + 1)
    return np.asarray(e * LN2_HIGH + (s * _horner(LOG, s * s) + e * LN2_LOW))


def inv_softplus(x: Doubles) -> Doubles:
    """Return y with log(1 + exp(y)) = x, that is x + log(1 - exp(-x)), for x > 0: error below 2^-51 max(1, |y|)."""
    series = x * _horner(EXPM1, np.minimum(x, SMALL))
    return x + log(np.where(x < SMALL, series, 1 - scaled_exp(-np.minimum(x, ALL), 1.0, 0)))
