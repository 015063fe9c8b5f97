"""A tensor as a jax.Array: of its shards, each that this process holds is drawn once, in memory that JAX can keep."""

from __future__ import annotations

from math import prod
from typing import Any, Protocol

import jax
import numpy as np

from ..sampling.destinations import Array
from ..sampling.streams import Seed, key_of

__all__ = ["Drawable", "array_of", "dtype_here", "shared_key_of"]

ALIGNMENT = 64  # bytes: XLA's CPU client takes NumPy's memory as it is where it begins at a multiple, else copies it


class Drawable(Protocol):
    """A tensor of which any block can be drawn: a `LazyTensor`, say."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def dtype(self) -> np.dtype[Any]: ...
    @property
    def in_ranges(self) -> bool: ...
    def fill_block_(self, array: Array, offset: tuple[int, ...], threads: int | None) -> Array: ...


def array_of(tensor: Drawable, sharding: Any, threads: int) -> Any:
    """Return the tensor as an array: on the devices of a sharding, or uncommitted on the default device if it is None.

    Replicas share what is drawn for one. A tensor that is not in ranges is made once, whole, and cut.
    """
    start = (0,) * len(tensor.shape)
    if sharding is None:
        return jax.device_put(_block(tensor, start, tensor.shape, threads))
    whole = None if tensor.in_ranges else _block(tensor, start, tensor.shape, threads)
    shards: dict[Any, Array] = {}

    def shard(index: tuple[slice, ...]) -> Array:
        cuts = [part.indices(n)[:2] for part, n in zip(index, tensor.shape, strict=True)]
        offset, shape = tuple(first for first, _ in cuts), tuple(stop - first for first, stop in cuts)
        if offset not in shards:  # all are of one shape
            if whole is None:
                shards[offset] = _block(tensor, offset, shape, threads)
            else:
                shards[offset] = whole if shape == tensor.shape else _copy(whole[index])
        return shards[offset]

    return jax.make_array_from_callback(tensor.shape, sharding, shard, dtype=tensor.dtype)


def dtype_here(dtype: Any) -> np.dtype[Any]:
    """Return NumPy's dtype of what JAX takes for one; ValueError for float64 where x64 is off."""
    numpy_dtype: np.dtype[Any] = np.dtype(jax.numpy.dtype(dtype))
    if jax.dtypes.canonicalize_dtype(numpy_dtype) != numpy_dtype:
        raise ValueError(
            f"dtype is {numpy_dtype}; JAX holds it only with x64: pass float32, or call "
            "jax.config.update('jax_enable_x64', True) first"
        )
    return numpy_dtype


def shared_key_of(seed: Seed) -> int:
    """Return the key of a seed; ValueError for None in one of several processes, of which each would draw its own."""
    if seed is None and jax.process_count() > 1:
        raise ValueError(
            f"seed is None in one of {jax.process_count()} processes; all must draw from one key: pass the same int "
            "to each"
        )
    return key_of(seed)


def _block(tensor: Drawable, offset: tuple[int, ...], shape: tuple[int, ...], threads: int) -> Array:
    return tensor.fill_block_(_empty(shape, tensor.dtype), offset, threads)


def _copy(part: Array) -> Array:
    array = _empty(part.shape, part.dtype)
    array[...] = part
    return array


def _empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    size = prod(shape) * dtype.itemsize
    memory = np.empty(size + ALIGNMENT, np.uint8)
    first = -memory.ctypes.data % ALIGNMENT
    return memory[first : first + size].view(dtype).reshape(shape)
