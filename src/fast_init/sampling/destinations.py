"""Which arrays can be filled in place: every check of a destination, and its dtype's code in the core."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy import ndarray

from .._core import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, UINT32
from .names import ON_EMPTY, OnEmpty, is_word
from .shown import shown

__all__ = [
    "ADAPTERS",
    "FLOATS",
    "WORDS",
    "A",
    "Array",
    "DType",
    "EmptyArrayWarning",
    "adapter_of",
    "check_array",
    "dtype_of",
    "float_dtype",
    "nothing_to_fill",
]

Array: TypeAlias = ndarray[Any, Any]
A = TypeVar("A", bound=Array)


class EmptyArrayWarning(UserWarning):
    """An array without elements was to be initialised: often a placeholder of something not loaded yet."""


class DType(NamedTuple):
    """A dtype that can be filled: NumPy's, its code in the core, its largest finite value."""

    numpy: np.dtype[Any]
    code: int
    largest: float


FLOATS: dict[np.dtype[Any], DType] = {
    dtype: DType(dtype, code, float(np.finfo(dtype).max))
    for dtype, code in (
        (np.dtype(np.float32), FLOAT32),
        (np.dtype(np.float16), FLOAT16),
        (np.dtype(np.float64), FLOAT64),
    )
}  # and bfloat16, once an array of it has been seen
WORDS: dict[np.dtype[Any], DType] = {np.dtype(np.uint32): DType(np.dtype(np.uint32), UINT32, 0.0)}

# By the library of a destination that is no ndarray: fills one by a record and a `Where`, and returns it. An adapter
# such as fast_init.torch enters itself when it is imported, since nothing here may import its library.
ADAPTERS: dict[str, Callable[..., Any]] = {}

BELIEVED = ("dtype", "shape", "strides", "ndim", "size", "flags")  # a subclass that lies of one would be written beyond

LARGEST_BFLOAT16 = float.fromhex("0x1.fep127")


def dtype_of(array: Array, dtypes: dict[np.dtype[Any], DType]) -> DType:
    """Return the dtype of a destination that can be filled, or raise with nothing written.

    `dtypes` is FLOATS or WORDS. TypeError for what is no plain array of such a dtype, ValueError for an
    array that cannot be written in place without harm.
    """
    if type(array) is not ndarray or not array.flags.carray:
        check_array(array)
    dtype = dtypes.get(array.dtype)
    return _unusual_dtype(array.dtype, dtypes) if dtype is None else dtype


def float_dtype(dtype: np.dtype[Any]) -> DType:
    """Return what `dtype_of` does for an array of floats, given its dtype."""
    return FLOATS.get(dtype) or _unusual_dtype(dtype, FLOATS)


def _unusual_dtype(dtype: np.dtype[Any], dtypes: dict[np.dtype[Any], DType]) -> DType:
    # ml_dtypes need not be installed, and its dtype number is not fixed: the name is the sign.
    if dtypes is FLOATS and dtype.name == "bfloat16" and dtype.isnative:
        return FLOATS.setdefault(dtype, DType(dtype, BFLOAT16, LARGEST_BFLOAT16))
    if not dtype.isnative:
        raise TypeError(
            f"array has the byte-swapped dtype {dtype.str!r}; only native byte order can be filled: "
            f"use {dtype.newbyteorder('=').name} and convert afterwards"
        )
    wanted = "uint32" if dtypes is WORDS else "float32, float64, float16 or bfloat16"
    raise TypeError(f"array has dtype {dtype}; only {wanted} can be filled: allocate it with such a dtype")


def check_array(array: Any) -> None:
    """Raise what `dtype_of` does for any array that cannot be written in place, of whatever dtype."""
    kind = type(array)
    if not issubclass(kind, ndarray):  # isinstance believes what an object says of its class
        fix = (
            "call the function of that name in fast_init.torch; a record's fill_ takes it once that is imported"
            if _library(kind) == "torch"
            else "pass an ndarray, such as np.empty(shape, np.float32)"
        )
        raise TypeError(
            f"array is a {kind.__module__}.{kind.__qualname__}; only a NumPy array is filled in place: {fix}"
        )
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError("array is a MaskedArray; its mask has no meaning for a fill: pass array.data")
    for word in BELIEVED:
        if getattr(kind, word) is not getattr(ndarray, word):
            raise TypeError(
                f"array is a {kind.__module__}.{kind.__qualname__}, which has a {word} of its own; a fill believes an "
                "array's own account of its memory: pass array.view(np.ndarray)"
            )
    if not array.flags.writeable:
        raise ValueError("array is read-only; a fill writes in place: pass a writeable array, such as array.copy()")
    if array.size and not array.flags.aligned:
        raise ValueError(
            f"array is misaligned for {array.dtype}; elements must start at multiples of their alignment: "
            "pass an aligned array, such as array.copy()"
        )
    if _may_overlap(array):
        raise ValueError(
            f"array of shape {array.shape} and strides {array.strides} has elements that share memory; "
            "each element needs its own: pass array.copy()"
        )


def adapter_of(array: Any) -> Callable[..., Any] | None:
    """Return what fills such a destination, if its library, or one whose class it extends, has an adapter."""
    return next((ADAPTERS[name] for name in map(_library, type(array).__mro__) if name in ADAPTERS), None)


def _library(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _may_overlap(array: Array) -> bool:
    """Whether some axis steps by less than all axes of smaller stride span; exact for all views made by
    slicing, transposing, reshaping and broadcasting.
    """
    if array.size == 0:
        return False
    span = array.itemsize
    for stride, size in sorted((abs(t), n) for t, n in zip(array.strides, array.shape, strict=True) if n > 1):
        if stride < span:
            return True
        span += stride * (size - 1)
    return False


def nothing_to_fill(array: Array, on_empty: OnEmpty) -> bool:
    """Whether the array has no elements; says so as `on_empty` wishes: "error", "warn" or "ignore"."""
    if not is_word(on_empty, ON_EMPTY):
        raise ValueError(f"on_empty is {shown(on_empty)}; it must be 'error', 'warn' or 'ignore': pass one of these")
    if array.size:
        return False
    text = (
        f"array of shape {array.shape} has no elements; nothing was initialised: "
        "allocate the weight first, or pass on_empty='ignore'"
    )
    if on_empty == "error":
        raise ValueError(text)
    if on_empty == "warn":
        warnings.warn(text, EmptyArrayWarning, stacklevel=_frames_of_this_package())
    return True


def _frames_of_this_package() -> int:
    count, frame = 0, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "fast_init":
        count, frame = count + 1, frame.f_back
    return count
