"""Sines and cosines of the multiples of an angle, in integers that are multiples of 2^-BITS (docs/stream.md)."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from ..sampling.destinations import Array
from ..sampling.normal_tail import DIGITS
from .rounding import to_odd

__all__ = ["angles", "rounded", "waves"]

BITS = 256
ONE = 1 << BITS

BETWEEN, CELL = 1 << 28, 1 << 29  # the last bits of a float64 that is half-way between two float32, of how many


def angles(longest: float, steps: int, count: int) -> list[int]:
    """Return longest^(-k / steps) for k = 0 .. count - 1, of decimals of 60 digits; longest >= 1."""
    with localcontext(DIGITS):
        log = Decimal(longest).ln()
        ratios = [(-(Decimal(k) / steps) * log).exp().as_integer_ratio() for k in range(count)]
    return [ONE * numerator // denominator for numerator, denominator in ratios]


def waves(angle: int, count: int) -> tuple[list[int], list[int]]:
    """Return sine and cosine of 0, 1, ..., count - 1 times an angle in [0, 1]; error below 200 count 2^-BITS."""
    turn_cosine, turn_sine = _of_one(angle)
    sine, cosine = 0, ONE
    sines, cosines = [], []
    for _ in range(count):
        sines.append(sine)
        cosines.append(cosine)
        sine, cosine = (
            (sine * turn_cosine + cosine * turn_sine) >> BITS,
            (cosine * turn_cosine - sine * turn_sine) >> BITS,
        )
    return sines, cosines


def _of_one(angle: int) -> list[int]:
    """Cosine and sine by their series: each of their 60 terms is too small by at most 2 units."""
    sums, term, n = [0, 0], ONE, 0
    while term:
        sums[n % 2] += term if n % 4 < 2 else -term
        n += 1
        term = term * angle // (n << BITS)
    return sums


def rounded(exact: list[int], double: bool) -> Array:
    """Return the numbers as float64, or as float32: each rounded once."""
    wide = np.ldexp(np.fromiter(map(float, exact), np.float64, len(exact)), -BITS)
    if double:
        return wide
    for k in np.flatnonzero(wide.view(np.uint64) % CELL == BETWEEN):
        wide[k] = to_odd(Fraction(exact[k], ONE))
    return wide.astype(np.float32)
