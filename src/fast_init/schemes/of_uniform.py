"""What laws that are a function of one uniform number share: they are drawn in float64, in pieces, and rounded once."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal, localcontext
from functools import lru_cache
from math import sqrt

import numpy as np

from ..sampling.destinations import FLOATS, A, Array, dtype_of, float_dtype
from ..sampling.filling import draw
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.normal_tail import DIGITS
from ..sampling.where import Where
from .distributions import Uniform
from .scheme import Distribution, Doubles

__all__ = ["OfUniform", "log_ratio", "nodes_of", "weighted_moments"]

PIECE = 1 << 16  # elements that are computed at a time
NODES = 16  # of Gauss and Legendre's rule, for each piece


class OfUniform(Distribution):
    """A monotone function of a uniform number, computed in float64 from the draws of uniform(0, 1)."""

    @abstractmethod
    def quantile(self, u: Doubles) -> Doubles:
        """Return the values that u in [0, 1] stand for."""

    @abstractmethod
    def share_below(self, x: Doubles) -> Doubles:
        """Return the probability of a smaller value, of x within the support; rounding may leave [0, 1]."""

    def cdf(self, x: Doubles) -> Doubles:
        low, high = self.support
        if low == high:
            return (x >= low).astype(np.float64)
        share = np.clip(self.share_below(np.clip(x, low, high)), 0, 1)
        return np.where(x < low, 0, np.where(x >= high, 1, share))

    def of_draws(self, u: Array) -> Doubles:
        """Return the values of draws of uniform(0, 1) of a family."""
        return self.quantile(u.astype(np.float64))

    def apply(self, array: A, where: Where) -> A:
        dtype = dtype_of(array, FLOATS)
        self.plan_for(array.shape, dtype)
        family = float_dtype(np.dtype(np.float64 if dtype.numpy == np.float64 else np.float32))
        u = draw(np.empty(array.shape, family.numpy), Uniform().plan(family), where)
        self._fill(array, u)
        return array

    @rounded_to_nearest
    def _fill(self, array: Array, u: Array) -> None:
        flat = u.reshape(-1)
        for first in range(0, flat.size, PIECE):
            piece = flat[first : first + PIECE]
            piece[...] = self.of_draws(piece)
        array[...] = u


@lru_cache(maxsize=256)
def log_ratio(a: float, b: float) -> float:
    """log(b / a), rounded once."""
    with localcontext(DIGITS):
        return float(Decimal(b).ln() - Decimal(a).ln())


def nodes_of(pieces: int) -> tuple[Doubles, Doubles]:
    """Return places in (0, 1) and weights of sum 1: Gauss and Legendre's rule on each of so many equal pieces."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    places = (np.arange(pieces)[:, None] + (nodes + 1) / 2).reshape(-1) / pieces
    return places, np.tile(weights / 2, pieces) / pieces


def weighted_moments(values: Doubles, weights: Doubles) -> tuple[float, float, float]:
    """Return mean, standard deviation and kurtosis of values of these weights, whose sum is 1."""
    scale = float(np.abs(values).max())
    mean = float(weights @ (values / scale))
    squares = np.square(values / scale - mean)
    variance = float(weights @ squares)
    return mean * scale, sqrt(variance) * scale, float(weights @ np.square(squares)) / variance**2
