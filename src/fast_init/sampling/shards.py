"""Where in a larger tensor an array lies: from global_shape and offset to indices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import prod
from typing import Any, NamedTuple, SupportsIndex, TypeAlias

import numpy as np

from .numbers import int_of
from .shown import shown

__all__ = ["Offset", "Shape", "ShardIndex", "ints_of", "part_of", "shard_index", "whole_shape"]

Shape: TypeAlias = "Sequence[SupportsIndex]"
Offset: TypeAlias = "SupportsIndex | Sequence[SupportsIndex]"

LIMIT = 2**64  # elements of a tensor
MOST_AXES = 64  # NumPy's
TEXTS = str, bytes, bytearray, memoryview  # sequences, of which the last three have ints, that are no shapes


class ShardIndex(NamedTuple):
    """Index of an array's first element in its flat tensor, and by how much it grows along each axis.

    Modulo 2**64: only the index of an array without elements is as large, and the stride of an axis of one.
    """

    base_index: int
    index_strides: tuple[int, ...]  # () for consecutive elements


def whole_shape(shape: tuple[int, ...], global_shape: Shape | None, offset: Offset | None) -> tuple[int, ...]:
    """Return the shape of the tensor of which an array is a part, checked."""
    if global_shape is None:
        if offset is not None:
            raise ValueError(
                f"offset is {shown(offset)} without a global_shape; fans are those of the whole weight: pass its shape"
            )
        return shape
    whole = ints_of("global_shape", global_shape)
    shard_index(shape, whole, offset)
    return whole


def shard_index(shape: tuple[int, ...], global_shape: Shape | None, offset: Offset | None) -> ShardIndex:
    """Return where in its tensor an array of that shape lies; see `normal_` for the two arguments."""
    if global_shape is None and offset is None:
        return ShardIndex(0, ())
    whole = None if global_shape is None else ints_of("global_shape", global_shape)
    if whole is not None and prod(n or 1 for n in whole) > LIMIT:  # an axis of 0 hides no other
        raise ValueError(f"global_shape is {shown(whole)}; a tensor has at most 2**64 elements: pass a smaller shape")
    if whole is not None and offset is None and whole != shape:
        raise ValueError(
            f"global_shape is {whole} without an offset for an array of shape {shape}; every part would be the first "
            f"one: pass the index at which it begins, such as offset={0 if len(shape) == 1 else (0,) * len(whole)}"
        )
    if len(shape) == 1 and (whole is None or not isinstance(offset, Sequence)):
        return _range(shape[0], whole, offset)
    return _block(shape, whole, offset)


def part_of(whole: np.ndarray[Any, Any], shape: tuple[int, ...], offset: Offset | None) -> np.ndarray[Any, Any]:
    """Return the part of a tensor that an array of that shape and offset is, both checked."""
    shard = shard_index(shape, whole.shape, offset)
    if not shard.index_strides:
        return whole.reshape(-1)[shard.base_index : shard.base_index + shape[0]]
    start = np.unravel_index(shard.base_index, whole.shape)
    return whole[tuple(slice(o, o + n) for o, n in zip(start, shape, strict=True))]


def _range(count: int, whole: tuple[int, ...] | None, offset: Any) -> ShardIndex:
    size = LIMIT if whole is None else prod(whole)
    first = int_of(0 if offset is None else offset)
    if first is None:
        raise TypeError(
            f"offset is {shown(offset)}; for a 1-D array it must be an int, the index of its first element in the flat "
            "tensor: pass one, or global_shape and a tuple"
        )
    if first < 0 or first + count > size:
        raise ValueError(
            f"offset is {shown(first)} for {count} elements of a tensor of {size}; the range must lie inside: "
            "pass another offset or global_shape"
        )
    return ShardIndex(first % LIMIT, ())


def _block(shape: tuple[int, ...], whole: tuple[int, ...] | None, offset: Any) -> ShardIndex:
    if whole is None:
        raise ValueError(
            f"offset is {shown(offset)} without a global_shape; a block's place depends on the tensor's shape: pass it"
        )
    start = (0,) * len(whole) if offset is None else ints_of("offset", offset)
    if not len(shape) == len(whole) == len(start):
        raise ValueError(
            f"array has {len(shape)} axes, global_shape {shown(whole)} and offset {shown(start)}; all need as many: "
            "pass one number for each axis, or a 1-D array and an int"
        )
    if any(o < 0 or o + n > size for o, n, size in zip(start, shape, whole, strict=True)):
        raise ValueError(
            f"offset is {shown(start)} for an array of shape {shape} in a tensor of shape {whole}; the block must lie "
            "inside: pass another offset or global_shape"
        )
    strides = tuple(prod(whole[k + 1 :]) % LIMIT for k in range(len(whole)))
    return ShardIndex(sum(o * stride for o, stride in zip(start, strides, strict=True)) % LIMIT, strides)


def ints_of(what: str, values: Any) -> tuple[int, ...]:
    """Return a shape, or what has a number for each axis, as ints >= 0, of at most 64 axes."""
    given = values.ndim == 1 if isinstance(values, np.ndarray) else isinstance(values, Sequence)
    if not given or isinstance(values, TEXTS):  # read twice: no iterator
        numbers: list[int | None] = [None]
    else:
        numbers = [int_of(n) for n in islice(values, MOST_AXES + 1)]
    if None in numbers or len(numbers) > MOST_AXES:
        raise TypeError(f"{what} is {shown(values)}; it must be a tuple of ints: pass one number for each axis")
    checked = tuple(n for n in numbers if n is not None)
    if any(n < 0 for n in checked):
        raise ValueError(f"{what} is {shown(checked)}; its numbers must not be negative: pass numbers >= 0")
    return checked
