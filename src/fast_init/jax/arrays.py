"""One weight as a jax.Array."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..sampling.destinations import Array, float_dtype
from ..sampling.shards import Shape, ints_of
from ..sampling.shown import shown
from ..sampling.streams import Seed, stream_of
from ..sampling.threads import threads_of
from ..sampling.where import Where
from ..schemes.scheme import Scheme
from .shardings import sharding_of
from .shards import array_of, dtype_here, shared_key_of

__all__ = ["array"]


@dataclass(frozen=True)
class Weight:
    """What decides the values of a weight, checked when it is made."""

    scheme: Scheme
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    name: str | None
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.scheme, Scheme):
            raise TypeError(f"scheme is {shown(self.scheme)}; it must be a record: pass from_jax('he_normal'), say")
        stream_of(self.name)
        self.scheme.plan_for(self.shape, float_dtype(self.dtype))

    @property
    def in_ranges(self) -> bool:
        """Whether a block costs no more than its own elements."""
        return self.scheme.in_ranges

    def fill_block_(self, array: Array, offset: tuple[int, ...], threads: int | None) -> Array:
        """Fill an array with the block that starts at `offset`, and return it."""
        return self.scheme.apply(array, Where(self.seed, self.name, self.shape, offset, threads, "ignore"))


def array(
    shape: Shape,
    dtype: Any,
    scheme: Scheme,
    *,
    seed: Seed,
    name: str | None,
    sharding: Any = None,
    threads: int | None = None,
) -> Any:
    """Return a new weight as a jax.Array.

    It is drawn on the host, shard by shard: each that this process holds, once, whatever the number of its replicas. On
    a CPU JAX keeps the memory that was filled; for another device each shard is copied there.

    Parameters
    ----------
    shape
        That of the whole weight.
    dtype
        float32, bfloat16 or float16, as JAX takes them, or float64 where x64 is on.
    scheme
        The record that draws it. JAX's weights have inputs before outputs: give a record with fans
        ``layout="...io"``, as those of `from_jax` have.
    seed, name, threads
        As in `normal_`. With several processes an int, the same in each.
    sharding
        A `jax.sharding.Sharding`, of which this process need not hold all; a PartitionSpec, for the mesh of
        `jax.set_mesh`; or None for JAX's default device.

    Returns
    -------
    jax.Array
        The weight; uncommitted, as JAX says, if `sharding` is None.

    Raises
    ------
    ValueError, TypeError
        As by `normal_`; also for a dtype that JAX cannot hold and for a sharding that does not fit the shape.

    Examples
    --------
    >>> mesh = jax.make_mesh((1,), ("x",))
    >>> sharding = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("x"))
    >>> w = array((4, 2), "bfloat16", fast_init.from_jax("he_normal"), seed=42, name="w", sharding=sharding)
    >>> w.dtype, w.sharding == sharding
    (dtype(bfloat16), True)
    """
    weight = Weight(scheme, ints_of("shape", shape), dtype_here(dtype), name)
    place, count = sharding_of(sharding, weight.shape), threads_of(threads)
    return array_of(replace(weight, seed=shared_key_of(seed)), place, count)
