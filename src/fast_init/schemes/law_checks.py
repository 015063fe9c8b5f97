"""Are these values independent draws of a distribution: figures with bounds that hold for any number of them."""

from __future__ import annotations

from math import inf, log, sqrt
from typing import Any

import numpy as np

from ..sampling.destinations import Array
from ..sampling.dtypes import ulp_of_one
from .check import Check
from .scheme import Distribution, Doubles

__all__ = ["law_checks"]


def law_checks(values: Array, distribution: Distribution, x: float) -> tuple[Check, ...]:
    """Return bounds that a true draw breaks with probability 2 exp(-x) each, for any n; std > 0.

    Mean and variance: Bernstein's inequality (for a normal, Laurent and Massart's), which the square of an exponential
    tail leaves by its largest draw, x + log(n); distance: Dvoretzky, Kiefer, Wolfowitz and Massart's; the largest:
    Gauss's tail, for n of them. To each is added what rounding may have done to these values.
    """
    mean, std, kurtosis = distribution.moments
    n = values.size
    wide = values.astype(np.float64)
    z = (wide - mean) / std
    finite_values = int(np.isfinite(z).sum())
    if finite_values < n:
        return (Check("elements that are not finite", n - finite_values, 0, 0),)
    low, high = distribution.support
    rounding = _rounding(wide, values.dtype)
    moved = rounding / std
    farthest = sqrt(2 * (x + log(n))) + float(moved.max())
    square = (x + log(n)) ** 2 if kurtosis > 3 else 0.0
    return (
        Check(
            "mean in units of std",
            float((z + mean / std).mean()),
            mean / std,
            sqrt(2 * x / n) + x / n + float(moved.mean()),
        ),
        Check(
            "variance / expected",
            float((z**2).mean()),
            1,
            sqrt(2 * (kurtosis - 1) * x / n)
            + max((kurtosis - 1) * x, square) / n
            + float((moved * (2 * abs(z) + moved)).mean()),
        ),
        Check("distance of distributions", _distance(wide, values.dtype, distribution), 0, sqrt(x / (2 * n))),
        Check("largest deviation in units of std", float(abs(z).max()), 0, farthest)
        if high - low == inf and kurtosis <= 3
        else Check("elements outside", int(((wide < low - rounding) | (wide > high + rounding)).sum()), 0, 0),
    )


def _rounding(values: Doubles, dtype: np.dtype[Any]) -> Doubles:
    """By how much values of a dtype may differ from their real numbers: half an ulp, and two of the family that they
    came by.
    """
    family = np.float64 if dtype == np.float64 else np.float32
    ulps = ulp_of_one(dtype) / 2 + 2 * ulp_of_one(np.dtype(family))
    least = np.nextafter(dtype.type(0), dtype.type(1)).astype(np.float64)
    return np.asarray(ulps * abs(values) + least)


def _distance(values: Doubles, dtype: np.dtype[Any], distribution: Distribution) -> float:
    """Kolmogorov and Smirnov's, a value standing for all that it may be the rounding of; that is all between it and a
    bound which is its neighbour, since some laws never reach theirs.
    """
    steps, counts = np.unique(values, return_counts=True)
    rounding = _rounding(steps, dtype)
    above, below = distribution.cdf(steps + rounding), distribution.cdf(steps - rounding)
    real = dtype.type
    low, high = (real(end) for end in distribution.support)
    above[steps >= np.nextafter(high, real(-inf)).astype(np.float64)] = 1
    below[steps <= np.nextafter(low, real(inf)).astype(np.float64)] = 0
    reached = np.cumsum(counts) / values.size
    return float(max((reached - above).max(), (below - reached + counts / values.size).max(), 0))
