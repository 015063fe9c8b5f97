"""The record of the logarithm of a uniform number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf

import numpy as np

from ..sampling.destinations import Array, DType
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.numbers import finite, raised
from .distributions import Constant
from .elementary import log
from .of_uniform import OfUniform, log_ratio, nodes_of, weighted_moments
from .scheme import Distribution, Doubles, factory

__all__ = ["LogOfUniform"]

LEAST_B, MOST_B = 1e-290, 1e290  # so that 2^-54 b is a normal float64, and a + (b - a) one that is finite
FAR = 64.0  # e-folds below b, of which an integral has nothing that float64 can hold


@factory
@dataclass(frozen=True, repr=False)
class LogOfUniform(OfUniform):
    """scale log(U[a, b)): what the A_log of linear attention and the gate biases of chrono initialisation are.

    The density of y / scale is exp(y / scale) / (b - a) in [log a, log b). With a = 0 it is log(b) minus an exponential
    number of mean 1, and still finite: the u = 0 of U = a + (b - a) u, which comes once in 2^24 draws, of float64 in
    2^53, counts as half of the least other u, as 2^-25 or 2^-54. No value is below log(b) - 37.5.

    Parameters
    ----------
    a, b
        0 <= a <= b and 1e-290 <= b <= 1e290: the bounds of the uniform number.
    scale
        A factor of the logarithm, not 0. With -1 the value is exactly minus that of 1, from the same seed and name.

    Raises
    ------
    TypeError
        An argument is not a number.
    ValueError
        An argument is not within its bounds, or the dtype that is filled cannot hold scale log(U).

    References
    ----------
    Yang, Kautz and Hatamizadeh, "Gated delta networks", arXiv 2412.06464, of whose code is A_log = log(U(0, 16));
    transformers 5.24, models/qwen3_next/modeling_qwen3_next.py, _init_weights, with 0.01 in the place of 0.
    Tallec and Ollivier, "Can recurrent neural networks warp time?", arXiv 1804.11188: biases of gates.

    Examples
    --------
    >>> log_of_uniform(0, 16).fill_(np.empty(3), seed=42).round(6)
    array([2.014554, 1.654987, 2.354518])
    >>> log_of_uniform(0, 16, -1).fill_(np.empty(3), seed=42).round(6)
    array([-2.014554, -1.654987, -2.354518])
    """

    kind = "log_of_uniform"
    a: float
    b: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        for name in ("a", "b", "scale"):
            object.__setattr__(self, name, finite(name, getattr(self, name)))
        if not 0 <= self.a <= self.b or not LEAST_B <= self.b <= MOST_B:
            raise ValueError(
                f"a is {self.a!r} and b is {self.b!r}; {self.kind} needs 0 <= a <= b and {LEAST_B} <= b <= {MOST_B}: "
                "pass such bounds, in order"
            )
        if self.scale == 0:
            raise ValueError("scale is 0.0; it must not be 0, which leaves nothing of a draw: pass zeros()")

    def quantile(self, u: Doubles) -> Doubles:
        """Return the values that u in [2^-54, 1] stand for."""
        return np.clip(self._of(u), *self.support)

    def of_draws(self, u: Array) -> Doubles:
        half_a_step = np.finfo(u.dtype).eps / 4
        return self.quantile(np.maximum(u, half_a_step).astype(np.float64))

    def _of(self, u: Doubles) -> Doubles:
        return self.scale * log(self.a + u * (self.b - self.a))

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:  # noqa: ARG002
        for end in self.support:
            finite("scale log(U) at a bound", end, dtype.largest)

    def times(self, base: float, power: float) -> Distribution:
        scale = self.scale * raised(base, power)
        return LogOfUniform(self.a, self.b, scale) if scale else Constant(0.0)

    @property
    def support(self) -> tuple[float, float]:
        """The values of the least and the greatest uniform number, in order."""
        return _support(self)

    @property
    def moments(self) -> tuple[float, float, float]:
        return _moments(self)

    def share_below(self, x: Doubles) -> Doubles:
        below_b = np.expm1(x / self.scale - np.log(self.b))  # U / b - 1
        share = 1 + below_b * (self.b / (self.b - self.a))
        return np.asarray(share if self.scale > 0 else 1 - share)


@lru_cache(maxsize=256)
@rounded_to_nearest
def _support(law: LogOfUniform) -> tuple[float, float]:
    low, high = sorted(law._of(np.array([2.0**-54, 1.0])).tolist())
    return low, high


@lru_cache(maxsize=256)
@rounded_to_nearest
def _moments(law: LogOfUniform) -> tuple[float, float, float]:
    """Mean, standard deviation and kurtosis, by Gauss and Legendre's rule in log(b) - log(U), of density exp(-t)."""
    ratio = min(log_ratio(law.a, law.b) if law.a else inf, FAR)
    top = law.scale * float(log(np.array([law.b]))[0])
    if ratio == 0:
        return top, 0.0, 3.0
    places, weights = nodes_of(ceil(ratio))
    density = weights * np.exp(-ratio * places)
    mean, std, kurtosis = weighted_moments(ratio * places, density / density.sum())
    return top - law.scale * mean, abs(law.scale) * std, kurtosis
