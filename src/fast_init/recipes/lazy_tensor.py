"""A tensor that need not be in memory: checked, and all of it or any part of it drawn, as its rule says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod, sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from ..sampling.calls import DrawPlan, KernelCall
from ..sampling.destinations import Array, float_dtype
from ..sampling.filling import draw
from ..sampling.shards import shard_index
from ..sampling.streams import stream_of
from ..sampling.where import Where
from ..schemes.fans import Fans
from ..schemes.scheme import Scheme
from .parts import ranges_of
from .rule import Rule

__all__ = ["LazyTensor", "Piece", "Place"]

Place: TypeAlias = "int | tuple[int, ...]"  # where a part starts: an index of the flat tensor, or one for each axis


class Piece(NamedTuple):
    """What is drawn as a whole tensor of its own: all rows of a tensor, or those of one part of a fused one."""

    start: int  # the first row of axis 0
    stop: int
    shape: tuple[int, ...]
    scheme: Scheme
    stream: str
    plan: DrawPlan | None  # None if it is not the kernel that fills it


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
        return all(scheme.in_ranges for scheme in self.rule.schemes)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Those that it is drawn in, in the order of their rows; raises what `check` does."""
        try:
            stream_of(self.name)
            pieces = self._pieces()
            if self.size:
                self.rule.check_padding_row(self.shape)
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"tensor {self.name!r}: {error}") from None
        return pieces

    def _pieces(self) -> tuple[Piece, ...]:
        stream, parts = self.rule.stream_of(self.name), self.rule.checked_parts
        if not parts:
            return (self._piece(0, self.shape[0] if self.shape else 1, self.rule.scheme, stream),)
        return tuple(
            self._piece(start, stop, scheme, part.stream_in(stream))
            for part, scheme, (start, stop) in zip(parts, self.rule.schemes, ranges_of(parts, self.shape), strict=True)
        )

    def _piece(self, start: int, stop: int, scheme: Scheme, stream: str) -> Piece:
        shape = (stop - start, *self.shape[1:]) if self.shape else ()
        plan = scheme.plan_for(shape, float_dtype(self._made_in))
        stream_of(stream)
        return Piece(start, stop, shape, scheme, stream, plan)

    @property
    def _made_in(self) -> np.dtype[Any]:
        """The dtype that its schemes fill."""
        return self.dtype

    def check(self) -> None:
        """Raise ValueError or TypeError, with the name, if it cannot be drawn."""
        _ = self.pieces

    def with_seed(self, seed: int) -> LazyTensor:
        """Return the tensor of another seed: checked once for both, since a seed decides no piece."""
        other = replace(self, seed=seed)
        other.__dict__["pieces"] = self.pieces
        return other

    @property
    def std(self) -> float:
        """The standard deviation of an element; of a fused tensor, the root of the mean variance within its parts."""
        if len(self.pieces) == 1:
            return self.pieces[0].scheme.std_for(self.shape)
        rows = [piece.stop - piece.start for piece in self.pieces]
        variances = [piece.scheme.std_for(piece.shape) ** 2 for piece in self.pieces]
        return sqrt(sum(n * v for n, v in zip(rows, variances, strict=True)) / max(sum(rows), 1))

    @property
    def is_random(self) -> bool:
        """Whether any of it is left to the seed."""
        return any(piece.scheme.is_random and piece.scheme.std_for(piece.shape) > 0 for piece in self.pieces)

    @property
    def fans(self) -> Fans | None:
        """The fans that its scale depends on; None if on none, or on those of several parts."""
        return self.pieces[0].scheme.fans_for(self.shape) if len(self.pieces) == 1 else None

    def kernel_calls(self, array: Array) -> list[KernelCall]:
        """Return the calls that fill an array of its shape and dtype but for the padding row; none if they cannot."""
        calls = [
            KernelCall(self._cut(array, self._start, piece)[0], piece.plan, self.seed, stream_of(piece.stream))
            for piece in self.pieces
            if piece.plan is not None
        ]
        return calls if len(calls) == len(self.pieces) else []

    def fill_whole_(self, array: Array, threads: int | None = None) -> Array:
        """Fill an array of the tensor's shape and dtype and return it."""
        return self._fill_(array, self._start, threads)

    def fill_(self, out: Array, first: int, threads: int | None = None) -> Array:
        """Fill a 1-D array with the elements from the one of index `first` on, and return it."""
        return self._fill_(out, first, threads)

    def fill_block_(self, array: Array, offset: Sequence[int], threads: int | None = None) -> Array:
        """Fill an array with the block that starts at `offset`, an index for each axis, and return it."""
        return self._fill_(array, tuple(offset), threads)

    def whole(self, threads: int | None = None) -> Array:
        """Return all of it."""
        return self.fill_whole_(np.empty(self.shape, self.dtype), threads)

    def same(self, a: Array, b: Array, first: int = 0) -> Array:
        """Whether each of the elements from index `first` on is the draw that b holds, as their schemes see it."""
        pairs = zip(self.in_pieces(a, first), self.in_pieces(b, first), strict=True)
        return np.concatenate([scheme.same(x, y) for (x, scheme), (y, _) in pairs])

    def in_pieces(self, array: Array, offset: Place | None = None) -> list[tuple[Array, Scheme]]:
        """Return what of each piece lies in all of the tensor, or in a part of it, and the piece's scheme."""
        at = self._start if offset is None else offset
        return [(self._cut(array, at, piece)[0], piece.scheme) for piece in self.pieces]

    def zero_padding_row(self, array: Array, offset: Place | None = None) -> None:
        """Zero what of that row lies in a part of the tensor, or in all of it."""
        row = self.rule.padding_row
        if row is not None and self.size:
            self._cut(array, self._start if offset is None else offset, (row, row + 1))[0][...] = 0

    @property
    def _start(self) -> tuple[int, ...]:
        return (0,) * len(self.shape)

    def _cut(self, array: Array, offset: Place, rows: tuple[Any, ...]) -> tuple[Array, Place]:
        """Return the view of what of these rows, from the first on and before the second, lies in a part of the
        tensor, and where in them it starts.
        """
        if offset == ():
            return array, offset
        unit, at = (1, offset[0]) if isinstance(offset, tuple) else (prod(self.shape[1:]), offset)
        start, stop = rows[0] * unit, rows[1] * unit
        view, place = array[max(start - at, 0) : max(stop - at, 0)], max(at - start, 0)
        return view, (place, *offset[1:]) if isinstance(offset, tuple) else place

    def _fill_(self, array: Array, offset: Place, threads: int | None) -> Array:
        shard_index(array.shape, self.shape, offset)  # that it lies inside: cuts would hide it
        for piece in self.pieces:
            view, place = self._cut(array, offset, piece)
            where = Where(self.seed, piece.stream, piece.shape, place, threads, on_empty="ignore")
            if not view.size:
                continue
            if piece.plan is None:
                piece.scheme.apply(view, where)
            else:
                draw(view, piece.plan, where)
        self.zero_padding_row(array, offset)
        return array
