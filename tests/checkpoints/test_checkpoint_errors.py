"""write_checkpoint: what it refuses, and what it leaves behind when it fails."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

import fast_init as fi
from fast_init.checkpoints import writing as checkpoints
from fast_init.checkpoints.plan import bytes_of
from support.checkpoint_files import TENSORS, content, in_memory, write


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    real, calls = os.pwrite, []

    def fails(*arguments: Any) -> int:
        calls.append(1)
        if len(calls) > 4:
            raise error
        return real(*arguments)

    monkeypatch.setattr(os, "pwrite", fails)
    with pytest.raises(type(error)) as caught:
        write(tmp_path)
    if isinstance(error, OSError):
        assert str(caught.value).endswith("cannot be written: No space left on device; free room, then resume")
    assert all(name.endswith(".safetensors") for name in content(tmp_path))
    monkeypatch.setattr(os, "pwrite", real)
    assert write(tmp_path, resume=True).complete
    write(tmp_path / "whole")
    assert content(tmp_path / "whole") == content(tmp_path)


def test_a_full_disk_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    monkeypatch.setattr(os, "pwrite", None)
    with pytest.raises(OSError, match="No space left on device; free room"):
        write(tmp_path)
    assert content(tmp_path) == {}


def test_a_file_system_that_cannot_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: int) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", cannot)
    assert write(tmp_path / "a").complete
    monkeypatch.delattr(os, "posix_fallocate")
    assert write(tmp_path / "b").complete
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_a_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(
        OSError, match="cannot be written: File exists; choose another directory or its permissions, then resume"
    ):
        write(tmp_path / "x")
    with pytest.raises(OSError, match="cannot be written: Not a directory"):
        write(tmp_path / "x" / "y")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="cannot be written: Permission denied"):
        write(tmp_path)


def test_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "STEP", 1 << 20)
    seen: list[tuple[int, int]] = []
    write(tmp_path, progress=lambda done, total: seen.append((done, total)))
    total = sum(array.nbytes for array in in_memory(5).values())
    assert seen[-1] == (total, total)
    assert len(seen) >= 3
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_without_a_seed_one_is_drawn_and_kept(tmp_path: Path) -> None:
    done = write(tmp_path, seed=None)
    with safe_open(tmp_path / done.files[0], "np") as file:
        assert file.metadata()["seed"] == str(done.seed)
    assert (
        load_file(tmp_path / done.files[-1])["half.weight"].tobytes() == in_memory(done.seed)["half.weight"].tobytes()
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"part": (0, 2)}, r"part is \(0, 2\); it must be K and N with 1 <= K <= N"),
        ({"part": (3, 2)}, r"part is \(3, 2\)"),
        ({"part": 3}, "part is 3; it must be K and N"),
        ({"part": (1.0, 2)}, r"part is \(1.0, 2\)"),
        ({"part": (1, 2), "seed": None}, "seed is None; all runs and parts of a checkpoint need the same one"),
        ({"resume": True, "seed": np.random.default_rng(1)}, "all runs and parts of a checkpoint need the same one"),
        ({"dtype": "float64"}, "dtype is 'float64'; it must be one of float32, float16, bfloat16: pass one of these"),
        ({"max_shard_size": "5 potatoes"}, "max_shard_size is '5 potatoes'; it must be a number of bytes > 0"),
        ({"max_shard_size": 0}, "max_shard_size is 0"),
        ({"max_shard_size": True}, "max_shard_size is True"),
        ({"seed": -1}, "seed is -1; it must be in"),
        ({"threads": 0}, "threads is 0; it must be at least 1"),
    ],
)
def test_bad_arguments(tmp_path: Path, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        write(tmp_path / "d", **options)
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    ("tensors", "sentence"),
    [
        ({}, "there are no tensors"),
        ({"__metadata__": ((3,), "float32")}, "a tensor is named '__metadata__'"),
        ({"w": ((-3,), "float32")}, r"tensor 'w' is given as \(\(-3,\), 'float32'\)"),
        ({"w": "float32"}, "tensor 'w' is given as 'float32'; that is no shape and dtype"),
        ({"w": ((3,), "int4")}, "dtype is 'int4'; it must be one of float32"),
        ({"w": ((3,), "float32")}, "tensor 'w': .*shape"),
        ({"v": ((3, 3), "float32")}, "no rule matches v"),
        ({"p": ((3, 3), "float32")}, r"tensor 'p': padding_row is 3 for shape \(3, 3\); it must be a row"),
        ({"c": ((3, 3), "float16")}, "tensor 'c': val is 1000000.0; the array's dtype holds at most 65504"),
    ],
)
def test_bad_tensors(tmp_path: Path, tensors: Any, sentence: str) -> None:
    recipe = fi.Recipe([("w", fi.he_normal()), fi.Rule("p", fi.normal(), padding_row=3), ("c", fi.constant(1e6))])
    with pytest.raises(ValueError, match=sentence):
        fi.write_checkpoint(tmp_path / "d", tensors, recipe, seed=1)
    assert not (tmp_path / "d").exists()


def test_a_recipe_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="recipe is 'gpt2'; it must be a Recipe: pass"):
        fi.write_checkpoint(tmp_path, TENSORS, "gpt2", seed=1)  # type: ignore[arg-type]


def test_bfloat16_without_ml_dtypes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(ImportError, match="NumPy knows it only with ml_dtypes: pip install ml_dtypes"):
        write(tmp_path)
    assert write(tmp_path, dtype="float32").complete


@pytest.mark.parametrize(
    ("text", "size"), [("5GB", 5 * 10**9), ("5 GiB", 5 * 2**30), ("1.5kb", 1500), (7, 7), ("7", 7), ("2MB", 2 * 10**6)]
)
def test_sizes(text: int | str, size: int) -> None:
    assert bytes_of(text) == size


def test_dtypes_as_numpy_has_them(tmp_path: Path) -> None:
    tensors = {"a": ((3,), np.float16), "b": ((3,), np.dtype(np.float32)), "c": ((3,), ml_dtypes.bfloat16)}
    fi.write_checkpoint(tmp_path, tensors, fi.Recipe([("*", fi.normal())]), seed=1)
    found = load_file(tmp_path / "model.safetensors")
    assert {name: array.dtype.name for name, array in found.items()} == {
        "a": "float16",
        "b": "float32",
        "c": "bfloat16",
    }
