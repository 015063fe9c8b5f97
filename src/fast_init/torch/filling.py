"""From a draw and a tensor, wherever it is, to its memory: the one way in which every tensor is filled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import torch

from ..sampling.destinations import ADAPTERS, Array
from ..sampling.streams import key_of
from ..sampling.where import Where
from ..schemes.scheme import Scheme
from .destinations import PLAIN, array_of, check_tensor
from .keys import seed_of
from .placements import Block, blocks_of, is_dtensor
from .staging import fill_staged

__all__ = ["Draw", "draw_part", "fill", "fill_by", "increment_version"]

T = TypeVar("T", bound=torch.Tensor)
Draw: TypeAlias = Callable[[Array, Where], Any]  # fills an array, as the `apply` of a scheme does

NOTHING = Block((), ())

# What torch.autograd.graph.increment_version calls after a look at its argument, which costs as much again.
increment_version: Callable[[tuple[torch.Tensor]], None] = torch._C._increment_version


def fill(tensor: T, draw: Draw, where: Where, generator: torch.Generator | None = None, in_ranges: bool = True) -> T:
    """Fill the tensor in place and return it; `in_ranges` is the scheme's.

    The seed of `where` becomes the key. Nothing is recorded by autograd, as under torch.no_grad(), but the version
    counter grows, so that a backward pass that needs the old values is refused.
    """
    if type(tensor) in PLAIN and tensor.is_cpu:
        array = array_of(tensor)
        if generator is not None or where.seed is None:
            where.seed = seed_of(where.seed, generator)
        draw(array, where)
        increment_version((tensor,))
        return tensor
    if is_dtensor(tensor):
        _fill_dtensor(tensor, draw, where, generator, in_ranges)
        return tensor
    check_tensor(tensor)
    where.seed = key_of(seed_of(where.seed, generator))
    with torch._C.DisableTorchFunctionSubclass():
        draw_part(tensor, draw, where, in_ranges)
    increment_version((tensor,))
    return tensor


def fill_by(tensor: T, scheme: Scheme, where: Where, generator: torch.Generator | None = None) -> T:
    """Fill the tensor by a record, and return it."""
    return fill(tensor, scheme.apply, where, generator, scheme.in_ranges)


def draw_part(tensor: torch.Tensor, draw: Draw, where: Where, in_ranges: bool) -> None:
    """Fill a tensor that `check_tensor` has accepted: on the CPU in place, elsewhere by way of pinned memory."""
    if tensor.is_cpu:
        draw(array_of(tensor), where)
    else:
        fill_staged(tensor, draw, where, in_ranges)


def _fill_dtensor(tensor: Any, draw: Draw, where: Where, generator: torch.Generator | None, in_ranges: bool) -> None:
    """Fill the part of a DTensor that lies here; no rank waits for another."""
    if where.global_shape is not None or where.offset is not None:
        raise ValueError("tensor is a DTensor, which knows its place: leave global_shape and offset out")
    if where.seed is None and generator is None:
        raise ValueError(
            "tensor is a DTensor and has neither seed nor generator; each rank would draw a key of its own: "
            "pass the same seed on all ranks"
        )
    blocks, shape = blocks_of(tensor), tuple(tensor.shape)
    with torch.no_grad():
        local = tensor.to_local()
        check_tensor(local)
        key = key_of(seed_of(where.seed, generator))
        on_empty = "ignore" if tensor.numel() else where.on_empty
        for block in blocks or [NOTHING]:  # of which every rank finds what is wrong with the call
            part = local[block.local] if blocks else local.new_empty((0,) * len(shape), device="cpu")
            offset = block.offset or (0,) * len(shape)
            draw_part(part, draw, Where(key, where.name, shape, offset, where.threads, on_empty), in_ranges)
    increment_version((tensor,))


ADAPTERS["torch"] = fill_by
