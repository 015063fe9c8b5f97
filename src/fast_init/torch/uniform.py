"""Fills with a uniform distribution and with raw words, for tensors."""

from __future__ import annotations

from typing import TypeVar

import torch

from ..init.uniform import UNIFORM
from ..sampling.calls import WORDS_PLAN
from ..sampling.destinations import WORDS, Array, dtype_of
from ..sampling.filling import draw
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.plans import apply
from .filling import fill

__all__ = ["bits_", "uniform_"]

T = TypeVar("T", bound=torch.Tensor)


def uniform_(
    tensor: T,
    a: float = 0.0,
    b: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill with U[a, b): `fast_init.uniform_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> bool(uniform_(torch.empty(1000), -0.5, 0.5, seed=42).abs().max() <= 0.5)
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill(tensor, lambda array, place: apply(array, place, UNIFORM, (a, b)), where, generator)


def bits_(
    tensor: T,
    generator: torch.Generator | None = None,
    *,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill a tensor of torch.uint32 with the raw words of the stream: `fast_init.bits_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> hex(bits_(torch.empty(1, dtype=torch.uint32), seed=0).item())  # Random123's first known answer
    '0x6627e8d5'
    """
    return fill(tensor, _draw_bits, Where(seed, name, global_shape, offset, threads, on_empty), generator)


def _draw_bits(array: Array, where: Where) -> Array:
    dtype_of(array, WORDS)
    return draw(array, WORDS_PLAN, where)
