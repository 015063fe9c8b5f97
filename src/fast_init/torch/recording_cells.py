"""What is known of a storage: by ranges of its elements, what was last written there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

import torch

from ..schemes.distributions import Constant
from ..schemes.scheme import Distribution, Scheme

__all__ = [
    "KNOWN",
    "LIMIT",
    "NEVER",
    "Cell",
    "Content",
    "Draw",
    "Fault",
    "Known",
    "Piece",
    "order_of",
    "reach_of",
    "rows_of",
    "span_of",
]

LIMIT = 64 << 20  # bytes of a tensor whose values are kept


@dataclass(frozen=True)
class Draw:
    """Drawn by a scheme. Of one origin are increasing or falling functions of one draw, from its element `first` on."""

    scheme: Scheme
    origin: object
    shape: tuple[int, ...] | None = None  # that the scheme was given, where its values depend on it
    first: int = 0
    falling: bool = False

    @property
    def constant(self) -> float | None:
        """The one value that it writes, None if it writes several."""
        return self.scheme.val if isinstance(self.scheme, Constant) else None

    def part(self, start: int) -> Draw:
        """Return what its elements from one on are."""
        return replace(self, first=self.first + start) if start else self


@dataclass(frozen=True)
class Fault:
    """Written by an operation that no scheme stands for, or by none; `where` is a line of the model's code."""

    operation: str
    where: str

    def part(self, start: int) -> Fault:  # noqa: ARG002
        """Return what its elements from one on are."""
        return self


NEVER = "never initialised"  # the operation of memory as torch.empty leaves it


class Known:
    """The values are in the twin."""

    def part(self, start: int) -> Known:  # noqa: ARG002
        """Return what its elements from one on are."""
        return self


KNOWN = Known()
Content = Draw | Fault | Known


class Piece(NamedTuple):
    """Elements from `start` until `stop`, which is excluded, and what is in them."""

    start: int
    stop: int
    content: Content


def span_of(tensor: torch.Tensor) -> tuple[int, int] | None:
    """Return the first and the last element, the last excluded, of a view that has each between them once."""
    expected = 1
    for stride, size in sorted((t, n) for t, n in zip(tensor.stride(), tensor.shape, strict=True) if n != 1):
        if stride != expected:
            return None if tensor.numel() else (0, 0)
        expected *= size
    start = tensor.storage_offset()
    return start, start + tensor.numel()


def reach_of(tensor: torch.Tensor) -> tuple[int, int]:
    """Return the least range that all elements of a view lie in."""
    start = tensor.storage_offset()
    if not tensor.numel():
        return start, start
    return start, start + sum((n - 1) * t for n, t in zip(tensor.shape, tensor.stride(), strict=True)) + 1


def order_of(tensor: torch.Tensor) -> tuple[int, ...]:
    """Return what tensors of one shape have in common whose elements lie in memory in the same order."""
    return tuple(stride for stride, size in zip(tensor.stride(), tensor.shape, strict=True) if size != 1)


class Cell:
    """The contents of a storage, whose elements are of one dtype."""

    def __init__(self, tensor: torch.Tensor, content: Content) -> None:
        self.storage = tensor.untyped_storage()  # held, so that its address stays its own
        self.dtype = tensor.dtype
        self.size = self.storage.nbytes() // max(tensor.itemsize, 1)
        self.pieces = [Piece(0, self.size, content)]
        self.twin: torch.Tensor | None = None
        self.unwritten: torch.Tensor | None = None  # elements of the twin that have no value yet

    def put(self, start: int, stop: int, content: Content) -> None:
        """Note what was written to a range."""
        if start < stop:
            before, after = self.within(0, start), self.within(stop, self.size)
            self.pieces = list(_merged([*before, Piece(start, stop, content), *after]))

    def within(self, start: int, stop: int) -> list[Piece]:
        """Return the pieces of a range."""
        return [
            Piece(max(a, start), min(b, stop), content.part(max(start - a, 0)))
            for a, b, content in self.pieces
            if max(a, start) < min(b, stop)
        ]

    def values_of(self, tensor: torch.Tensor, to_write: bool = False) -> torch.Tensor | None:
        """Return the twin of a view, None unless its values are all known; `to_write` holds for those that are
        overwritten: then only what is not kept can stand in the way.
        """
        if self.size * self.dtype.itemsize > LIMIT:
            return None
        same = tensor.dtype == self.dtype
        start, stop = reach_of(tensor) if same else (0, self.size)
        pieces = self.within(start, stop)
        if not all(_can_be_kept(piece.content, to_write and same) for piece in pieces):
            return None
        if self.twin is None:
            self.twin = torch.empty(self.size, dtype=self.dtype, device="cpu")
        for piece in pieces:
            self._keep(piece, self.twin)
        place: tuple[Any, ...] = tensor.shape, tensor.stride(), tensor.storage_offset()
        if self.unwritten is not None:
            if not same:
                return None
            if to_write:
                self.unwritten.as_strided(*place).fill_(False)
            elif bool(self.unwritten.as_strided(*place).any()):
                return None
        return self.twin.view(tensor.dtype).as_strided(*place)

    def _keep(self, piece: Piece, twin: torch.Tensor) -> None:
        """Move what a piece has into the twin."""
        start, stop, content = piece
        if isinstance(content, Known):
            return
        constant = content.constant if isinstance(content, Draw) else None
        if constant is not None:
            twin[start:stop].fill_(constant)
        elif self.unwritten is None:
            self.unwritten = torch.zeros(self.size, dtype=torch.bool, device="cpu")
        if self.unwritten is not None:
            self.unwritten[start:stop] = constant is None
        self.put(start, stop, KNOWN)


def _can_be_kept(content: Content, to_write: bool) -> bool:
    """Whether a twin can hold it; memory without values only if it is written then."""
    if isinstance(content, Fault):
        return to_write and content.operation == NEVER
    return isinstance(content, Known) or content.constant is not None


def _merged(pieces: list[Piece]) -> Iterator[Piece]:
    """Join neighbours that are one draw, or several of one distribution."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and (content := _joined(last, piece)) is not None:
            last = Piece(last.start, piece.stop, content)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _joined(a: Piece, b: Piece) -> Content | None:
    """Return what two neighbours are as one: two draws of one distribution are a third. None if they are two."""
    x, y, size = a.content, b.content, a.stop - a.start
    if x.part(size) == y:
        return x
    if not isinstance(x, Draw) or not isinstance(y, Draw):
        return None
    if not isinstance(x.scheme, Distribution) or x.scheme != y.scheme:
        return None
    apart = x.first + size <= y.first or y.first + b.stop - b.start <= x.first
    return Draw(x.scheme, object()) if x.constant is not None or x.origin is not y.origin or apart else None


def rows_of(shape: tuple[int, ...], piece: Piece) -> tuple[int, int] | None:
    """Return the first and the last row, the last excluded, that a piece of a contiguous tensor is; None if it is not
    one of whole rows.
    """
    width = prod(shape[1:])
    if not shape or not width or piece.start % width or piece.stop % width:
        return None
    return piece.start // width, piece.stop // width
