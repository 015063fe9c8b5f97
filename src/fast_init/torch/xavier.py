"""Xavier Glorot's initialisers, for tensors."""

from __future__ import annotations

from typing import TypeVar

import torch

from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode
from ..schemes.variance_scaling import xavier_normal, xavier_uniform
from .filling import fill_by

__all__ = ["glorot_normal_", "glorot_uniform_", "xavier_normal_", "xavier_uniform_"]

T = TypeVar("T", bound=torch.Tensor)


def xavier_normal_(
    tensor: T,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    mode: Mode = "fan_avg",
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill with N(0, gain^2 / fan), by default sigma = sqrt(2 / (fan_in + fan_out)).

    `fast_init.xavier_normal_` for tensors. `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> w = xavier_normal_(torch.empty(64, 64), seed=42)
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.numel()) ** 0.5
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, xavier_normal(gain, mode, layout=layout), where, generator)


def xavier_uniform_(
    tensor: T,
    gain: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    mode: Mode = "fan_avg",
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill with U[-bound, bound), bound = gain sqrt(3 / fan), by default sqrt(6 / (fan_in + fan_out)).

    `fast_init.xavier_uniform_` for tensors. `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> bool(xavier_uniform_(torch.empty(64, 32), seed=42).abs().max() <= 0.25)
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, xavier_uniform(gain, mode, layout=layout), where, generator)


glorot_normal_ = xavier_normal_
glorot_uniform_ = xavier_uniform_
