"""Calls on DTensors that are refused, for processes to make: each returns the sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.distributed.tensor import DTensor, Partial, Shard

import fast_init as fi
from support.torch_layouts import mesh_of

__all__ = ["DTENSORS", "refused"]


def distributed(placement: Any) -> Any:
    """Return a DTensor of two processes."""
    return DTensor.from_local(torch.full((2, 3), 7.0), mesh_of((2,)), [placement], run_check=False)


def module_of(placement: Any) -> Any:
    """Return a module of one parameter, `0`."""
    return nn.ParameterList([nn.Parameter(distributed(placement))])


NO_KEY = "tensor is a DTensor and has neither seed nor generator; each rank would draw a key of its own: "
PARTIAL = f"tensor has the placement {Partial()}; the values of a process are then no part of the tensor's: "
REDISTRIBUTE = "redistribute it to Shard or Replicate first"
RECIPE = fi.Recipe([("*", fi.normal())])
DTENSORS: dict[str, tuple[Callable[[], Any], str]] = {
    "an offset": (
        lambda: fi.torch.normal_(distributed(Shard(0)), seed=1, global_shape=(4, 3), offset=(0, 0)),
        "tensor is a DTensor, which knows its place: leave global_shape and offset out",
    ),
    "no key": (
        lambda: fi.torch.normal_(distributed(Shard(0))),
        NO_KEY + "pass the same seed on all ranks",
    ),
    "no key for a module": (
        lambda: fi.torch.init_(module_of(Shard(0)), seed=None, recipe=RECIPE),
        "seed is None for a module with DTensors; each process would draw a key of its own: pass one int to all",
    ),
    "a partial sum in a module": (
        lambda: fi.torch.init_(module_of(Partial()), seed=1, recipe=RECIPE),
        f"tensor '0': {PARTIAL}{REDISTRIBUTE}",
    ),
    "the place of a partial sum": (
        lambda: fi.torch.shard_of(distributed(Partial())),
        PARTIAL + REDISTRIBUTE,
    ),
}


def refused(what: str) -> str:
    """Make the call and return what is said of it."""
    call, _ = DTENSORS[what]
    try:
        call()
    except ValueError as error:
        return str(error)
    return "nothing"
