"""Processes that write one file at once: each has its own temporary, none removes that of a living one."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

import fast_init as fi
from fast_init.checkpoints import temporaries
from fast_init.checkpoints.temporaries import remove_leftovers, temporary
from support.checkpoint_files import content

fcntl = pytest.importorskip("fcntl")

TENSORS = {f"w{k}.weight": ((1000, 500), "float32") for k in range(4)}
RECIPE = fi.Recipe([("*", fi.he_normal())])
INDEX = "model.safetensors.index.json"
OPTIONS: dict[str, Any] = {"seed": 1, "max_shard_size": "5MB", "resume": True}
WRITER = """
import sys, fast_init as fi
from fast_init.checkpoints import writing
writing.STEP = 1 << 20
once = []
def wait(done, total):
    if not once:
        once.append(print("in the middle", flush=True))
        sys.stdin.readline()
tensors = {f"w{k}.weight": ((1000, 500), "float32") for k in range(4)}
fi.write_checkpoint(sys.argv[1], tensors, fi.Recipe([("*", fi.he_normal())]), seed=1, max_shard_size="5MB",
                    resume=True, threads=1, progress=wait)
"""


def pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


@contextmanager
def writer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a process that has written half of a file and waits for a line."""
    command = [sys.executable, "-c", WRITER, str(folder)]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as process:
        try:
            assert pipe(process.stdout).readline() == "in the middle\n"
            yield process
        finally:
            process.kill()


def partials(folder: Path) -> list[str]:
    return [name for name in content(folder) if name.endswith(".partial")]


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, bytes]:
    fi.write_checkpoint(tmp_path / "whole", TENSORS, RECIPE, **OPTIONS)
    return content(tmp_path / "whole")


def test_two_processes_write_one_part_and_both_succeed(tmp_path: Path, expected: dict[str, bytes]) -> None:
    folder = tmp_path / "model"
    with writer(folder) as first, writer(folder) as second:
        assert len(partials(folder)) == 2
        for process in (second, first):
            assert process.communicate("go on\n") == ("", "")
            assert process.returncode == 0
    assert content(folder) == expected


def test_a_stopped_writer_keeps_its_temporary_while_another_finishes(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    folder = tmp_path / "model"
    with writer(folder) as stopped:
        stopped.send_signal(signal.SIGSTOP)
        (its,) = partials(folder)
        assert fi.write_checkpoint(folder, TENSORS, RECIPE, **OPTIONS).complete
        assert partials(folder) == [its]
        stopped.send_signal(signal.SIGCONT)
        assert stopped.communicate("go on\n") == ("", "")
        assert stopped.returncode == 0
    assert content(folder) == expected


def test_the_next_run_removes_what_a_killed_writer_left(tmp_path: Path, expected: dict[str, bytes]) -> None:
    folder = tmp_path / "model"
    with writer(folder) as killed:
        killed.kill()
        killed.wait()
        assert len(partials(folder)) == 1
    fi.write_checkpoint(folder, TENSORS, RECIPE, **OPTIONS)
    assert content(folder) == expected


@pytest.mark.parametrize("name", [INDEX, "config.json"])
def test_leftovers_of_small_files_go_even_where_all_is_written(
    tmp_path: Path, expected: dict[str, bytes], name: str
) -> None:
    (tmp_path / "whole" / f"{name}.0123abcd.partial").write_bytes(b"{")
    fi.write_checkpoint(tmp_path / "whole", TENSORS, RECIPE, **OPTIONS)
    assert content(tmp_path / "whole") == expected


def test_a_temporary_that_is_swept_before_its_lock_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, path = temporaries._lock, tmp_path / "x"
    early: list[int] = []

    def swept_first(descriptor: int, *, wait: bool) -> bool:
        if not early:
            early.append(1)
            remove_leftovers(path)
        return real(descriptor, wait=wait)

    monkeypatch.setattr(temporaries, "_lock", swept_first)
    with temporary(path) as (_, descriptor):
        remove_leftovers(path)
        assert len(partials(tmp_path)) == 1
        os.write(descriptor, b"whole")
    assert content(tmp_path) == {"x": b"whole"}


def test_without_locks_files_are_written_and_nothing_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / "x.0123abcd.partial"
    left.write_bytes(b"")

    def cannot(*_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    for k in range(2):
        if k == 0:
            monkeypatch.setattr(fcntl, "flock", cannot)
        else:
            monkeypatch.setattr(temporaries, "fcntl", None)
        remove_leftovers(tmp_path / "x")
        with temporary(tmp_path / "x") as (_, descriptor):
            os.write(descriptor, b"%d" % k)
        assert content(tmp_path) == {"x": b"%d" % k, left.name: b""}
