"""Tensors of whole numbers, such as counters and positions, which checkpoints hold: given by a recipe, never drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..sampling.destinations import Array
from ..schemes.distributions import Constant
from ..schemes.literal import Literal
from ..schemes.scheme import Scheme
from .lazy_tensor import LazyTensor, Piece, Place
from .recipe import Recipe
from .rule import Rule

__all__ = ["gives", "is_whole", "tensor_of"]


@dataclass(frozen=True)
class WholeNumbers(LazyTensor):
    """A tensor whose rule gives whole numbers, all of which its dtype holds; they are made in float64, where they are
    exact.
    """

    @property
    def _made_in(self) -> np.dtype[Any]:
        return np.dtype(np.float64)

    def _piece(self, start: int, stop: int, scheme: Scheme, stream: str) -> Piece:
        _check(scheme, self.dtype)
        return super()._piece(start, stop, scheme, stream)

    def _fill_(self, array: Array, offset: Place, threads: int | None) -> Array:
        array[...] = super()._fill_(np.empty(array.shape), offset, threads)
        return array


def is_whole(dtype: np.dtype[Any]) -> bool:
    """Whether it is a dtype of ints or bools."""
    return dtype.kind in "biu"


def tensor_of(name: str, shape: tuple[int, ...], dtype: np.dtype[Any], rule: Rule, seed: int) -> LazyTensor:
    """Return what decides the values of a tensor of floats or of whole numbers."""
    return (WholeNumbers if is_whole(dtype) else LazyTensor)(name, shape, dtype, rule, seed)


def gives(recipe: Recipe, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> bool:
    """Whether a recipe has a rule for a tensor, and that can make it."""
    try:
        tensor_of(name, shape, dtype, recipe.rule_for(name), 0).check()
    except (TypeError, ValueError):
        return False
    return True


def _check(scheme: Scheme, dtype: np.dtype[Any]) -> None:
    """Raise unless a scheme gives values, of which each is one of the dtype's."""
    if isinstance(scheme, Constant):
        values = np.array([scheme.val])
    elif isinstance(scheme, Literal):
        values = scheme.values.reshape(-1)
    else:
        given = f"dtype is {dtype} for {scheme!r}"
        raise TypeError(f"{given}; whole numbers are given by constant or literal: use these, or a dtype of floats")
    low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    held = (values >= float(low)) & (values < float(high + 1)) & (values == np.trunc(values))
    if not held.all():
        raise ValueError(
            f"a value is {float(values[~held][0])!r} for dtype {dtype}; it must be a whole number from {low} to "
            f"{high}: give such a one, or use a dtype of floats"
        )
