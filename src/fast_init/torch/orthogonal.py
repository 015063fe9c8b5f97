"""Fills with orthogonal and sparse matrices, for tensors."""

from __future__ import annotations

from typing import TypeVar

import torch

from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.orthogonal import DeltaOrthogonal, Orthogonal
from ..schemes.structured import Sparse
from .filling import fill_by

__all__ = ["delta_orthogonal_", "orthogonal_", "sparse_"]

T = TypeVar("T", bound=torch.Tensor)


def orthogonal_(
    tensor: T,
    gain: float = 1.0,
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
    """Fill with gain times an orthogonal matrix, of the Haar law: `fast_init.orthogonal_` for tensors.

    A part is cut from the whole, which each process makes. `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> w = orthogonal_(torch.empty(3, 5), seed=42)
    >>> bool(torch.allclose(w @ w.T, torch.eye(3), atol=1e-6))
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, Orthogonal(gain, layout), where, generator)


def delta_orthogonal_(
    tensor: T,
    gain: float = 1.0,
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
    """Fill a convolution with zeros but for its center, gain times an orthogonal matrix.

    `fast_init.delta_orthogonal_` for tensors. `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> w = delta_orthogonal_(torch.empty(4, 2, 3, 3), seed=42)[:, :, 1, 1]
    >>> bool(torch.allclose(w.T @ w, torch.eye(2), atol=1e-6))
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, DeltaOrthogonal(gain, layout), where, generator)


def sparse_(
    tensor: T,
    sparsity: float,
    std: float = 0.01,
    generator: torch.Generator | None = None,
    *,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill a matrix with N(0, std^2) and, in each column, ceil(sparsity x rows) zeros: `fast_init.sparse_` for tensors.

    `generator` and all after it are those of `normal_`.

    Examples
    --------
    >>> (sparse_(torch.empty(10, 4), 0.3, seed=42) == 0).sum(0)
    tensor([3, 3, 3, 3])
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill_by(tensor, Sparse(sparsity, std), where, generator)
