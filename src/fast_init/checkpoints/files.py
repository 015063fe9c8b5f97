"""One file of a checkpoint: drawn slab by slab into a temporary file, which gets its name when it is whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from ..recipes.lazy_tensor import LazyTensor
from ..sampling.destinations import Array
from .plan import File
from .safetensors_file import Entry
from .temporaries import temporary

__all__ = ["write_bytes", "write_file"]

SLAB = 1 << 22  # bytes that are drawn, while in the cache, and then written; a multiple of every itemsize
WINDOW = 1 << 8  # slabs that wait for a worker, at most
WORKERS = 8  # at most: a file takes bytes from one of them at a time

Count = Callable[[int], object]  # is told the bytes written since it was last called
Slab = list[tuple[Entry, int, int]]  # consecutive bytes of a file: of each tensor those from begin to end


def write_file(path: Path, file: File, tensors: Mapping[str, LazyTensor], threads: int, count: Count) -> None:
    """Write a file of a checkpoint; nothing has its name before all of it is on the disk."""
    with temporary(path) as descriptor:
        _reserve(descriptor, file.size)
        _write_all(descriptor, file.header, 0)
        start = len(file.header)
        for in_ranges, run in groupby(file.entries, key=lambda entry: tensors[entry.name].in_ranges):
            if in_ranges:
                _write_slabs(descriptor, start, list(run), tensors, threads, count)
                continue
            for entry in run:
                values = tensors[entry.name].whole(threads).reshape(-1).view(np.uint8)
                _write_all(descriptor, values.data, start + entry.begin)
                count(entry.end - entry.begin)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a small file; nothing has its name before all of it is on the disk."""
    with temporary(path) as descriptor:
        _write_all(descriptor, data, 0)


def _reserve(descriptor: int, size: int) -> None:
    """Take the room on the disk now: a full disk is an error before the work, not after it."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):  # of file systems that cannot
            raise


def _write_all(descriptor: int, data: bytes | memoryview, place: int) -> None:
    while data:
        written = os.pwrite(descriptor, data, place)
        data, place = data[written:], place + written


def _write_slabs(
    descriptor: int, start: int, run: Sequence[Entry], tensors: Mapping[str, LazyTensor], threads: int, count: Count
) -> None:
    """Write the bytes of consecutive tensors, of which ranges can be drawn, on a team of threads."""
    buffers: SimpleQueue[Array] = SimpleQueue()
    workers = min(threads, WORKERS)
    for _ in range(workers):
        buffers.put(np.empty(SLAB, np.uint8))

    def write(slab: Slab) -> int:
        buffer = buffers.get()
        try:
            data = _draw(slab, tensors, buffer)
            _write_all(descriptor, data.data, start + slab[0][1])
            return data.size
        finally:
            buffers.put(buffer)

    slabs = _slabs(run)
    with ThreadPoolExecutor(workers) as pool:
        while window := list(islice(slabs, WINDOW)):
            for size in pool.map(write, window):
                count(size)


def _draw(slab: Slab, tensors: Mapping[str, LazyTensor], buffer: Array) -> Array:
    first = slab[0][1]
    for entry, begin, end in slab:
        tensor = tensors[entry.name]
        out = buffer[begin - first : end - first].view(tensor.dtype)
        tensor.fill_(out, (begin - entry.begin) // tensor.dtype.itemsize, 1)
    return buffer[: slab[-1][2] - first]


def _slabs(run: Sequence[Entry]) -> Iterator[Slab]:
    """Cut the bytes of a run of tensors into slabs; the last may be shorter."""
    slab: Slab = []
    limit = run[0].begin + SLAB
    for entry in run:
        begin = entry.begin
        while begin < entry.end:
            end = min(entry.end, limit)
            slab.append((entry, begin, end))
            begin = end
            if end == limit:
                yield slab
                slab, limit = [], limit + SLAB
    if slab:
        yield slab
