"""Files of a checkpoint written by an executor: processes, or the machines of a cluster that see one file system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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

    context: ExitStack
    left: int  # tasks


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
    pending: Pending = {}
    folder = folder.absolute()
    with _sentence(), ExitStack() as unfinished:
        unfinished.callback(lambda: [future.cancel() for future in pending])
        for file in files:
            context = unfinished.enter_context(ExitStack())
            pieces = list(pieces_of(context.enter_context(begun(folder / file.name, file)), file, tensors, PIECE))
            opened = Open(context, len(pieces))
            for piece in pieces:
                while len(pending) >= AT_ONCE:
                    _settle(executor, pending, threads, count)
                _submit(executor, pending, Task(piece, opened), threads)
            if not pieces:
                context.close()
        while pending:
            _settle(executor, pending, threads, count)


@contextmanager
def _sentence() -> Iterator[None]:
    """Say of an executor that breaks what it means for a checkpoint."""
    try:
        yield
    except BrokenExecutor as error:
        raise ChildProcessError(
            f"a worker of the executor has died, and with it the executor ({error}); files that are whole stay: "
            "resume with a new one"
        ) from error


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
