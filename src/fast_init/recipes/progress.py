"""Progress: a function that is told of it, or bars on stderr, which are drawn between fills and never during one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

__all__ = ["Track", "Watch", "tracked", "unwatched", "watched"]

Track: TypeAlias = Callable[[int, int], object]  # is told the bytes done and the bytes in all
Watch: TypeAlias = Callable[[str, Mapping[str, int]], Iterable[str]]  # a pass and its bytes by name -> the names


@contextmanager
def tracked(progress: bool | Track) -> Iterator[Track]:
    """Give the function to tell: the one given, that of a bar, or one that does nothing."""
    if callable(progress):
        yield progress
    elif progress:
        with _bars() as start:
            yield start("")
    else:
        yield lambda _done, _total: None


@contextmanager
def watched() -> Iterator[Watch]:
    """Give a function that goes through the names of a pass, with a bar for each pass."""
    with _bars() as start:

        def watch(what: str, sizes: Mapping[str, int]) -> Iterator[str]:
            track, done, total = start(what), 0, sum(sizes.values())
            for name, size in sizes.items():
                yield name
                done += size
                track(done, total)

        yield watch


def unwatched(_what: str, sizes: Mapping[str, int]) -> Iterable[str]:
    """The `Watch` that shows nothing."""
    return sizes


@contextmanager
def _bars() -> Iterator[Callable[[str], Track]]:
    """Give a function that starts a bar; bars show only on a terminal or in Jupyter, and vanish at the end."""
    try:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )
    except ImportError:
        raise ImportError("a progress bar needs rich: pip install 'fast-init[cli]', or pass a function") from None
    console = Console(stderr=True)
    shown = console.is_terminal or console.is_jupyter
    text = TextColumn("{task.description}")
    columns = text, BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, auto_refresh=False, transient=True, disable=not shown) as bars:

        def start(what: str) -> Track:
            task = bars.add_task(what, total=None)
            return lambda done, total: bars.update(task, completed=done, total=total, refresh=True)

        yield start
