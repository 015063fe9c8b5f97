"""He's initialisers, for tensors."""

from __future__ import annotations

from typing import TypeVar

import torch

from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode, Nonlinearity
from ..schemes.variance_scaling import he_normal, he_uniform
from .filling import fill_by

__all__ = ["he_normal_", "he_uniform_", "kaiming_normal_", "kaiming_uniform_"]

T = TypeVar("T", bound=torch.Tensor)


def he_normal_(
    tensor: T,
    a: float = 0.0,
    mode: Mode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill with N(0, gain^2 / fan), by default sigma = sqrt(2 / fan_in): `fast_init.he_normal_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> w = he_normal_(torch.empty(64, 128), nonlinearity="relu", seed=42, name="w")
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.numel()) ** 0.5  # sigma = sqrt(2 / 128) = 0.125
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, he_normal(a, mode, nonlinearity, layout=layout), where, generator)


def he_uniform_(
    tensor: T,
    a: float = 0.0,
    mode: Mode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    generator: torch.Generator | None = None,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill with U[-bound, bound), bound = gain sqrt(3 / fan): `fast_init.he_uniform_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> w = he_uniform_(torch.empty(64, 128), 5**0.5, seed=42, name="w")  # as torch.nn.Linear does
    >>> bool(w.abs().max() <= 1 / 128**0.5)
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, he_uniform(a, mode, nonlinearity, layout=layout), where, generator)


kaiming_normal_ = he_normal_
kaiming_uniform_ = he_uniform_
