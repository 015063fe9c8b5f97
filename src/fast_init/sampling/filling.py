"""From checked parameters to the core: the one way in which every array is drawn."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np

from .._core import fill as core_fill
from .._core import fill_many as core_fill_many
from .destinations import DType, nothing_to_fill
from .shards import Offset, Shape, place_of
from .streams import Seed, key_of, stream_of
from .threads import DEFAULT_THREADS, threads_of

__all__ = ["A", "Array", "Job", "fill", "fill_many"]

Array: TypeAlias = np.ndarray[Any, Any]
A = TypeVar("A", bound=Array)


def fill(
    array: A,
    dtype: DType,
    distribution: int,
    p0: float,
    p1: float,
    seed: Seed,
    name: str | None,
    threads: int | None,
    on_empty: str,
    global_shape: Shape | None,
    offset: Offset | None,
    table: tuple[float, ...] = (),
) -> A:
    # The common cases are decided here: a call costs as much as a hundred elements.
    stream = 0 if name is None else stream_of(name)
    count = DEFAULT_THREADS if threads is None else threads_of(threads)
    first: int = 0
    steps: tuple[int, ...] = ()
    if global_shape is not None or offset is not None:
        first, steps = place_of(array.shape, global_shape, offset)
    if type(seed) is not int or not 0 <= seed < 2**64 or on_empty != "warn":
        if nothing_to_fill(array, on_empty):  # before anything is drawn from a Generator
            return array
        seed = key_of(seed)
    try:
        if not core_fill(array, distribution, dtype.code, p0, p1, seed, stream, count, first, table, steps):
            nothing_to_fill(array, on_empty)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("fill interrupted: the array is partly filled; fill it again before use") from None
    return array


Job: TypeAlias = "tuple[Array, int, int, float, float, int, int, int, tuple[float, ...], tuple[int, ...]]"


def fill_many(jobs: list[Job], threads: int) -> None:
    """Fill arrays that do not overlap, on one team of threads; `_core.fill_many` says what a job is."""
    try:
        core_fill_many(jobs, threads)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("fill interrupted: arrays are partly filled; fill them again before use") from None
