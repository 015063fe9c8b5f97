"""The records of values that an element's place along an axis decides: ramps, and logarithms of 1 .. N."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from math import prod

import numpy as np

from ..sampling.destinations import FLOATS, A, Array, DType, dtype_of, nothing_to_fill
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.normal_tail import DIGITS
from ..sampling.numbers import finite, int_of
from ..sampling.shards import shard_index
from ..sampling.shown import shown
from ..sampling.where import Where
from .check import Check
from .rounding import to_odd
from .scheme import Scheme, factory

__all__ = ["LogArange", "Ramp"]

LONGEST = 1 << 16  # places along the axis: each is computed to 60 digits


class AlongAxis(Scheme):
    """Values of their place along one axis, alike along the others: exact numbers, rounded once to the family."""

    is_random = False
    axis: int  # from the end if it is negative

    def __post_init__(self) -> None:
        axis = int_of(self.axis)
        if axis is None:
            raise TypeError(f"axis is {shown(self.axis)}; it must be an int: pass -1 for the last")
        object.__setattr__(self, "axis", axis)

    @abstractmethod
    def exact(self, count: int) -> list[Fraction]:
        """Return the values of an axis of that length, in the context DIGITS where they are not rational."""

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:  # noqa: ARG002
        if not -len(shape) <= self.axis < len(shape):
            raise ValueError(f"axis is {self.axis} for shape {shape}; it must be one of its axes: pass another axis")
        if shape[self.axis] > LONGEST:
            raise ValueError(
                f"shape is {shape}; {self.kind} has at most {LONGEST:,} places along axis {self.axis}: pass a shorter"
            )

    def apply(self, array: A, where: Where) -> A:
        """Do what `fill_` does."""
        dtype = dtype_of(array, FLOATS)
        shape = where.whole_shape(array.shape)
        self.plan_for(shape, dtype)
        where.check(array.shape)
        if not nothing_to_fill(array, where.on_empty):
            self._fill(array, shape, shard_index(array.shape, shape, where.offset).base_index)
        return array

    @rounded_to_nearest
    def _fill(self, array: Array, shape: tuple[int, ...], first: int) -> None:
        axis = self.axis % len(shape)
        count, stride = shape[axis], prod(shape[axis + 1 :])
        row = _row(self, count, array.itemsize == 8)
        if array.ndim == len(shape):
            start = first // stride % count
            own = row[start : start + array.shape[axis]]
            array[...] = own.reshape(-1, *(1 for _ in shape[axis + 1 :]))
        else:  # a range of the flat tensor
            flat = np.arange(array.size, dtype=np.uint64) + np.uint64(first)
            array[...] = row[(flat // np.uint64(stride) % np.uint64(count)).astype(np.intp)]

    @rounded_to_nearest
    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the standard deviation of the values, each of which comes as often as the others."""
        self.plan_for(shape, FLOATS[np.dtype(np.float64)])
        count = shape[self.axis]
        return float(_row(self, count, True).std()) if count else 0.0

    def evidence(self, array: Array) -> tuple[Check, ...]:
        """Return the number of elements that differ from the values."""
        made = self.fill_(np.empty(array.shape, array.dtype), on_empty="ignore")
        return (Check("elements that differ", int(np.count_nonzero(~self.same(array, made))), 0, 0),)


@factory
@dataclass(frozen=True, repr=False)
class Ramp(AlongAxis):
    """From a to b along an axis of N places: a + (b - a) w^power at place k, where w = k / (N - 1).

    Parameters
    ----------
    a, b
        The ends.
    power
        > 0; 1 is a straight line.
    endpoint
        Whether the last place has b; if not, w = k / N. An axis of one place has a.
    axis
        The last unless given.

    References
    ----------
    Peng et al., "RWKV-7 Goose with expressive dynamic state evolution", 2025, whose decays and mixes begin as ramps.

    Examples
    --------
    >>> ramp(-6.0, -1.0).fill_(np.empty(6))
    array([-6., -5., -4., -3., -2., -1.])
    >>> ramp(0.0, 1.0, power=2.0, endpoint=False).fill_(np.empty((1, 4)))
    array([[0.    , 0.0625, 0.25  , 0.5625]])
    """

    kind = "ramp"
    a: float = 0.0
    b: float = 1.0
    power: float = 1.0
    endpoint: bool = True
    axis: int = -1

    def __post_init__(self) -> None:
        for name in ("a", "b", "power"):
            object.__setattr__(self, name, finite(name, getattr(self, name)))
        if self.power <= 0:
            raise ValueError(f"power is {self.power!r}; it must be positive: pass 1 for a straight line")
        if type(self.endpoint) is not bool:
            raise TypeError(f"endpoint is {shown(self.endpoint)}; it must be a bool: pass True or False")
        super().__post_init__()

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:
        finite("a", self.a, dtype.largest)
        finite("b", self.b, dtype.largest)
        super().plan_for(shape, dtype)

    def exact(self, count: int) -> list[Fraction]:
        a, b, steps = Fraction(self.a), Fraction(self.b), max(count - 1 if self.endpoint else count, 1)
        return [a + (b - a) * self._share(k, steps) for k in range(count)]

    def _share(self, k: int, steps: int) -> Fraction:
        if self.power == 1 or k in (0, steps):
            return Fraction(k, steps)
        return Fraction(((Decimal(k) / steps).ln() * Decimal(self.power)).exp())


@factory
@dataclass(frozen=True, repr=False)
class LogArange(AlongAxis):
    """log(1), log(2), ..., log(N) along an axis of N places: S4D-Real's A = -(1 .. N), as Mamba's A_log.

    Parameters
    ----------
    axis
        The last unless given.

    References
    ----------
    Gu, Gupta, Goel and Re, "On the parameterization and initialization of diagonal state space models", 2022; Gu and
    Dao, "Mamba", 2023, section 3.6.

    Examples
    --------
    >>> log_arange().fill_(np.empty((2, 3), np.float32))
    array([[0.       , 0.6931472, 1.0986123],
           [0.       , 0.6931472, 1.0986123]], dtype=float32)
    """

    kind = "log_arange"
    axis: int = -1

    def exact(self, count: int) -> list[Fraction]:
        return [Fraction(Decimal(k).ln()) for k in range(1, count + 1)]


@lru_cache(maxsize=64)
def _row(scheme: AlongAxis, count: int, double: bool) -> Array:
    """The values of all places, read-only: float64 or float32."""
    with localcontext(DIGITS):
        exact = scheme.exact(count)
    row = np.array([float(x) for x in exact]) if double else np.array([to_odd(x) for x in exact]).astype(np.float32)
    row.setflags(write=False)
    return row
