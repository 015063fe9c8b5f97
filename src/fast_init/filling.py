"""From checked parameters to the core: the one way in which every array is drawn."""

from __future__ import annotations

from math import isfinite, sqrt
from typing import Any, TypeAlias, TypeVar

import numpy as np

from ._core import NORMAL, UNIFORM
from ._core import fill as core_fill
from .destinations import FLOATS, DType, dtype_of
from .schemes import Scheme
from .streams import Seed, key_of, stream_of
from .threads import DEFAULT_THREADS, threads_of

__all__ = ["A", "Array", "fill", "fill_scheme", "finite", "number_of"]

Array: TypeAlias = np.ndarray[Any, Any]
A = TypeVar("A", bound=Array)


def fill_scheme(array: A, scheme: Scheme, seed: Seed, name: str | None, threads: int | None) -> A:
    dtype = dtype_of(array, FLOATS)
    std = finite("the scheme's std", scheme.std_for(array.shape), dtype)
    if scheme.distribution == "normal":
        return fill(array, dtype, NORMAL, 0.0, std, seed, name, threads)
    bound = sqrt(3) * std
    return fill(array, dtype, UNIFORM, -bound, bound, seed, name, threads)


def fill(
    array: A, dtype: DType, distribution: int, p0: float, p1: float, seed: Seed, name: str | None, threads: int | None
) -> A:
    # The common cases are decided here: a call costs as much as a hundred elements.
    stream = 0 if name is None else stream_of(name)
    count = DEFAULT_THREADS if threads is None else threads_of(threads)
    key = seed if type(seed) is int and 0 <= seed < 2**64 else key_of(seed)
    try:
        core_fill(array, distribution, dtype.code, p0, p1, key, stream, count)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("fill interrupted: the array is partly filled; fill it again before use") from None
    return array


def number_of(what: str, value: Any) -> float:
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{what} is {value!r}; it must be a number: pass a float") from None


def finite(what: str, value: Any, dtype: DType) -> float:
    """Return value as a float; TypeError if it is no number, ValueError if the dtype cannot hold it."""
    number = value if type(value) is float else number_of(what, value)
    if not -dtype.largest <= number <= dtype.largest:
        rule = (
            f"the array's dtype holds at most {dtype.largest:.6g}" if isfinite(number) else "it must be a finite number"
        )
        raise ValueError(f"{what} is {value!r}; {rule}: pass a number of that range")
    return number
