"""What a drawn array must look like, whoever drew it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Law:
    """A distribution by its moments; `kurtosis` is the fourth central moment over std**4."""

    mean: float
    std: float
    kurtosis: float

    def check(self, array: Array) -> None:
        """Assert that mean and std of a C-contiguous array are within six standard errors of the law's.

        One element must be finite only, for it has no spread. A failure by chance comes less often than once in 1e8.
        """
        n = array.size
        if n == 1:
            assert np.isfinite(array).all()
            return
        offset, std = _moments(array, self.mean)
        assert abs(offset) <= 6 * self.std / sqrt(n), f"the mean is off by {offset}"
        assert abs(std - self.std) <= 6 * self.std * sqrt((self.kurtosis - 1) / (4 * n)), f"the std is {std}"


def normal_law(std: float) -> Law:
    """N(0, std^2)."""
    return Law(0.0, std, 3.0)


def uniform_law(a: float, b: float) -> Law:
    """U[a, b)."""
    return Law((a + b) / 2, (b - a) / sqrt(12), 1.8)


def _moments(array: Array, centre: float) -> tuple[float, float]:
    """Return the mean's distance from `centre` and the std, in float64 and little memory."""
    flat = array.reshape(-1)
    total = squares = 0.0
    for start in range(0, flat.size, _CHUNK):
        deviation = flat[start : start + _CHUNK].astype(np.float64) - centre
        total += float(deviation.sum())
        squares += float(np.square(deviation, out=deviation).sum())
    offset = total / flat.size
    return offset, sqrt(squares / flat.size - offset**2)
