"""The standardised distributions that arrays are compared with, and the comparison.

A check allows 5.5 standard errors (two-sided 4e-8) or a p-value of 1e-7.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, sqrt
from typing import NamedTuple

import ml_dtypes
import numpy as np
from scipy import stats
from scipy.special import ndtr

from support.draws import Array

SIGMAS = 5.5
P_VALUE = 1e-7
Cdf = Callable[[Array], Array]


class Law(NamedTuple):
    """A law of mean 0 and variance 1: its distribution function, fourth moment and largest magnitude."""

    cdf: Cdf
    fourth: float
    largest: float


CUT = stats.truncnorm(-2, 2)
CUT_STD = float(CUT.std())  # the textbooks' 0.8796
NORMAL = Law(ndtr, 3.0, inf)
UNIFORM = Law(lambda z: np.clip((z / sqrt(3) + 1) / 2, 0, 1), 1.8, sqrt(3))
TRUNCATED = Law(
    lambda z: np.clip((ndtr(z * CUT_STD) - ndtr(-2)) / (ndtr(2) - ndtr(-2)), 0, 1),
    float(CUT.moment(4)) / CUT_STD**4,
    2 / CUT_STD,
)


def ks_p_value(array: Array, cdf: Cdf, low: float = -inf, high: float = inf) -> float:
    """Kolmogorov and Smirnov's test; a value of [low, high] stands for all that are rounded to it."""
    # To float64 before it is sorted: NumPy's sort of float16 is wrong on some CPUs.
    x, counts = np.unique(array.astype(np.float64), return_counts=True)
    with np.errstate(over="ignore"):  # beyond the largest number is infinity
        up, down = (np.nextafter(x.astype(array.dtype), array.dtype.type(e)).astype(np.float64) for e in (inf, -inf))
    above, below = cdf((x + up) / 2), cdf((x + down) / 2)
    above[up >= high], below[down < low] = 1, 0  # the outermost cells reach to the bounds
    steps = np.cumsum(counts) / array.size
    distance = max((steps - above).max(), (below - np.concatenate([[0], steps[:-1]])).max())
    return float(stats.kstwobign.sf(distance * sqrt(array.size)))


def assert_law(array: Array, law: Law, std: float, mean: float = 0.0) -> None:
    """Check range, mean, variance and distribution function against those of mean + std * law."""
    spread, eps = law.largest * std, float(ml_dtypes.finfo(array.dtype).eps)
    z = (array.astype(np.float64) - mean) / std
    assert np.isfinite(z).all()
    assert np.abs(z).max() * std <= spread + eps * (spread + abs(mean))
    assert abs(z.mean()) < SIGMAS / sqrt(z.size)
    assert abs((z**2).mean() - 1) < SIGMAS * sqrt((law.fourth - 1) / z.size)
    assert ks_p_value(array, lambda x: law.cdf((x - mean) / std), mean - spread, mean + spread) > P_VALUE
