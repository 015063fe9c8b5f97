"""Fills in which nothing is random, for tensors."""

from __future__ import annotations

from typing import TypeVar

import torch

from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.where import Where
from ..schemes.distributions import Constant
from ..schemes.scheme import Scheme
from ..schemes.structured import Dirac, Eye
from .filling import fill_by

__all__ = ["constant_", "dirac_", "eye_", "ones_", "zeros_"]

T = TypeVar("T", bound=torch.Tensor)


def constant_(tensor: T, val: float, *, on_empty: OnEmpty = "warn") -> T:
    """Fill with one value: `fast_init.constant_` for tensors.

    Examples
    --------
    >>> constant_(torch.empty(3), 0.5)
    tensor([0.5000, 0.5000, 0.5000])
    """
    return _fill(tensor, Constant(val), on_empty)


def zeros_(tensor: T, *, on_empty: OnEmpty = "warn") -> T:
    """Fill with zeros: ``constant_(tensor, 0.0)``.

    Examples
    --------
    >>> zeros_(torch.empty(3))
    tensor([0., 0., 0.])
    """
    return constant_(tensor, 0.0, on_empty=on_empty)


def ones_(tensor: T, *, on_empty: OnEmpty = "warn") -> T:
    """Fill with ones: ``constant_(tensor, 1.0)``.

    Examples
    --------
    >>> ones_(torch.empty(3))
    tensor([1., 1., 1.])
    """
    return constant_(tensor, 1.0, on_empty=on_empty)


def eye_(
    tensor: T, *, on_empty: OnEmpty = "warn", global_shape: Shape | None = None, offset: Offset | None = None
) -> T:
    """Fill a matrix with ones on the diagonal and zeros elsewhere: `fast_init.eye_` for tensors.

    The last two arguments are those of `normal_`.

    Examples
    --------
    >>> eye_(torch.empty(2, 3))
    tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    return _fill(tensor, Eye(), on_empty, global_shape, offset)


def dirac_(
    tensor: T,
    groups: int = 1,
    *,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill a convolution so that it passes as many inputs on as it can: `fast_init.dirac_` for tensors.

    The last two arguments are those of `normal_`.

    Examples
    --------
    >>> dirac_(torch.empty(2, 2, 3))[1]
    tensor([[0., 0., 0.],
            [0., 1., 0.]])
    """
    return _fill(tensor, Dirac(groups), on_empty, global_shape, offset)


def _fill(
    tensor: T, scheme: Scheme, on_empty: OnEmpty, global_shape: Shape | None = None, offset: Offset | None = None
) -> T:
    return fill_by(tensor, scheme, Where(0, None, global_shape, offset, None, on_empty))  # whatever the seed
