"""What a scheme is: a frozen record that says how a weight is initialised."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from functools import lru_cache, wraps
from math import inf
from typing import Any, ClassVar, TypeVar

import numpy as np
import numpy.typing as npt

from ..sampling.calls import DrawPlan
from ..sampling.destinations import FLOATS, A, Array, DType, adapter_of, dtype_of
from ..sampling.dtypes import dtype_named
from ..sampling.filling import draw
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape, ints_of
from ..sampling.shown import shown
from ..sampling.streams import Seed
from ..sampling.where import Where
from .check import Check
from .fans import Fans

__all__ = ["FACTORIES", "Distribution", "Doubles", "RandomDistribution", "Scheme", "factory"]

Doubles = np.ndarray[Any, np.dtype[np.float64]]

FACTORIES: dict[str, Callable[..., Scheme]] = {}  # by name: what `Scheme.from_dict` can make


F = TypeVar("F", bound=Callable[..., "Scheme"])


def factory(function: F) -> F:
    """Enter a class of schemes, or a function that returns one, under its name; functions remember their results."""
    made: Any = function
    if isinstance(function, type):
        FACTORIES[made.kind] = made
    else:
        FACTORIES[function.__name__] = made = _remembered(function)
    return made  # type: ignore[no-any-return]


def _remembered(function: F) -> F:
    function = rounded_to_nearest(function)  # type: ignore[assignment]
    cached = lru_cache(maxsize=1024, typed=True)(function)

    @wraps(function)
    def call(*args: Any, **options: Any) -> Scheme:
        with suppress(Exception):  # what cannot be hashed is wrong: let the function say how
            return cached(*args, **options)
        return function(*args, **options)

    return call  # type: ignore[return-value]


class Scheme(ABC):
    """How a weight is initialised: made by `he_normal`, `normal`, `orthogonal` and the like.

    Records are immutable and hashable; equal records draw equal values for equal seeds, names and shapes. The
    functions with an underscore, `he_normal_` and the like, apply such a record.

    Examples
    --------
    >>> scheme = he_normal(mode="fan_out")
    >>> scheme
    variance_scaling(scale=2.0, mode='fan_out', distribution='normal', layout='oi...')
    >>> round(scheme.std_for((64, 128)), 4)  # sqrt(2 / 64)
    0.1768
    >>> w = scheme.fill_(np.empty((64, 128), np.float32), seed=42, name="w")
    >>> Scheme.from_dict(scheme.to_dict()) == scheme
    True
    """

    kind: ClassVar[str]  # the name of the function that makes it
    is_random: ClassVar[bool] = True  # whether anything is left to the seed
    in_ranges: ClassVar[bool] = True  # whether a range of a tensor costs no more than its own elements
    fan_in_power: float | None = None  # of fan_in in the standard deviation; None where that is no power of it

    def fill_(
        self,
        array: A,
        *,
        seed: Seed = None,
        name: str | None = None,
        global_shape: Shape | None = None,
        offset: Offset | None = None,
        threads: int | None = None,
        on_empty: OnEmpty = "warn",
    ) -> A:
        """Fill the array in place and return it.

        Parameters
        ----------
        array
            The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
            16-bit results are the float32 results rounded to nearest even.
        seed
            An int in [0, 2**64); a NumPy SeedSequence or Generator, from which 64 bits are drawn; or None for
            fresh entropy of the system.
        name
            Names an independent stream under the same seed: the tensor's name, say.
        global_shape, offset
            `array` is the block of a tensor of `global_shape` that starts at `offset`, a number for each axis, and
            gets the values that the whole tensor would have there; fans are the tensor's. For a 1-D array, an int
            `offset` means the range of the flat tensor that starts there. A part needs its `offset`.
        threads
            The most threads to use, at least 1; None for OMP_NUM_THREADS or the CPUs this process may use.
            The values do not depend on it.
        on_empty
            What to do about an array without elements: ``"warn"`` (`EmptyArrayWarning`), ``"error"`` or
            ``"ignore"``.

        Returns
        -------
        numpy.ndarray
            The array that was given, filled.

        Raises
        ------
        TypeError
            `array` is not a plain NumPy array of a dtype that can be filled, or an argument has a wrong type.
        ValueError
            `array` is read-only, misaligned or overlaps itself, or an argument has a value it must not have.
            The array is then untouched.
        """
        where = Where(seed, name, global_shape, offset, threads, on_empty)
        if type(array) is not np.ndarray and (adapter := adapter_of(array)):
            return adapter(array, self, where)  # type: ignore[no-any-return]
        return self.apply(array, where)

    def new(
        self,
        shape: Shape,
        dtype: npt.DTypeLike = "float32",
        *,
        seed: Seed = None,
        name: str | None = None,
        threads: int | None = None,
    ) -> Array:
        """Return a new array of this shape and dtype (``"bfloat16"`` too, with ml_dtypes), filled as by `fill_`.

        Examples
        --------
        >>> he_normal().new((2, 3), "float16", seed=42, name="w").dtype
        dtype('float16')
        """
        array = np.empty(ints_of("shape", shape), dtype_named(dtype) if isinstance(dtype, str) else dtype)
        return self.apply(array, Where(seed, name, threads=threads))

    @abstractmethod
    def apply(self, array: A, where: Where) -> A:
        """Do what `fill_` does."""

    @abstractmethod
    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> DrawPlan | None:
        """Return what the kernel is told for a weight of this shape and dtype, None where it is not the kernel that
        fills it. Here alone parameters meet shapes and dtypes: ValueError for a weight that cannot be made.
        """

    def distribution_for(self, shape: tuple[int, ...]) -> Distribution | None:  # noqa: ARG002
        """Return the distribution of the elements of a weight of this shape, None where they are not independent."""
        return None

    def evidence(self, array: Array) -> tuple[Check, ...]:  # noqa: ARG002
        """Return what every draw fulfils, beside what the array does, where elements depend on each other."""
        return ()

    def fans_for(self, shape: tuple[int, ...]) -> Fans | None:  # noqa: ARG002
        """Return the fans that its scale depends on, None if it depends on none."""
        return None

    def times(self, base: float, power: float) -> Scheme:  # noqa: ARG002
        """Return the scheme of its values times base ** power; ValueError where there is none.

        Its parameters are scaled, not its values: these may differ in rounding from values that are multiplied, and a
        negative factor gives the distribution of the products, not the products.
        """
        raise ValueError(f"scheme is {self!r}; it cannot be scaled: pass one with a scale, such as normal")

    @abstractmethod
    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the standard deviation of an element of a weight of this shape."""

    def same(self, a: Array, b: Array) -> Array:
        """Whether each element of a is the draw that b is: by bits."""
        a_bits, b_bits = (np.ascontiguousarray(x).view(f"u{x.itemsize}") for x in (a, b))
        return np.asarray(a_bits == b_bits).reshape(a.shape)

    @property
    def arguments(self) -> dict[str, Any]:
        """Its fields by name: what makes an equal record."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict, for JSON or TOML, from which `from_dict` makes an equal record."""
        return {"scheme": self.kind, **self.arguments}

    @staticmethod
    def from_dict(record: Mapping[str, Any]) -> Scheme:
        """Return the record of a dict: ``scheme`` names a function such as he_normal, the rest are its arguments."""
        if not isinstance(record, Mapping):
            raise TypeError(f"record is {shown(record)}; it must be a dict: pass one, such as to_dict returns")
        arguments = dict(record)
        kind = arguments.pop("scheme", None)
        if not isinstance(kind, str) or kind not in FACTORIES:
            raise ValueError(
                f"scheme is {shown(kind)}; it must be one of {', '.join(sorted(FACTORIES))}: pass one of these"
            )
        try:
            return FACTORIES[kind](**arguments)
        except TypeError as error:
            raise TypeError(f"the scheme {kind!r} cannot be made of {shown(arguments)}: {error}") from None

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={value!r}' for name, value in self.arguments.items())})"


class Distribution(Scheme):
    """A scheme whose elements are independent and of one distribution, whatever the shape."""

    @property
    @abstractmethod
    def moments(self) -> tuple[float, float, float]:
        """Mean, standard deviation and kurtosis (3 for a normal)."""

    def distribution_for(self, shape: tuple[int, ...]) -> Distribution:  # noqa: ARG002
        """Return the record itself."""
        return self

    @property
    def support(self) -> tuple[float, float]:
        """The least interval that all values lie in."""
        return -inf, inf

    @abstractmethod
    def cdf(self, x: Doubles) -> Doubles:
        """Return the probability of a value <= x, for each x."""

    def std_for(self, shape: tuple[int, ...]) -> float:  # noqa: ARG002
        """Return the standard deviation, which does not depend on the shape."""
        return self.moments[1]


class RandomDistribution(Distribution):
    """A distribution that the kernel draws."""

    @abstractmethod
    def plan(self, dtype: DType) -> DrawPlan:
        """Return what the kernel is told; ValueError where the dtype cannot hold the parameters."""

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> DrawPlan:  # noqa: ARG002
        """Return what `plan` does, for any shape."""
        return self.plan(dtype)

    def apply(self, array: A, where: Where) -> A:
        """Do what `fill_` does."""
        return draw(array, self.plan(dtype_of(array, FLOATS)), where)
