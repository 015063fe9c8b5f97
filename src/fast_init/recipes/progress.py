"""Progress of long work: a bar on stderr (needs rich), a function of the caller's, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Track", "tracked"]

Track = Callable[[int, int], object]  # is told the bytes done and the bytes in all


@contextmanager
def tracked(progress: bool | Track) -> Iterator[Track]:
    """Give a function to call with the bytes done and in all: the one given, a bar on stderr, or nothing."""
    if callable(progress):
        yield progress
        return
    if not progress:
        yield lambda _done, _total: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn
    except ImportError:
        raise ImportError("a progress bar needs rich: pip install 'fast-init[cli]', or pass a function") from None
    columns = BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)
