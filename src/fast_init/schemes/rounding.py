"""Rounding of exact numbers to float32 by way of float64, which alone would round twice."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np

__all__ = ["to_odd"]


def to_odd(x: Fraction) -> float:
    """Return x as a float64 whose rounding to float32 is that of x: of its two neighbours the odd one, if not exact."""
    y = float(x)
    if y == x or int(np.float64(y).view(np.uint64)) % 2:
        return y
    return float(np.nextafter(y, inf if x > y else -inf))
