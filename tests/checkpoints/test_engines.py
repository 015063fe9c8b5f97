"""A checkpoint written by an executor: the same bytes, whatever becomes of its tasks."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from fast_init.checkpoints import engines
from fast_init.checkpoints.pieces import Piece
from support.checkpoint_files import content, write
from support.killing import Killing


class AtOnce(Executor):
    """Runs a task when it is submitted."""

    submitted = 0

    def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.submitted += 1
        try:
            future.set_result(function(*arguments, **options))
        except Exception as error:
            future.set_exception(error)
        return future


def lost(*_: object) -> None:
    raise ConnectionError("the worker is gone")


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PIECE", 1 << 14)


@pytest.fixture
def want(tmp_path: Path) -> dict[str, bytes]:
    write(tmp_path / "want")
    return content(tmp_path / "want")


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_threads_write_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, want: dict[str, bytes], at_once: int
) -> None:
    monkeypatch.setattr(engines, "AT_ONCE", at_once)
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(3) as executor:
        done = write(tmp_path / "got", executor=executor, progress=lambda *place: seen.append(place))
    assert content(tmp_path / "got") == want
    assert done.complete
    assert seen[-1][0] == seen[-1][1]


def test_processes_write_the_same_bytes(tmp_path: Path, want: dict[str, bytes]) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        write(tmp_path / "got", executor=executor, threads=2)
    assert content(tmp_path / "got") == want


def test_a_relative_directory_is_the_same_for_workers_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, want: dict[str, bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with ProcessPoolExecutor(1, get_context("spawn"), os.chdir, (elsewhere,)) as executor:
        write(Path("got"), executor=executor)
    assert content(tmp_path / "got") == want


def test_tasks_are_small(tmp_path: Path) -> None:
    pickled: list[int] = []

    class Watched(AtOnce):
        def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
            pickled.append(len(pickle.dumps((function, arguments, options))))
            return super().submit(function, *arguments, **options)

    write(tmp_path, executor=Watched())
    assert max(pickled) < 10_000


def test_a_task_that_fails_is_run_again(tmp_path: Path, want: dict[str, bytes]) -> None:
    failed: set[tuple[str, int]] = set()

    class FirstFails(AtOnce):
        def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
            place = str(arguments[0].path), arguments[0].begin
            new = place not in failed
            failed.add(place)
            return super().submit(lost if new else function, *arguments, **options)

    write(tmp_path / "got", executor=FirstFails())
    assert len(failed) > 100
    assert content(tmp_path / "got") == want


def test_a_task_that_fails_always_is_an_error_and_leaves_whole_files_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, want: dict[str, bytes]
) -> None:
    monkeypatch.setattr(engines, "AT_ONCE", 1)

    class FailsLater(AtOnce):
        def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
            return super().submit(function if self.submitted < 100 else lost, *arguments, **options)

    with pytest.raises(ConnectionError, match="the worker is gone"):
        write(tmp_path / "got", executor=FailsLater())
    left = content(tmp_path / "got")
    assert 0 < len(left) < len(want)
    assert left.items() <= want.items()
    done = write(tmp_path / "got", executor=AtOnce(), resume=True)
    assert set(done.kept) == set(left)
    assert content(tmp_path / "got") == want


def test_a_killed_worker_breaks_the_executor_and_the_next_resumes(tmp_path: Path, want: dict[str, bytes]) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        killing = Killing(executor, lambda: executor.submit(os.kill, executor.submit(os.getpid).result(), SIGKILL), 10)
        with pytest.raises(
            ChildProcessError, match=r"a worker of the executor has died.*resume with a new one"
        ) as raised:
            write(tmp_path / "got", executor=killing)
    assert isinstance(raised.value.__cause__, BrokenProcessPool)
    assert content(tmp_path / "got").items() <= want.items()
    with ThreadPoolExecutor(2) as threads:
        write(tmp_path / "got", executor=threads, resume=True)
    assert content(tmp_path / "got") == want


def test_nothing_is_drawn_into_a_finished_file(tmp_path: Path, want: dict[str, bytes]) -> None:
    executor = AtOnce()
    write(tmp_path / "got", executor=executor)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "got").iterdir()}
    again = AtOnce()
    done = write(tmp_path / "got", executor=again, resume=True)
    assert (again.submitted, done.size, done.complete) == (0, 0, True)
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "got").iterdir()}
    assert content(tmp_path / "got") == want


def test_no_two_pieces_write_one_byte(tmp_path: Path) -> None:
    pieces: list[Piece] = []

    class Kept(AtOnce):
        def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
            pieces.append(arguments[0])
            return super().submit(function, *arguments, **options)

    write(tmp_path / "got", executor=Kept())
    spans = sorted((piece.path.name.split(".safetensors")[0], piece.begin, piece.end) for piece in pieces)
    assert all(file != other or end <= begin for (file, _, end), (other, begin, _) in pairwise(spans))
    assert max(end - begin for _, begin, end in spans) <= 1 << 14
