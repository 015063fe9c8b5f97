"""Bounds as values of a dtype: what is drawn ends at one of these. To be called within `rounded_to_nearest`."""

from __future__ import annotations

from math import copysign, inf

import numpy as np

from .._core import UNIFORM
from .calls import DrawPlan
from .destinations import DType
from .floating_point import rounded_to_nearest

__all__ = ["half_open_plan", "in_family", "inward", "rounded"]


def in_family(x: float, dtype: DType) -> float:
    """Return x rounded to float64 for float64, else to float32: what the core computes with."""
    return x if dtype.numpy == np.float64 else float(np.float32(x))


def rounded(x: float, dtype: DType) -> float:
    """Return x rounded to the dtype by way of its family; an infinity where it is beyond."""
    return float(dtype.numpy.type(in_family(x, dtype)))


def inward(limit: float, dtype: DType, direction: int) -> float:
    """Return the finite value of the dtype nearest to the bound that is not below (direction 1) or above (-1) it.

    An infinity where there is none.
    """
    if abs(limit) > dtype.largest:
        return copysign(dtype.largest if limit * direction < 0 else inf, limit)
    real = dtype.numpy.type
    value = real(limit)
    if (float(value) - limit) * direction < 0:
        value = np.nextafter(value, real(direction * inf))
    return float(value)


@rounded_to_nearest
def half_open_plan(a: float, b: float, dtype: DType) -> DrawPlan:
    """Return how to draw U[a, b) so that b never comes, unless the dtype has no other value for it."""
    real = dtype.numpy.type
    below = float(np.nextafter(real(rounded(b, dtype)), real(-inf)))
    return DrawPlan(UNIFORM, dtype.code, (a, b, -inf, max(below, in_family(a, dtype))))
