"""Tensors that the CPU cannot write: drawn in slabs into pinned memory, and copied while the next slab is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from math import prod
from typing import Any, TypeAlias

import numpy as np
import torch

from ..sampling.destinations import Array
from ..sampling.where import Where
from .destinations import array_of

__all__ = ["SLAB", "Buffer", "boxes", "fill_staged"]

SLAB = 32 << 20  # bytes of one of the two slabs: some milliseconds of drawing, and of copying

Box: TypeAlias = tuple[slice, ...]
Copy: TypeAlias = "Callable[[torch.Tensor, Box, Buffer], None]"


def fill_staged(
    target: torch.Tensor,
    draw: Callable[[Array, Where], Any],
    where: Where,
    in_ranges: bool = True,
    copy: Copy | None = None,
) -> None:
    """Fill a tensor on another device with what `draw` puts into an array of its shape.

    The key of `where` is an int. Two slabs of memory are used, whatever the size of the target; a scheme that makes
    whole tensors only (`in_ranges` is false) makes it at once.
    """
    shape = tuple(target.shape)
    where.check(shape)
    whole = where.global_shape is None and where.offset is None
    global_shape = shape if whole else where.global_shape
    limit = max(1, SLAB // target.element_size() if in_ranges else target.numel())
    buffers = [Buffer(target, min(limit, target.numel())) for _ in range(2 if target.numel() > limit else 1)]
    for box, buffer in zip(boxes(shape, limit), cycle(buffers), strict=False):
        buffer.reshape(box)
        offset = tuple(part.start for part in box) if whole else _moved(where.offset, box)
        draw(array_of(buffer.slab), replace(where, global_shape=global_shape, offset=offset))
        (copy or upload)(target, box, buffer)
    for buffer in buffers:
        buffer.wait()


class Buffer:
    """A slab of memory that a device can copy by itself, and the event that says when it has."""

    def __init__(self, target: torch.Tensor, size: int) -> None:
        self.memory = torch.empty(size, dtype=target.dtype, device="cpu", pin_memory=target.is_cuda)
        self.slab = self.memory
        self.copied: Any = None  # an event of the device

    def wait(self) -> None:
        """Wait until the slab has been copied."""
        if self.copied is not None:
            self.copied.synchronize()

    def reshape(self, box: Box) -> None:
        """Make the slab one of the shape of a box, once what it held has been copied."""
        self.wait()
        shape = [part.stop - part.start for part in box]
        self.slab = self.memory[: prod(shape)].view(shape)


def upload(target: torch.Tensor, box: Box, buffer: Buffer) -> None:
    """Copy a slab into its box of the target, after what the device's current stream has to do."""
    part = target.detach()[box]
    if not target.is_cuda:
        part.copy_(buffer.slab)
        return
    with torch.cuda.device(target.device):
        part.copy_(buffer.slab, non_blocking=True)
        buffer.copied = torch.cuda.Event()
        buffer.copied.record()


def boxes(shape: Sequence[int], limit: int) -> Iterator[Box]:
    """Yield boxes of at most so many elements that cover a tensor, in order; a tensor without elements is one box."""
    size = prod(shape)
    if size <= limit:
        yield tuple(slice(0, n) for n in shape)
        return
    rows = max(1, limit // (size // shape[0]))
    for start in range(0, shape[0], rows):
        stop = min(start + rows, shape[0])
        if rows > 1 or size // shape[0] <= limit:
            yield (slice(start, stop), *(slice(0, n) for n in shape[1:]))
        else:
            yield from ((slice(start, stop), *rest) for rest in boxes(shape[1:], limit))


def _moved(first: Any, box: Box) -> Any:
    """Return the offset of a box of what starts at `first`: an index for each axis, or one of the flat tensor."""
    starts = [part.start for part in box]
    if first is None:
        return starts
    if isinstance(first, (Sequence, np.ndarray)):
        return [o + s for o, s in zip(first, starts, strict=True)]
    return first + starts[0]
