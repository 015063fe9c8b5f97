"""From a plan and a place to the kernel: the one way in which every array is drawn."""

from __future__ import annotations

from .._core import fill as core_fill
from .._core import fill_many as core_fill_many
from .calls import DrawPlan, KernelCall
from .destinations import A, Array, nothing_to_fill
from .names import OnEmpty
from .shards import Offset, Shape, shard_index
from .streams import Seed, key_of, stream_of
from .threads import DEFAULT_THREADS, threads_of
from .where import Where

__all__ = ["draw", "draw_at", "draw_many", "fill_with"]

PIECE = 1 << 24  # elements that are written between two looks at signals: some milliseconds


def draw(array: A, plan: DrawPlan, where: Where) -> A:
    """Fill an array that `dtype_of` has accepted and return it; raises, with nothing written, for a wrong `where`."""
    name, threads, on_empty = where.name, where.threads, where.on_empty
    return draw_at(array, plan, where.seed, name, where.global_shape, where.offset, threads, on_empty)


def draw_at(
    array: A,
    plan: DrawPlan,
    seed: Seed,
    name: str | None,
    global_shape: Shape | None,
    offset: Offset | None,
    threads: int | None,
    on_empty: OnEmpty,
) -> A:
    """Do what `draw` does, given the fields of a `Where`: for who cannot spare the 0.2 us to make and read one."""
    # The common cases are decided here: a call costs as much as a hundred elements.
    stream = 0 if name is None else stream_of(name)
    count = DEFAULT_THREADS if threads is None else threads_of(threads)
    base_index: int = 0
    index_strides: tuple[int, ...] = ()
    if global_shape is not None or offset is not None:
        base_index, index_strides = shard_index(array.shape, global_shape, offset)
    if type(seed) is not int or not 0 <= seed < 2**64 or type(on_empty) is not str or on_empty != "warn":
        if nothing_to_fill(array, on_empty):  # before anything is drawn from a Generator
            return array
        seed = key_of(seed)
    try:
        if not core_fill(array, plan, seed, stream, base_index, index_strides, count):
            nothing_to_fill(array, on_empty)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("fill interrupted: the array is partly filled; fill it again before use") from None
    return array


def fill_with(array: Array, value: float) -> None:
    """Write one value everywhere, in pieces between which Ctrl-C is heard."""
    if array.size <= PIECE or array.ndim == 0:
        array.fill(value)
        return
    outer = max((k for k in range(array.ndim) if array.shape[k] > 1), key=lambda k: abs(array.strides[k]))
    rows = max(1, PIECE * array.shape[outer] // array.size)
    parts = array.swapaxes(0, outer)
    try:
        for start in range(0, array.shape[outer], rows):
            fill_with(parts[start : start + rows], value) if rows == 1 else parts[start : start + rows].fill(value)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("fill interrupted: the array is partly filled; fill it again before use") from None


def draw_many(calls: list[KernelCall], threads: int) -> None:
    """Fill arrays that do not overlap, on one team of threads."""
    try:
        core_fill_many(calls, threads)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("fill interrupted: arrays are partly filled; fill them again before use") from None
