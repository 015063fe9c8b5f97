"""Meshes and placements to try, and what a rank does with a tensor of each."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any, NamedTuple

import torch
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import DTensor, Partial, Replicate, Shard
from torch.distributed.tensor._utils import compute_local_shape_and_global_offset
from torch.distributed.tensor.debug import CommDebugMode
from torch.distributed.tensor.placement_types import _StridedShard

import fast_init as fi
from support.draws import Array
from support.torch_draws import bits_of

__all__ = ["FUNCTIONS", "LAYOUTS", "SHAPES", "Layout", "Outcome", "fill_sharded", "place_of", "refuse_partial"]

SHAPES = [(8, 6), (7, 5), (3, 2), (1, 9), (5, 4, 3)]  # of which most are cut unevenly, some into parts without elements
FUNCTIONS = ["he_normal_", "trunc_normal_", "orthogonal_"]


class Layout(NamedTuple):
    """A mesh, and a placement for each of its axes: ``R``, ``S0``, ``S1`` or, cut in two already, ``Z0``, ``Z1``."""

    mesh: tuple[int, ...]
    placements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{'x'.join(map(str, self.mesh))}-{','.join(self.placements)}"

    @property
    def world(self) -> int:
        """The number of processes."""
        return int(torch.tensor(self.mesh).prod())


PLAIN = ("R", "S0", "S1")
LAYOUTS = [
    *(Layout((n,), (p,)) for n in (1, 2, 3, 4) for p in PLAIN),
    *(Layout(mesh, pair) for mesh in ((1, 2), (2, 1), (2, 2), (1, 3), (4, 1)) for pair in product(PLAIN, PLAIN)),
    *(Layout((2, 2), pair) for pair in (("Z0", "S0"), ("Z1", "S1"))),
    *(Layout((2, 1, 2), places) for places in product(("R", "S0"), PLAIN, ("R", "S1"))),
    *(Layout((2, 2, 1), places) for places in (("R", "Z0", "S0"), ("S1", "S0", "R"), ("S0", "S0", "S0"))),
]


class Outcome(NamedTuple):
    """What one rank found."""

    full: Array  # bits of the gathered tensor
    collectives: int  # during the fill
    returned_itself: bool


@cache
def mesh_of(shape: tuple[int, ...]) -> Any:
    """Return the mesh of that shape, always the same: each new one would make groups of processes."""
    return init_device_mesh("cpu", shape)


def _placement(text: str) -> Any:
    if text == "R":
        return Replicate()
    dim = int(text[1])
    return Shard(dim) if text[0] == "S" else _StridedShard(dim, split_factor=2)


def sharded(layout: Layout, shape: tuple[int, ...], dtype: Any = torch.float32) -> Any:
    """Return a DTensor of this layout whose elements are 7."""
    mesh = mesh_of(layout.mesh)
    placements = [_placement(text) for text in layout.placements]
    local_shape, _ = compute_local_shape_and_global_offset(shape, mesh, placements)
    local = torch.full(local_shape, 7, dtype=dtype)
    stride = torch.empty(shape, device="meta").stride()
    return DTensor.from_local(local, mesh, placements, run_check=False, shape=torch.Size(shape), stride=stride)


def fill_sharded(layout: Layout, shape: tuple[int, ...], function: str) -> Outcome:
    """Fill a DTensor and gather it."""
    tensor = sharded(layout, shape)
    with CommDebugMode() as communication:
        result = getattr(fi.torch, function)(tensor, seed=42, name="w")
    return Outcome(bits_of(tensor.full_tensor()), communication.get_total_counts(), result is tensor)


def place_of(layout: Layout, shape: tuple[int, ...]) -> tuple[Any, Any, list[Any], Any]:
    """Return what torch says of the local part, its shape and offset, and what we say: blocks, and shard_of."""
    from fast_init.torch.placements import blocks_of

    tensor = sharded(layout, shape)
    theirs = compute_local_shape_and_global_offset(shape, tensor.device_mesh, tensor.placements)
    blocks = blocks_of(tensor)
    ours = fi.torch.shard_of(tensor) if len(blocks) < 2 else None
    return (*theirs, blocks, ours)


def refuse_partial() -> str:
    """Return what is said of a Partial placement."""
    mesh = mesh_of((2,))
    tensor = DTensor.from_local(torch.ones(3), mesh, [Partial()], run_check=False)
    try:
        fi.torch.normal_(tensor, seed=1)
    except ValueError as error:
        return str(error)
    return "nothing"
