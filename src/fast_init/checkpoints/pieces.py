"""Consecutive bytes of a file: drawn slab by slab into their place, by one task or by many, here or elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from ..recipes.lazy_tensor import LazyTensor
from ..sampling.destinations import Array
from .plan import File
from .safetensors_file import Entry

__all__ = ["Count", "Piece", "pieces_of", "write_all"]

SLAB = 1 << 22  # bytes that are drawn, while in the cache, and then written; a multiple of every itemsize
WINDOW = 1 << 8  # slabs that wait for a thread, at most
MOST_THREADS = 8  # a file takes bytes from one of them at a time

Count = Callable[[int], object]  # is told the bytes written since it was last called
Parts = Sequence[tuple[Entry, LazyTensor]]
Slab = list[tuple[Entry, LazyTensor, int, int]]  # consecutive bytes of a file: of each tensor those from begin to end


@dataclass(frozen=True)
class Piece:
    """The bytes from begin to end of the tensors of a file: a task that may be lost and run again, wherever the file is
    seen; it pickles to some hundred bytes a tensor.
    """

    path: Path
    start: int  # where the first tensor lies in the file; begin and end count from there
    begin: int
    end: int
    parts: tuple[tuple[Entry, LazyTensor], ...]  # the tensors that these bytes are of, in order

    def write(self, threads: int, count: Count) -> None:
        """Draw and write them; `count` is told of the bytes on the way."""
        descriptor = os.open(self.path, os.O_WRONLY)
        try:
            if self.parts[0][1].in_ranges:
                self._write_slabs(descriptor, threads, count)
            else:
                values = self.parts[0][1].whole(threads).reshape(-1).view(np.uint8)
                write_all(descriptor, values.data, self.start + self.begin)
                count(values.size)
        finally:
            os.close(descriptor)

    def _write_slabs(self, descriptor: int, threads: int, count: Count) -> None:
        """Write tensors of which ranges can be drawn, on a team of threads."""
        buffers: SimpleQueue[Array] = SimpleQueue()
        workers = min(threads, MOST_THREADS)
        for _ in range(workers):
            buffers.put(np.empty(SLAB, np.uint8))

        def write(slab: Slab) -> int:
            buffer = buffers.get()
            try:
                data = _draw(slab, buffer)
                write_all(descriptor, data.data, self.start + slab[0][2])
                return data.size
            finally:
                buffers.put(buffer)

        slabs = _slabs(self.parts, self.begin, self.end)
        with ThreadPoolExecutor(workers) as pool:
            while window := list(islice(slabs, WINDOW)):
                for size in pool.map(write, window):
                    count(size)


def pieces_of(path: Path, file: File, tensors: Mapping[str, LazyTensor], most: int) -> Iterator[Piece]:
    """Cut a file's tensors into pieces of at most `most` bytes, a tensor that is made whole being one of its own."""
    start = len(file.header)
    for in_ranges, run in groupby(file.entries, key=lambda entry: tensors[entry.name].in_ranges):
        entries = [entry for entry in run if entry.end > entry.begin]
        if not in_ranges:
            for entry in entries:
                yield Piece(path, start, entry.begin, entry.end, ((entry, tensors[entry.name]),))
        if not in_ranges or not entries:
            continue
        place, last = entries[0].begin, entries[-1].end
        while place < last:
            end = min(place + most, last)
            parts = tuple((e, tensors[e.name]) for e in entries if e.begin < end and e.end > place)
            yield Piece(path, start, place, end, parts)
            place = end


def write_all(descriptor: int, data: bytes | memoryview, place: int) -> None:
    """Write all of the data at a place of a file."""
    while data:
        written = os.pwrite(descriptor, data, place)
        data, place = data[written:], place + written


def _draw(slab: Slab, buffer: Array) -> Array:
    first = slab[0][2]
    for entry, tensor, begin, end in slab:
        out = buffer[begin - first : end - first].view(tensor.dtype)
        tensor.fill_(out, (begin - entry.begin) // tensor.dtype.itemsize, 1)
    return buffer[: slab[-1][3] - first]


def _slabs(parts: Parts, begin: int, end: int) -> Iterator[Slab]:
    """Cut consecutive bytes of tensors into slabs; the last may be shorter."""
    slab: Slab = []
    limit = begin + SLAB
    for entry, tensor in parts:
        place, last = max(begin, entry.begin), min(end, entry.end)
        while place < last:
            stop = min(last, limit)
            slab.append((entry, tensor, place, stop))
            place = stop
            if stop == limit:
                yield slab
                slab, limit = [], limit + SLAB
    if slab:
        yield slab
