"""A file has a temporary name until it is whole; a lock on it says that its writer lives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

try:
    import fcntl
except ImportError:  # no POSIX system: nothing is locked, so nothing is taken for a leftover
    fcntl = None  # type: ignore[assignment]

__all__ = ["TEMPORARY", "remove_leftovers", "temporary"]

TEMPORARY = ".partial"


@contextmanager
def temporary(path: Path) -> Iterator[tuple[Path, int]]:
    """Give the path and the descriptor of a new file that is renamed to `path` at the end, or removed on an error.

    Its name is random, and it is locked until then. So several processes may write one file: each has its own, which
    no other removes, and as all rename the same bytes to `path`, all succeed.
    """
    partial, descriptor = _create(path)
    try:
        yield partial, descriptor
        os.fsync(descriptor)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_leftovers(path: Path) -> None:
    """Remove what killed writers of this file have left; what cannot be locked may be a living one's, and stays."""
    if fcntl is None:
        return
    for partial in path.parent.glob(f"{path.name}.*{TEMPORARY}"):
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # gone meanwhile, or not ours to remove
            continue
        try:
            if _lock(descriptor, wait=False):
                partial.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def _create(path: Path) -> tuple[Path, int]:
    while True:
        partial = path.with_name(f"{path.name}.{token_hex(4)}{TEMPORARY}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        if not _lock(descriptor, wait=True) or partial.exists():
            return partial, descriptor
        os.close(descriptor)  # another process locked it first and took it for a leftover


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Lock a file until it is closed or the process ends; False if another has it, or nothing can be locked there."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
