"""A tensor by name and shape, not in memory: checked, and any range of it drawn, as `Recipe.init_` would fill it."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..sampling.filling import Array
from ..schemes.scheme import Structured
from .recipe import Rule

__all__ = ["Drawn"]


@dataclass(frozen=True)
class Drawn:
    """What decides the values of a tensor."""

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
        return not isinstance(self.rule.scheme, Structured)

    def check(self) -> None:
        """Raise, with the name, what `Recipe.init_` would."""
        try:
            self.fill_(np.empty(0, self.dtype), 0, 1)
            self.rule.check_padding_row(self.shape)
        except (TypeError, ValueError) as error:
            raise type(error)(f"tensor {self.name!r}: {error}") from None

    def fill_(self, out: Array, first: int, threads: int | None) -> Array:
        """Fill a 1-D array with the elements from the one of index `first` on."""
        self._draw(out, threads, global_shape=self.shape, offset=first)
        if self.rule.padding_row is not None and out.size:
            row = prod(self.shape[1:])
            start = self.rule.padding_row * row - first
            out[max(start, 0) : max(start + row, 0)] = 0
        return out

    def whole(self, threads: int | None = None) -> Array:
        """Return all of it."""
        out: Array = np.empty(self.shape, self.dtype)
        self._draw(out, threads)
        if self.rule.padding_row is not None:
            out[self.rule.padding_row] = 0
        return out

    def _draw(self, out: Array, threads: int | None, **place: Any) -> None:
        stream = self.rule.stream_of(self.name)
        self.rule.scheme.fill_(out, seed=self.seed, name=stream, threads=threads, on_empty="ignore", **place)
