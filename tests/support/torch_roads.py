"""The roads by which fast_init draws what torch.nn.init does: in place, under `accelerate`, and replayed."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import torch
from torch import nn

import fast_init as fi
from fast_init.torch import accelerate, materialize_, record

__all__ = ["ROADS", "Road"]

Road = Callable[..., Any]  # of a name in torch.nn.init, a tensor, and the function's other arguments


def in_place(name: str, tensor: Any, *arguments: Any, **options: Any) -> Any:
    """Fill the tensor by the function of that name in fast_init.torch."""
    function = getattr(fi.torch, name)
    seed = {"seed": 42} if "seed" in signature(function).parameters else {}
    return function(tensor, *arguments, **options, **seed)


def accelerated(name: str, tensor: Any, *arguments: Any, **options: Any) -> Any:
    """Fill the tensor by torch's own function under `accelerate`."""
    with accelerate(seed=42):
        return getattr(nn.init, name)(tensor, *arguments, **options)


class Made(nn.Module):  # type: ignore[misc]
    """A module of one parameter like a tensor, that a function of torch.nn.init initialises."""

    def __init__(self, name: str, like: Any, *arguments: Any, **options: Any) -> None:
        super().__init__()
        w = torch.empty(like.shape, dtype=like.dtype)
        self.w = nn.Parameter(w, requires_grad=like.requires_grad)
        getattr(nn.init, name)(self.w, *arguments, **options)


def replayed(name: str, tensor: Any, *arguments: Any, **options: Any) -> Any:
    """Record what torch's function does to such a parameter of a module on meta, and give the tensor what it gets."""

    def factory() -> Made:
        return Made(name, tensor, *arguments, **options)

    recipe = record(factory)
    with torch.device("meta"):
        module = factory()
    materialize_(module, seed=42, recipe=recipe)
    assert module.w.requires_grad == tensor.requires_grad
    with torch.no_grad():
        return tensor.copy_(module.w)


ROADS: dict[str, Road] = {"in place": in_place, "accelerate": accelerated, "replayed": replayed}
