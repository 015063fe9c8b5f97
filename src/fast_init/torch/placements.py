"""Where the parts of a DTensor lie: from its placements, without communication."""

from __future__ import annotations

import sys
from itertools import accumulate, product
from typing import Any, NamedTuple

import torch

__all__ = ["Block", "blocks_of", "is_dtensor", "shard_of"]

Runs = list[range]  # of indices along an axis of the whole tensor, in the order in which they lie in a part


class Block(NamedTuple):
    """A block of a tensor that lies in one piece in the local tensor of this process."""

    local: tuple[slice, ...]  # of the local tensor
    offset: tuple[int, ...]  # in the whole tensor


def is_dtensor(tensor: object) -> bool:
    """Whether it is a DTensor; where torch.distributed.tensor was not imported, none is."""
    module = sys.modules.get("torch.distributed.tensor")
    return module is not None and isinstance(tensor, module.DTensor)


def shard_of(tensor: torch.Tensor) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the global shape and the offset of the part of a tensor that this process holds.

    They are what functions and records take as `global_shape` and `offset`, for NumPy arrays or tensors of one's own.
    A plain tensor is all of itself. Nothing is communicated.

    Raises
    ------
    ValueError
        A placement is Partial, or the part is no single block (as of FSDP2 after tensor parallelism on one axis).

    Examples
    --------
    >>> shard_of(torch.empty(3, 4))
    ((3, 4), (0, 0))
    """
    shape = tuple(tensor.shape)
    if not is_dtensor(tensor):
        return shape, (0,) * len(shape)
    blocks = blocks_of(tensor)
    if len(blocks) > 1:
        raise ValueError(
            f"tensor has placements {tuple(tensor.placements)}, whose local part is {len(blocks)} blocks; one offset "
            "cannot say where: fill the DTensor itself by a function of fast_init.torch"
        )
    return shape, blocks[0].offset if blocks else (0,) * len(shape)


def blocks_of(tensor: Any) -> list[Block]:
    """Return the blocks of a DTensor that this process holds: none if it holds no element.

    ValueError for placements that say not which elements a process holds.
    """
    mesh, place = tensor.device_mesh, tensor.device_mesh.get_coordinate()
    runs: list[Runs] = [[range(n)] for n in tensor.shape]
    for axis, placement in enumerate(tensor.placements):
        if placement.is_replicate():
            continue
        dim = getattr(placement, "dim", None)
        if dim is None:
            raise ValueError(
                f"tensor has the placement {placement}; the values of a process are then no part of the tensor's: "
                "redistribute it to Shard or Replicate first"
            )
        if place is not None:
            parts = getattr(placement, "split_factor", 1)  # of _StridedShard: cut so often already, by later mesh axes
            runs[dim] = _shard(runs[dim], parts, mesh.size(axis), place[axis])
    return [] if place is None else _blocks([_joined(r) for r in runs])


def _shard(runs: Runs, parts: int, count: int, index: int) -> Runs:
    """Return shard `index` of `count` of each of so many parts."""
    return [run for part in range(parts) for run in _chunk(_chunk(runs, parts, part), count, index)]


def _chunk(runs: Runs, count: int, index: int) -> Runs:
    """Return chunk `index` of `count`, as torch.chunk cuts: of equal size, but for the last ones."""
    size = -(-sum(map(len, runs)) // count)
    first, cut = index * size, []
    for run in runs:
        cut.append(run[max(first, 0) : max(first + size, 0)])
        first -= len(run)
    return [run for run in cut if run]


def _joined(runs: Runs) -> Runs:
    """Return the runs with those that follow on each other made one."""
    joined: Runs = []
    for run in runs:
        if joined and joined[-1].stop == run.start:
            joined[-1] = range(joined[-1].start, run.stop)
        elif run:
            joined.append(run)
    return joined


def _blocks(axes: list[Runs]) -> list[Block]:
    starts = [accumulate(map(len, runs[:-1]), initial=0) if runs else () for runs in axes]
    places = [
        [(slice(s, s + len(run)), run.start) for s, run in zip(start, runs, strict=True)]
        for start, runs in zip(starts, axes, strict=True)
    ]
    return [Block(tuple(p[0] for p in place), tuple(p[1] for p in place)) for place in product(*places)]
