"""What a scheme is: a frozen record that says how a weight is initialised."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import lru_cache, wraps
from math import inf
from typing import Any, ClassVar, TypeVar

import numpy as np

from ..sampling.destinations import FLOATS, dtype_of, nothing_to_fill
from ..sampling.filling import A, Array
from ..sampling.shards import Offset, Shape, part_of, whole_shape
from ..sampling.streams import Seed, key_of, stream_of
from ..sampling.threads import threads_of
from ..sampling.truncation import Plan
from ..verification.verdict import Check

__all__ = ["FACTORIES", "Distribution", "Scheme", "Structured", "factory"]

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
    cached = lru_cache(maxsize=1024, typed=True)(function)

    @wraps(function)
    def call(*args: Any, **options: Any) -> Scheme:
        try:
            return cached(*args, **options)
        except TypeError:  # what cannot be hashed is wrong: let the function say how
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

    def fill_(
        self,
        array: A,
        *,
        seed: Seed = None,
        name: str | None = None,
        global_shape: Shape | None = None,
        offset: Offset | None = None,
        threads: int | None = None,
        on_empty: str = "warn",
    ) -> A:
        """Fill the array in place and return it; parameters and errors are those of `normal_`."""
        place = {"global_shape": global_shape, "offset": offset}
        return self._fill(array, seed=seed, name=name, threads=threads, on_empty=on_empty, **place)

    @abstractmethod
    def _fill(self, array: A, **random: Any) -> A: ...

    @abstractmethod
    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the standard deviation of an element of a weight of this shape."""

    def same(self, a: Array, b: Array) -> Array:
        """Whether each element of a is the draw that b is: by bits."""
        a_bits, b_bits = (np.ascontiguousarray(x).view(f"u{x.itemsize}") for x in (a, b))
        return np.asarray(a_bits == b_bits).reshape(a.shape)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict, for JSON or TOML, from which `from_dict` makes an equal record."""
        return {"scheme": self.kind, **{f.name: getattr(self, f.name) for f in fields(self)}}  # type: ignore[arg-type]

    @staticmethod
    def from_dict(record: Mapping[str, Any]) -> Scheme:
        """Return the record of a dict: ``scheme`` names a function such as he_normal, the rest are its arguments."""
        arguments = dict(record)
        kind = arguments.pop("scheme", None)
        if not isinstance(kind, str) or kind not in FACTORIES:
            raise ValueError(f"scheme is {kind!r}; it must be one of {', '.join(sorted(FACTORIES))}: pass one of these")
        try:
            return FACTORIES[kind](**arguments)
        except TypeError as error:
            raise TypeError(f"the scheme {kind!r} cannot be made of {arguments}: {error}") from None

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(f'{f.name}={getattr(self, f.name)!r}' for f in fields(self))})"  # type: ignore[arg-type]


class Distribution(Scheme):
    """A scheme whose elements are independent and of one law, whatever the shape."""

    @property
    @abstractmethod
    def moments(self) -> tuple[float, float, float]:
        """Mean, standard deviation and kurtosis (3 for a normal)."""

    @abstractmethod
    def plan(self, dtype: np.dtype[Any], largest: float) -> Plan | None:
        """Return what the core is told for a dtype and its largest value; None if nothing is drawn."""

    @property
    def support(self) -> tuple[float, float]:
        """The least interval that all values lie in."""
        return -inf, inf

    @abstractmethod
    def cdf(self, x: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the probability of a value <= x, for each x."""

    def std_for(self, shape: tuple[int, ...]) -> float:  # noqa: ARG002
        """Return the standard deviation, which does not depend on the shape."""
        return self.moments[1]


class Structured(Scheme):
    """A scheme whose elements depend on each other: a part of a tensor is cut from the whole, made in memory."""

    @abstractmethod
    def check(self, shape: tuple[int, ...], largest: float) -> None:
        """Raise unless a weight of this shape, in a dtype of this largest value, can be made."""

    @abstractmethod
    def _make(self, array: np.ndarray[Any, Any], seed: int, name: str | None, threads: int) -> None:
        """Fill a whole weight, which has elements."""

    @abstractmethod
    def checks(self, array: Array) -> tuple[Check, ...]:
        """Return what every draw of the scheme fulfils, beside what the array does."""

    def _fill(self, array: A, **random: Any) -> A:
        dtype = dtype_of(array, FLOATS)
        shape = whole_shape(array.shape, random["global_shape"], random["offset"])
        self.check(shape, dtype.largest)
        name, threads = random["name"], threads_of(random["threads"])
        stream_of(name)
        if nothing_to_fill(array, random["on_empty"]):
            return array
        whole = array if random["global_shape"] is None else np.empty(shape, array.dtype)
        self._make(whole, key_of(random["seed"]), name, threads)
        if whole is not array:
            array[...] = part_of(whole, array.shape, random["offset"])
        return array
