"""Files of a checkpoint written by an executor: processes, or the machines of a cluster that see one file system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from ..recipes.lazy_tensor import LazyTensor
from .files import begun
from .pieces import Count, Piece, pieces_of
from .plan import File

__all__ = ["write_files_by"]

PIECE = 1 << 28  # bytes of a task: about a second's work, so that little is lost with a worker
AT_ONCE = 256  # tasks that are submitted and not done, at most
TRIES = 3  # of a task whose worker was lost


@dataclass
class Open:
    """A file of which tasks are on their way."""

    context: ExitStack = field(default_factory=ExitStack)
    left: int = 0  # tasks


@dataclass(frozen=True)
class Task:
    """A piece on its way, its file, and how often it was tried before."""

    piece: Piece
    file: Open
    tried: int = 0


Pending = dict["Future[None]", Task]


def write_files_by(
    executor: Executor,
    folder: Path,
    files: Sequence[File],
    tensors: Mapping[str, LazyTensor],
    threads: int,
    count: Count,
) -> None:
    """Write files of a checkpoint by an executor's workers, each task on so many threads.

    A file is renamed when its last task is done; a task that fails is run again, which does no harm. Whatever is
    raised, the files that are whole stay, and of the others nothing.
    """
    try:
        _write(executor, folder.absolute(), files, tensors, threads, count)
    except BrokenExecutor as error:
        raise ChildProcessError(
            f"a worker of the executor has died, and with it the executor ({error}); files that are whole stay: "
            "resume with a new one"
        ) from error


def _write(
    executor: Executor,
    folder: Path,
    files: Sequence[File],
    tensors: Mapping[str, LazyTensor],
    threads: int,
    count: Count,
) -> None:
    pending: Pending = {}
    with ExitStack() as unfinished:
        unfinished.callback(lambda: [future.cancel() for future in pending])
        for file in files:
            opened = Open(unfinished.enter_context(ExitStack()))
            partial = opened.context.enter_context(begun(folder / file.name, file))
            pieces = list(pieces_of(partial, file, tensors, PIECE))
            opened.left = len(pieces)
            for piece in pieces:
                while len(pending) >= AT_ONCE:
                    _settle(executor, pending, threads, count)
                _submit(executor, pending, Task(piece, opened), threads)
            if not pieces:
                opened.context.close()
        while pending:
            _settle(executor, pending, threads, count)


def _submit(executor: Executor, pending: Pending, task: Task, threads: int) -> None:
    pending[executor.submit(write_piece, task.piece, threads)] = task


def _settle(executor: Executor, pending: Pending, threads: int, count: Count) -> None:
    """Wait for a task, and finish its file if it was the last."""
    for future in wait(list(pending), return_when=FIRST_COMPLETED).done:
        task = pending.pop(future)
        try:
            future.result()
        except BrokenExecutor:
            raise
        except Exception:
            if task.tried + 1 >= TRIES:
                raise
            _submit(executor, pending, Task(task.piece, task.file, task.tried + 1), threads)
            continue
        count(task.piece.end - task.piece.begin)
        task.file.left -= 1
        if not task.file.left:
            task.file.context.close()


def write_piece(piece: Piece, threads: int) -> None:
    """Do a task, wherever this runs."""
    piece.write(threads, lambda _: None)
