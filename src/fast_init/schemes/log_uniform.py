"""The records of laws of positive numbers of many magnitudes: log-uniform, and softplus' inverse of it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, frexp

import numpy as np

from ..sampling.destinations import DType
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.numbers import finite, non_negative
from .elementary import inv_softplus, scaled_exp
from .of_uniform import OfUniform, log_ratio, nodes_of, weighted_moments
from .scheme import Doubles, factory

__all__ = ["InvSoftplusLogUniform", "LogUniform"]


@dataclass(frozen=True, repr=False)
class OfLogUniform(OfUniform):
    """An increasing function of a log-uniform number."""

    a: float
    b: float

    def __post_init__(self) -> None:
        for name in ("a", "b"):
            object.__setattr__(self, name, finite(name, getattr(self, name)))
        if not 0 < self.a <= self.b:
            raise ValueError(
                f"a is {self.a!r} and b is {self.b!r}; {self.kind} needs 0 < a <= b: pass positive bounds, in order"
            )

    @property
    def lowest(self) -> float:
        """What smaller log-uniform numbers are moved to, if it is above a."""
        return self.a

    @abstractmethod
    def of(self, x: Doubles) -> Doubles:
        """Return the function of log-uniform numbers."""

    @abstractmethod
    def inverse(self, y: Doubles) -> Doubles:
        """Return the log-uniform numbers of values within the support."""

    def quantile(self, u: Doubles) -> Doubles:
        """Return the values that u in [0, 1] stand for: what is drawn, and what moments are integrals of."""
        x = scaled_exp(u * log_ratio(self.a, self.b), *frexp(self.a))
        return np.clip(self.of(np.maximum(np.clip(x, self.a, self.b), self.lowest)), *self.support)

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:  # noqa: ARG002
        finite("b", self.b, dtype.largest)
        finite("floor", self.lowest, dtype.largest)

    @property
    def support(self) -> tuple[float, float]:
        """The values of its least and greatest log-uniform number."""
        low, high = self.of(np.maximum(np.array([self.a, self.b]), self.lowest))
        return float(low), float(high)

    @property
    def moments(self) -> tuple[float, float, float]:
        return _moments(self)

    def share_below(self, x: Doubles) -> Doubles:
        return np.asarray((np.log(self.inverse(x)) - np.log(self.a)) / log_ratio(self.a, self.b))


@factory
@dataclass(frozen=True, repr=False)
class LogUniform(OfLogUniform):
    """exp(U[log a, log b)), the reciprocal distribution, of density 1 / (x log(b / a)) in [a, b].

    Parameters
    ----------
    a, b
        0 < a <= b. Values are within them, or are their roundings to the dtype.

    References
    ----------
    Hamming, "On the distribution of numbers", Bell System Technical Journal 49, 1970.

    Examples
    --------
    >>> log_uniform(0.001, 0.1).fill_(np.empty(3), seed=42).round(6)
    array([0.008653, 0.004509, 0.020732])
    """

    kind = "log_uniform"

    def of(self, x: Doubles) -> Doubles:
        return x

    def inverse(self, y: Doubles) -> Doubles:
        return y


@factory
@dataclass(frozen=True, repr=False)
class InvSoftplusLogUniform(OfLogUniform):
    """The bias whose softplus is log-uniform: Mamba's dt_bias, dt + log(-expm1(-dt)) with dt from exp(U[log a, log b)).

    Parameters
    ----------
    a, b
        0 < a <= b: dt_min and dt_max.
    floor
        What smaller dt are moved to, dt_init_floor; 0 for none.

    References
    ----------
    Gu and Dao, "Mamba: linear-time sequence modeling with selective state spaces", 2023, section 3.6; mamba_ssm 2.2,
    modules/mamba_simple.py.

    Examples
    --------
    >>> bias = inv_softplus_log_uniform().fill_(np.empty(3), seed=42)
    >>> np.log1p(np.exp(bias)).round(6)
    array([0.008653, 0.004509, 0.020732])
    """

    kind = "inv_softplus_log_uniform"
    a: float = 0.001
    b: float = 0.1
    floor: float = 1e-4

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "floor", non_negative("floor", self.floor))

    @property
    def lowest(self) -> float:
        return self.floor

    def of(self, x: Doubles) -> Doubles:
        return inv_softplus(x)

    def inverse(self, y: Doubles) -> Doubles:
        return np.asarray(np.logaddexp(0, y))


@lru_cache(maxsize=256)
@rounded_to_nearest
def _moments(law: OfLogUniform) -> tuple[float, float, float]:
    """Mean, standard deviation and kurtosis, by Gauss and Legendre's rule in u; what is at the lowest is weighed."""
    low, high = law.support
    if low == high:
        return low, 0.0, 3.0
    ratio = log_ratio(law.a, law.b)
    moved = min(log_ratio(law.a, max(law.lowest, law.a)) / ratio, 1.0)
    places, weights = nodes_of(ceil(ratio))
    u = np.append(moved + (1 - moved) * places, 0.0)
    weight = np.append((1 - moved) * weights, moved)
    return weighted_moments(law.quantile(u), weight)
