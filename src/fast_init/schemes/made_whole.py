"""What a scheme is whose tensors are made whole."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from ..sampling.destinations import FLOATS, A, Array, dtype_of, nothing_to_fill
from ..sampling.shards import part_of
from ..sampling.streams import key_of
from ..sampling.threads import threads_of
from ..sampling.where import Where
from .check import Check
from .scheme import Scheme

__all__ = ["Fixed", "Structured", "differences"]


class Structured(Scheme):
    """A scheme whose elements depend on each other: a part of a tensor is cut from the whole, made in memory."""

    in_ranges = False

    @abstractmethod
    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:
        """Fill a whole weight, which has elements and for which `plan_for` has passed."""

    @abstractmethod
    def evidence(self, array: Array) -> tuple[Check, ...]: ...

    def apply(self, array: A, where: Where) -> A:
        """Do what `fill_` does."""
        dtype = dtype_of(array, FLOATS)
        shape = where.whole_shape(array.shape)
        self.plan_for(shape, dtype)
        where.check(array.shape)
        if nothing_to_fill(array, where.on_empty):
            return array
        whole = array if array.shape == shape else _empty(shape, array.dtype, self.kind)
        with np.errstate(all="ignore"):  # as in the kernels, what underflows is rounded, whatever the caller has set
            self._make(whole, key_of(where.seed), where.name, threads_of(where.threads))
        if whole is not array:
            array[...] = part_of(whole, array.shape, where.offset)
        return array


class Fixed(Structured):
    """One whose tensors of a shape are all the same."""

    is_random = False

    def evidence(self, array: Array) -> tuple[Check, ...]:
        """Return the number of elements that differ from the one draw there is."""
        return (differences(self, array),)


def differences(scheme: Scheme, array: Array) -> Check:
    """Return how many elements of a whole weight differ from the one draw that there is of the scheme."""
    expected = scheme.fill_(np.empty(array.shape, array.dtype), on_empty="ignore")
    return Check("elements that differ", int((array != expected).sum()), 0, 0)


def _empty(shape: tuple[int, ...], dtype: np.dtype[Any], kind: str) -> Array:
    """A whole tensor to cut a part of; ValueError if it is larger than any array."""
    try:
        return np.empty(shape, dtype)
    except ValueError:
        raise ValueError(
            f"global_shape is {shape}; {kind} makes the whole tensor to cut its part, and no array is so large: pass a "
            "smaller shape"
        ) from None
