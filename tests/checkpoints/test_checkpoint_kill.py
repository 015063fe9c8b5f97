"""Killing the writer: what is left never loads as a checkpoint, and resuming gives the bytes of an unbroken run."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import rmtree

import pytest

import fast_init as fi
from fast_init.checkpoints.reading import read_checkpoint
from fast_init.checkpoints.verification import verify_checkpoint

TENSORS = {f"w{k}.weight": ((2000, 500), "float32") for k in range(24)}
RECIPE = fi.Recipe([("*", fi.he_normal())])
WRITER = """
import sys, fast_init as fi
tensors = {f"w{k}.weight": ((2000, 500), "float32") for k in range(24)}
print("ready", flush=True)
fi.write_checkpoint(sys.argv[1], tensors, fi.Recipe([("*", fi.he_normal())]), seed=1, max_shard_size=sys.argv[2],
                    resume=True, threads=1)
"""


def content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def start(directory: Path, size: str) -> subprocess.Popen[bytes]:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(directory), size], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    return writer


def kill_and_look(directory: Path, size: str, delay: float, expected: dict[str, bytes]) -> bool:
    """Start a writer, kill it, and check what is left; return whether it came too late."""
    writer = start(directory, size)
    time.sleep(delay)
    writer.kill()
    finished = writer.wait() == 0
    writer.communicate()
    found = content(directory) if directory.exists() else {}
    named = {name: data for name, data in found.items() if not name.endswith(".partial")}
    assert named.items() <= expected.items(), "a file that is not whole has a name"
    loads = {"model.safetensors", "model.safetensors.index.json"} & set(found)
    if loads:
        assert set(named) == set(expected)
        assert verify_checkpoint(directory, recipe=RECIPE)
    else:
        with pytest.raises(FileNotFoundError, match=r"no complete checkpoint|No such file"):
            read_checkpoint(directory)
    return finished or bool(loads)


@pytest.mark.parametrize("kills", [pytest.param(3, id="few"), pytest.param(25, marks=pytest.mark.slow, id="many")])
@pytest.mark.parametrize("size", ["8MB", "1GB"])
def test_kills(tmp_path: Path, size: str, kills: int) -> None:
    fi.write_checkpoint(tmp_path / "whole", TENSORS, RECIPE, seed=1, max_shard_size=size)
    expected = content(tmp_path / "whole")
    writer = start(tmp_path / "timed", size)
    begun = time.perf_counter()
    writer.communicate()
    seconds = time.perf_counter() - begun
    assert writer.returncode == 0
    rng, early, attempts = random.Random(kills), 0, 0
    while early < kills:  # those that came too late do not count
        directory, attempts = tmp_path / f"broken{attempts}", attempts + 1
        assert attempts < 20 * kills
        if kill_and_look(directory, size, rng.uniform(0, 0.9 * seconds), expected):
            seconds *= 0.9
        else:
            early += 1
        fi.write_checkpoint(directory, TENSORS, RECIPE, seed=1, max_shard_size=size, resume=True)
        assert content(directory) == expected
        rmtree(directory)


def test_kills_of_one_directory_again_and_again(tmp_path: Path) -> None:
    fi.write_checkpoint(tmp_path / "whole", TENSORS, RECIPE, seed=1, max_shard_size="8MB")
    expected = content(tmp_path / "whole")
    for k in range(4):
        kill_and_look(tmp_path / "broken", "8MB", 0.01 * k, expected)
    fi.write_checkpoint(tmp_path / "broken", TENSORS, RECIPE, seed=1, max_shard_size="8MB", resume=True)
    assert content(tmp_path / "broken") == expected


def test_ctrl_c_leaves_no_temporary_file(tmp_path: Path) -> None:
    for delay in (0.02, 0.05):
        writer = start(tmp_path / "x", "1GB")
        time.sleep(delay)
        writer.send_signal(signal.SIGINT)
        writer.wait()
        writer.communicate()
        assert set(content(tmp_path / "x") if (tmp_path / "x").exists() else {}) <= {"model.safetensors"}


def test_processes_write_parts_at_once(tmp_path: Path) -> None:
    fi.write_checkpoint(tmp_path / "whole", TENSORS, RECIPE, seed=1, max_shard_size="8MB")
    code = WRITER.replace("resume=True", "part=(int(sys.argv[3]), 3)")
    command = [sys.executable, "-c", code, str(tmp_path / "parts"), "8MB"]
    writers = [subprocess.Popen([*command, str(k)], stdout=subprocess.DEVNULL) for k in (1, 2, 3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert content(tmp_path / "parts") == content(tmp_path / "whole")
