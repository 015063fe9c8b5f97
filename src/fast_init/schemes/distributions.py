"""The records of distributions with given parameters: normal, uniform, trunc_normal, constant."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, erfc, isfinite, sqrt
from typing import Any

import numpy as np

from ..sampling.bounds import half_open_plan
from ..sampling.calls import NORMAL, DrawPlan
from ..sampling.destinations import FLOATS, A, DType, dtype_of, nothing_to_fill
from ..sampling.filling import fill_with
from ..sampling.names import Bounds
from ..sampling.numbers import finite, non_negative, number_of, raised
from ..sampling.truncation import BEYOND, Truncation, truncated_moments, truncated_plan, truncation_of
from ..sampling.where import Where
from .scheme import Distribution, Doubles, RandomDistribution, factory

__all__ = ["Constant", "Normal", "TruncatedNormal", "Uniform", "ones", "zeros"]


@factory
@dataclass(frozen=True, repr=False)
class Normal(RandomDistribution):
    """N(mean, std^2): what `normal_` draws.

    Examples
    --------
    >>> normal(std=0.02)
    normal(mean=0.0, std=0.02)
    """

    kind = "normal"
    fan_in_power = 0.0
    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self) -> None:
        _set(self, mean=finite("mean", self.mean), std=non_negative("std", self.std))

    def plan(self, dtype: DType) -> DrawPlan:
        mean, std = finite("mean", self.mean, dtype.largest), finite("std", self.std, dtype.largest)
        if abs(mean) > dtype.largest - BEYOND * std:
            raise ValueError(
                f"mean is {mean!r} and std is {std!r}; |mean| + {BEYOND} std must be at most {dtype.largest:.6g}, the "
                "largest value of the array's dtype, since draws go so far: pass smaller ones"
            )
        return DrawPlan(NORMAL, dtype.code, (mean, std))

    def times(self, base: float, power: float) -> Normal:
        factor = raised(base, power)
        return Normal(self.mean * factor, self.std * abs(factor))

    @property
    def moments(self) -> tuple[float, float, float]:
        return self.mean, self.std, 3.0

    def cdf(self, x: Doubles) -> Doubles:
        if self.std == 0:
            return (x >= self.mean).astype(np.float64)
        return phi((x - self.mean) / self.std)


@factory
@dataclass(frozen=True, repr=False)
class Uniform(RandomDistribution):
    """U[a, b): what `uniform_` draws.

    Examples
    --------
    >>> uniform(-0.05, 0.05).std_for((3, 4))
    0.02886751345948129
    """

    kind = "uniform"
    a: float = 0.0
    b: float = 1.0

    def __post_init__(self) -> None:
        _set(self, a=finite("a", self.a), b=finite("b", self.b))
        if self.a > self.b:
            raise ValueError(f"a is {self.a!r} and b is {self.b!r}; a must not be greater than b: swap them")

    def plan(self, dtype: DType) -> DrawPlan:
        a, b = finite("a", self.a, dtype.largest), finite("b", self.b, dtype.largest)
        finite("b - a", self.b - self.a, dtype.largest)
        return half_open_plan(a, b, dtype)

    def times(self, base: float, power: float) -> Uniform:
        factor = raised(base, power)
        return Uniform(*sorted((self.a * factor, self.b * factor)))

    @property
    def moments(self) -> tuple[float, float, float]:
        return (self.a + self.b) / 2, (self.b - self.a) / sqrt(12), 1.8

    @property
    def support(self) -> tuple[float, float]:
        return self.a, self.b

    def cdf(self, x: Doubles) -> Doubles:
        if self.a == self.b:
            return (x >= self.a).astype(np.float64)
        return np.clip((x - self.a) / (self.b - self.a), 0, 1)


@factory
@dataclass(frozen=True, repr=False)
class TruncatedNormal(RandomDistribution):
    """N(mean, std^2) within [a, b]: what `trunc_normal_` draws; `std` is that before the cut.

    Examples
    --------
    >>> trunc_normal(std=0.02, bounds="sigma").std_for((3, 4))
    0.017592513220684797
    """

    kind = "trunc_normal"
    mean: float = 0.0
    std: float = 1.0
    a: float = -2.0
    b: float = 2.0
    bounds: Bounds = "absolute"

    def __post_init__(self) -> None:
        self._limits()
        _set(self, **{x: number_of(x, getattr(self, x)) for x in ("mean", "std", "a", "b")})

    def _limits(self) -> Truncation:
        return truncation_of(self.mean, self.std, self.a, self.b, self.bounds)

    def plan(self, dtype: DType) -> DrawPlan:
        limits = truncation_of(self.mean, self.std, self.a, self.b, self.bounds, dtype.largest)
        return truncated_plan(limits, dtype)

    def times(self, base: float, power: float) -> Distribution:
        factor = raised(base, power)
        if factor == 0:
            return Constant(0.0)  # bounds may be infinite, or would meet
        bounds = factor if self.bounds == "absolute" else copysign(1.0, factor)
        a, b = sorted((self.a * bounds, self.b * bounds))
        return TruncatedNormal(self.mean * factor, self.std * abs(factor), a, b, self.bounds)

    @property
    def moments(self) -> tuple[float, float, float]:
        limits = self._limits()
        mean, std, kurtosis = truncated_moments(limits.alpha, limits.beta)
        return self.mean + self.std * mean, self.std * std, kurtosis

    @property
    def support(self) -> tuple[float, float]:
        return self._limits()[2:4]

    def cdf(self, x: Doubles) -> Doubles:
        limits = self._limits()
        if self.std == 0:
            return (x >= self.mean).astype(np.float64)
        z = np.clip((x - self.mean) / self.std, limits.alpha, limits.beta)
        low, high = phi(limits.alpha), phi(limits.beta)
        if limits.alpha > 0:  # the upper tail keeps its digits where the lower one has lost them
            low, high = phi(-limits.beta), phi(-limits.alpha)
            return np.asarray(1 - (phi(-z) - low) / (high - low))
        return np.asarray((phi(z) - low) / (high - low))


@factory
@dataclass(frozen=True, repr=False)
class Constant(Distribution):
    """One value everywhere: what `constant_` writes.

    Examples
    --------
    >>> zeros()
    constant(val=0.0)
    """

    kind = "constant"
    is_random = False
    val: float

    def __post_init__(self) -> None:
        _set(self, val=number_of("val", self.val))

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:  # noqa: ARG002
        if isfinite(self.val):
            finite("val", self.val, dtype.largest)

    def apply(self, array: A, where: Where) -> A:
        dtype = dtype_of(array, FLOATS)
        self.plan_for(array.shape, dtype)
        where.check(array.shape)
        if not nothing_to_fill(array, where.on_empty):
            fill_with(array, self.val)
        return array

    def times(self, base: float, power: float) -> Constant:
        return Constant(self.val * raised(base, power))

    @property
    def moments(self) -> tuple[float, float, float]:
        return self.val, 0.0, 3.0

    def cdf(self, x: Doubles) -> Doubles:
        return (x >= self.val).astype(np.float64)


@factory
def zeros() -> Constant:
    """Return the scheme of `zeros_`: ``constant(0.0)``.

    Examples
    --------
    >>> zeros().to_dict()
    {'scheme': 'constant', 'val': 0.0}
    """
    return Constant(0.0)


@factory
def ones() -> Constant:
    """Return the scheme of `ones_`: ``constant(1.0)``.

    Examples
    --------
    >>> ones().fill_(np.empty(2, np.float32))
    array([1., 1.], dtype=float32)
    """
    return Constant(1.0)


_phi = np.vectorize(lambda x: erfc(-x / sqrt(2)) / 2, otypes=[np.float64])


def phi(x: Doubles | float) -> Doubles:
    """Return the normal distribution function of each x."""
    return np.asarray(_phi(x))


def _set(record: Any, **values: float) -> None:
    for name, value in values.items():
        object.__setattr__(record, name, value)
