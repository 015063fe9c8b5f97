"""LeCun's initialisers and what all of their kind are cases of, for tensors."""

from __future__ import annotations

from typing import TypeVar

import torch

from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode, ScalingDistribution
from ..schemes.variance_scaling import VarianceScaling, lecun_normal, lecun_uniform
from .filling import fill_by

__all__ = ["lecun_normal_", "lecun_uniform_", "variance_scaling_"]

T = TypeVar("T", bound=torch.Tensor)


def lecun_normal_(
    tensor: T,
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
    """Fill with N(0, 1 / fan_in): `fast_init.lecun_normal_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> w = lecun_normal_(torch.empty(128, 64), seed=42)
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.numel()) ** 0.5
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, lecun_normal(layout=layout), where, generator)


def lecun_uniform_(
    tensor: T,
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
    """Fill with U[-bound, bound), bound = sqrt(3 / fan_in): `fast_init.lecun_uniform_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> bool(lecun_uniform_(torch.empty(64, 48), seed=42).abs().max() <= 0.25)
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, lecun_uniform(layout=layout), where, generator)


def variance_scaling_(
    tensor: T,
    scale: float = 1.0,
    mode: Mode = "fan_in",
    distribution: ScalingDistribution = "normal",
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
    """Fill with zero-mean values of variance scale / fan: `fast_init.variance_scaling_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> w = variance_scaling_(torch.empty(64, 128), 2.0, "fan_in", "truncated_normal", seed=42)
    >>> bool(w.abs().max() < 2 * 0.125 / 0.8796)  # sigma = 0.125 after the cut
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, VarianceScaling(scale, mode, distribution, layout), where, generator)
