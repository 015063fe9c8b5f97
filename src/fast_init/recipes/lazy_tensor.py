"""A tensor that need not be in memory: checked, and all of it or any range of it drawn, as its rule says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

import numpy as np

from ..sampling.calls import DrawPlan, KernelCall
from ..sampling.destinations import Array, float_dtype
from ..sampling.filling import draw
from ..sampling.streams import stream_of
from ..sampling.where import Where
from .rule import Rule

__all__ = ["LazyTensor"]

Place: TypeAlias = "int | tuple[int, ...]"  # where a part starts: an index of the flat tensor, or one for each axis


@dataclass(frozen=True)
class LazyTensor:
    """What decides the values of a tensor; whatever fills, writes or verifies tensors asks it for them."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    rule: Rule
    seed: int

    @property
    def size(self) -> int:
        """The number of its elements."""
        return prod(self.shape)

    @property
    def in_ranges(self) -> bool:
        """Whether a range costs no more than its own elements: not so where a whole tensor is made at once."""
        return self.rule.scheme.in_ranges

    @cached_property
    def plan(self) -> DrawPlan | None:
        """What the kernel is told, None if it is not the kernel that fills it; raises what `check` does."""
        try:
            plan = self.rule.scheme.plan_for(self.shape, float_dtype(self.dtype))
            stream_of(self.name)
            stream_of(self.rule.stream_of(self.name))
            if self.size:
                self.rule.check_padding_row(self.shape)
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"tensor {self.name!r}: {error}") from None
        return plan

    def check(self) -> None:
        """Raise ValueError or TypeError, with the name, if it cannot be drawn."""
        _ = self.plan

    def kernel_call(self, array: Array) -> KernelCall | None:
        """Return the call that fills an array of its shape and dtype but for the padding row, None if none does."""
        return self.plan and KernelCall(array, self.plan, self.seed, stream_of(self.rule.stream_of(self.name)))

    def fill_whole_(self, array: Array, threads: int | None = None) -> Array:
        """Fill an array of the tensor's shape and dtype and return it."""
        return self._fill_(array, (0,) * len(self.shape), threads)

    def fill_(self, out: Array, first: int, threads: int | None = None) -> Array:
        """Fill a 1-D array with the elements from the one of index `first` on, and return it."""
        return self._fill_(out, first, threads)

    def fill_block_(self, array: Array, offset: Sequence[int], threads: int | None = None) -> Array:
        """Fill an array with the block that starts at `offset`, an index for each axis, and return it."""
        return self._fill_(array, tuple(offset), threads)

    def whole(self, threads: int | None = None) -> Array:
        """Return all of it."""
        return self.fill_whole_(np.empty(self.shape, self.dtype), threads)

    def zero_padding_row(self, array: Array, offset: Place) -> None:
        """Zero what of that row lies in a part of the tensor."""
        row = self.rule.padding_row
        if row is not None and self.size:
            self._rows(array, offset, row, row + 1)[...] = 0

    def _rows(self, array: Array, offset: Place, start: int, stop: int) -> Array:
        """Return the view of what of these rows of the tensor lies in a part of it."""
        first, width = (offset, prod(self.shape[1:])) if isinstance(offset, int) else (offset[0], 1)
        return array[max(start * width - first, 0) : max(stop * width - first, 0)]

    def _fill_(self, array: Array, offset: Place, threads: int | None) -> Array:
        stream = self.rule.stream_of(self.name)
        where = Where(self.seed, stream, self.shape, offset, threads, on_empty="ignore")
        if self.plan is None:
            self.rule.scheme.apply(array, where)
        else:
            draw(array, self.plan, where)
        self.zero_padding_row(array, offset)
        return array
