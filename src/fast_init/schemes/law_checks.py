"""Are these values independent draws of a distribution: figures with bounds that hold for any number of them."""

from __future__ import annotations

from math import inf, log, sqrt

import numpy as np

from ..sampling.destinations import Array
from ..sampling.dtypes import ulp_of_one
from .check import Check
from .scheme import Distribution

__all__ = ["law_checks"]


def law_checks(values: Array, distribution: Distribution, x: float) -> tuple[Check, ...]:
    """Return bounds that a true draw breaks with probability 2 exp(-x) each, for any n; std > 0.

    Mean and variance: Bernstein's inequality (for a normal, Laurent and Massart's), which the square of an exponential
    tail leaves by its largest draw, x + log(n); distance: Dvoretzky, Kiefer, Wolfowitz and Massart's; the largest:
    Gauss's tail, for n of them.
    """
    mean, std, kurtosis = distribution.moments
    n = values.size
    z = (values.astype(np.float64) - mean) / std
    finite_values = int(np.isfinite(z).sum())
    if finite_values < n:
        return (Check("elements that are not finite", n - finite_values, 0, 0),)
    low, high = distribution.support
    ulp = ulp_of_one(values.dtype)
    outside = (z * std + mean < low - ulp * abs(low)) | (z * std + mean > high + ulp * abs(high))
    farthest = sqrt(2 * (x + log(n)))
    square = (x + log(n)) ** 2 if kurtosis > 3 else 0.0
    return (
        Check("mean in units of std", float((z + mean / std).mean()), mean / std, sqrt(2 * x / n) + x / n),
        Check(
            "variance / expected",
            float((z**2).mean()),
            1,
            sqrt(2 * (kurtosis - 1) * x / n) + max((kurtosis - 1) * x, square) / n,
        ),
        Check("distance of distributions", _distance(values, distribution), 0, sqrt(x / (2 * n))),
        Check("largest deviation in units of std", float(abs(z).max()), 0, farthest)
        if high - low == inf and kurtosis <= 3
        else Check("elements outside", int(outside.sum()), 0, 0),
    )


def _distance(values: Array, distribution: Distribution) -> float:
    """Kolmogorov and Smirnov's, a value standing for all that rounds to it: the cell half-way to its neighbours."""
    steps, counts = np.unique(values.astype(np.float64), return_counts=True)
    rounded = steps.astype(values.dtype)
    above, below = (
        distribution.cdf((steps + np.nextafter(rounded, values.dtype.type(end)).astype(np.float64)) / 2)
        for end in (inf, -inf)
    )
    low, high = distribution.support
    above[steps >= np.float64(values.dtype.type(high))], below[steps <= np.float64(values.dtype.type(low))] = 1, 0
    reached = np.cumsum(counts) / values.size
    return float(max((reached - above).max(), (below - reached + counts / values.size).max(), 0))
