"""Files of a checkpoint: written piece by piece under temporary names, each renamed when it is whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..recipes.lazy_tensor import LazyTensor
from .pieces import Count, pieces_of, write_all
from .plan import File
from .temporaries import temporary

__all__ = ["begun", "write_bytes", "write_files"]


def write_files(
    folder: Path, files: Sequence[File], tensors: Mapping[str, LazyTensor], threads: int, count: Count
) -> None:
    """Write files of a checkpoint, one after the other, on a team of threads."""
    for file in files:
        with begun(folder / file.name, file) as partial:
            for piece in pieces_of(partial, file, tensors, file.size):
                piece.write(threads, count)


@contextmanager
def begun(path: Path, file: File) -> Iterator[Path]:
    """Give the temporary path of a file that has its header and the room for the rest; whoever has this open fills it.

    Nothing has the file's name before all of it is on the disk.
    """
    with temporary(path) as (partial, descriptor):
        _reserve(descriptor, file.size)
        write_all(descriptor, file.header, 0)
        yield partial


def write_bytes(path: Path, data: bytes) -> None:
    """Write a small file; nothing has its name before all of it is on the disk."""
    with temporary(path) as (_, descriptor):
        write_all(descriptor, data, 0)


def _reserve(descriptor: int, size: int) -> None:
    """Take the room on the disk now: a full disk is an error before the work, not after it."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):  # of file systems that cannot
            raise
