"""The record of schemes whose variance is scale / fan: He's, Xavier's, LeCun's and their kin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite, sqrt

from ..sampling.calls import DrawPlan
from ..sampling.destinations import FLOATS, A, DType, dtype_of
from ..sampling.filling import draw
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.names import is_word
from ..sampling.numbers import non_negative, number_or_nan, raised
from ..sampling.shown import shown
from ..sampling.truncation import truncated_moments
from ..sampling.where import Where
from .distributions import Normal, TruncatedNormal, Uniform
from .fans import DEFAULT_LAYOUT, Fans, check_layout, fan_for, fans_of
from .gains import squared_gain
from .names import Mode, Nonlinearity, ScalingDistribution
from .scheme import FACTORIES, RandomDistribution, Scheme, factory

__all__ = [
    "TRUNCATED_STD",
    "VarianceScaling",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "kaiming_normal",
    "kaiming_uniform",
    "lecun_normal",
    "lecun_uniform",
    "xavier_normal",
    "xavier_uniform",
]

TRUNCATED_STD = truncated_moments(-2.0, 2.0)[1]  # of a standard normal cut at two sigmas: 0.8796...


@factory
@dataclass(frozen=True, repr=False)
class VarianceScaling(Scheme):
    """Zero-mean weights of variance scale / fan: what `variance_scaling_` draws.

    Examples
    --------
    >>> variance_scaling(2.0, "fan_in", "truncated_normal").std_for((64, 128))
    0.125
    """

    kind = "variance_scaling"
    scale: float = 1.0
    mode: Mode = "fan_in"
    distribution: ScalingDistribution = "normal"
    layout: str = DEFAULT_LAYOUT

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", non_negative("scale", self.scale))
        fan_for(self.mode, fans_of((1, 1), "oi"))
        check_layout(self.layout)
        if not is_word(self.distribution, DISTRIBUTIONS):
            known = ", ".join(DISTRIBUTIONS)
            raise ValueError(
                f"distribution is {shown(self.distribution)}; it must be one of {known}: pass one of these"
            )

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return sqrt(scale / fan) for a weight of this shape; 0 where the fan is 0, as nothing is drawn."""
        return _std(self.scale, self.mode, fans_of(shape, self.layout))

    @property
    def fan_in_power(self) -> float | None:  # type: ignore[override]
        """The power of fan_in in the standard deviation: -1/2, or None where another fan decides."""
        return -0.5 if self.mode == "fan_in" else None

    def fans_for(self, shape: tuple[int, ...]) -> Fans:
        """Return fan_in and fan_out of a weight of this shape."""
        return fans_of(shape, self.layout)

    def distribution_for(self, shape: tuple[int, ...]) -> RandomDistribution:
        """Return the distribution of the elements of a weight of this shape."""
        return _distribution(self.distribution, self.std_for(shape))

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> DrawPlan:
        """Return what the kernel is told; ValueError where the layout does not fit the shape."""
        return _plan(self.distribution, self.std_for(shape), dtype)

    def apply(self, array: A, where: Where) -> A:
        """Do what `fill_` does."""
        dtype = dtype_of(array, FLOATS)
        return draw(array, self.plan_for(where.whole_shape(array.shape), dtype), where)

    def times(self, base: float, power: float) -> VarianceScaling:
        """Return the scheme of its values times base ** power."""
        return replace(self, scale=self.scale * raised(base, 2 * power))


DISTRIBUTIONS: dict[ScalingDistribution, Callable[[float], RandomDistribution]] = {
    "normal": lambda std: Normal(0.0, std),
    "uniform": lambda std: Uniform(-sqrt(3) * std, sqrt(3) * std),
    "truncated_normal": lambda std: TruncatedNormal(0.0, std / TRUNCATED_STD, -2.0, 2.0, "sigma"),
}


@lru_cache(maxsize=4096)
@rounded_to_nearest
def _std(scale: float, mode: Mode, fans: Fans) -> float:
    fan = fan_for(mode, fans)
    return sqrt(scale / fan) if fan else 0.0


@lru_cache(maxsize=4096)
@rounded_to_nearest
def _distribution(name: ScalingDistribution, std: float) -> RandomDistribution:
    return DISTRIBUTIONS[name](std)


@lru_cache(maxsize=4096)
def _plan(name: ScalingDistribution, std: float, dtype: DType) -> DrawPlan:
    return _distribution(name, std).plan(dtype)


@factory
def he_normal(
    a: float = 0.0, mode: Mode = "fan_in", nonlinearity: Nonlinearity = "leaky_relu", *, layout: str = DEFAULT_LAYOUT
) -> VarianceScaling:
    """Return the scheme of `he_normal_`: N(0, gain^2 / fan).

    Examples
    --------
    >>> he_normal() == variance_scaling(2.0, "fan_in", "normal")
    True
    """
    return VarianceScaling(squared_gain(nonlinearity, a), mode, "normal", layout)


@factory
def he_uniform(
    a: float = 0.0, mode: Mode = "fan_in", nonlinearity: Nonlinearity = "leaky_relu", *, layout: str = DEFAULT_LAYOUT
) -> VarianceScaling:
    """Return the scheme of `he_uniform_`: U[-bound, bound), bound = gain sqrt(3 / fan).

    Examples
    --------
    >>> round(he_uniform(a=5**0.5).std_for((64, 100)), 6)  # U(-1/10, 1/10): PyTorch's Linear
    0.057735
    """
    return VarianceScaling(squared_gain(nonlinearity, a), mode, "uniform", layout)


@factory
def xavier_normal(gain: float = 1.0, mode: Mode = "fan_avg", *, layout: str = DEFAULT_LAYOUT) -> VarianceScaling:
    """Return the scheme of `xavier_normal_`: N(0, gain^2 / fan).

    Examples
    --------
    >>> xavier_normal().std_for((96, 32))
    0.125
    """
    return VarianceScaling(_squared(gain), mode, "normal", layout)


@factory
def xavier_uniform(gain: float = 1.0, mode: Mode = "fan_avg", *, layout: str = DEFAULT_LAYOUT) -> VarianceScaling:
    """Return the scheme of `xavier_uniform_`: U[-bound, bound), bound = gain sqrt(3 / fan).

    Examples
    --------
    >>> xavier_uniform().std_for((96, 32))
    0.125
    """
    return VarianceScaling(_squared(gain), mode, "uniform", layout)


@factory
def lecun_normal(*, layout: str = DEFAULT_LAYOUT) -> VarianceScaling:
    """Return the scheme of `lecun_normal_`: N(0, 1 / fan_in).

    Examples
    --------
    >>> lecun_normal().std_for((100, 64))
    0.125
    """
    return VarianceScaling(1.0, "fan_in", "normal", layout)


@factory
def lecun_uniform(*, layout: str = DEFAULT_LAYOUT) -> VarianceScaling:
    """Return the scheme of `lecun_uniform_`: U[-bound, bound), bound = sqrt(3 / fan_in).

    Examples
    --------
    >>> lecun_uniform().std_for((100, 64))
    0.125
    """
    return VarianceScaling(1.0, "fan_in", "uniform", layout)


def _squared(gain: float) -> float:
    number = number_or_nan(gain)
    if not (number >= 0 and isfinite(number * number)):
        raise ValueError(f"gain is {shown(gain)}; it must be a finite number and not negative: pass a gain >= 0")
    return number * number


kaiming_normal = FACTORIES["kaiming_normal"] = he_normal
kaiming_uniform = FACTORIES["kaiming_uniform"] = he_uniform
glorot_normal = FACTORIES["glorot_normal"] = xavier_normal
glorot_uniform = FACTORIES["glorot_uniform"] = xavier_uniform
