"""write_checkpoint: the files hold what the recipe would put in memory, in any split, part and number of threads."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

import fast_init as fi
from fast_init.checkpoints import pieces
from support.checkpoint_files import INDEX, RECIPE, TENSORS, content, in_memory, write


def raw(array: np.ndarray[Any, Any]) -> tuple[tuple[int, ...], str, bytes]:
    return array.shape, array.dtype.name, array.tobytes()


@pytest.mark.parametrize("dtype", [None, "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("size", ["1MB", "1GiB"])
def test_files_hold_what_init_puts_in_memory(tmp_path: Path, dtype: str | None, size: str) -> None:
    done = write(tmp_path, dtype=dtype, max_shard_size=size)
    assert done.complete
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted([*done.files, *([INDEX] if size == "1MB" else [])])
    found = {k: v for name in done.files for k, v in load_file(tmp_path / name).items()}
    expected = in_memory(5, dtype)
    assert {name: raw(array) for name, array in found.items()} == {n: raw(array) for n, array in expected.items()}


def test_the_index_and_the_headers(tmp_path: Path) -> None:
    done = write(tmp_path)
    index = json.loads((tmp_path / INDEX).read_text())
    assert list(done.files) == [
        f"model-{k:05}-of-{len(done.files):05}.safetensors" for k in range(1, len(done.files) + 1)
    ]
    assert set(index["weight_map"]) == set(TENSORS)
    assert index["metadata"] == {"total_size": sum(array.nbytes for array in in_memory(5).values())}
    for name in done.files:
        with safe_open(tmp_path / name, "np") as file:
            assert {key for key, place in index["weight_map"].items() if place == name} == set(file.keys())
            metadata = file.metadata()
        assert (metadata["format"], metadata["seed"], metadata["stream_version"]) == ("pt", "5", "1")
        assert metadata["fast_init_version"]
        if sys.version_info >= (3, 11):
            assert fi.Recipe.from_toml(metadata["recipe"]) == RECIPE


def test_a_file_grows_no_larger_than_allowed(tmp_path: Path) -> None:
    tensors = {f"w{k}": ((100,), "float32") for k in range(7)} | {
        "large": ((1000,), "float32"),
        "w8": ((1,), "float32"),
    }
    done = fi.write_checkpoint(tmp_path, tensors, fi.Recipe([("*", fi.normal())]), seed=1, max_shard_size=800)
    groups = [list(load_file(tmp_path / name)) for name in done.files]
    assert [sorted(group) for group in groups] == [["w0", "w1"], ["w2", "w3"], ["w4", "w5"], ["w6"], ["large"], ["w8"]]


@pytest.mark.parametrize("slab", [64, 4096, 1 << 22])
@pytest.mark.parametrize("threads", [1, 3])
def test_slabs_and_threads_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slab: int, threads: int
) -> None:
    tensors = {n: ((50, 31), d) for n, (s, d) in TENSORS.items() if len(s) == 2 and s[0]}
    for name, size in (("a", 1 << 22), ("b", slab)):
        monkeypatch.setattr(pieces, "SLAB", size)
        recipe = fi.Recipe([fi.Rule("*", fi.he_uniform(), padding_row=17)])
        fi.write_checkpoint(tmp_path / name, tensors, recipe, seed=1, threads=threads if name == "b" else None)
    assert content(tmp_path / "a") == content(tmp_path / "b")


@pytest.mark.parametrize("parts", [1, 2, 3, 20])
def test_parts_make_the_same_files(tmp_path: Path, parts: int) -> None:
    write(tmp_path / "whole")
    order = [*range(2, parts + 1), 1]
    for k in order:
        assert not (tmp_path / "parts" / INDEX).exists()
        done = write(tmp_path / "parts", part=(k, parts))
    assert done.complete
    assert content(tmp_path / "parts") == content(tmp_path / "whole")


def test_resume_keeps_what_is_whole_and_writes_the_rest(tmp_path: Path) -> None:
    files = write(tmp_path).files
    expected = content(tmp_path)
    times = {name: (tmp_path / name).stat().st_mtime_ns for name in files}
    assert write(tmp_path, resume=True).kept == files
    (tmp_path / files[0]).unlink()
    os.truncate(tmp_path / files[1], len(expected[files[1]]) - 1)
    (tmp_path / f"{files[2]}.0123abcd.partial").write_bytes(b"left by a killed writer")
    done = write(tmp_path, resume=True)
    assert (done.kept, done.complete) == (files[2:], True)
    assert content(tmp_path) == expected
    assert all((tmp_path / name).stat().st_mtime_ns == times[name] for name in files[2:])


def test_no_index_while_a_file_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write(tmp_path).files
    (tmp_path / files[0]).unlink()
    with monkeypatch.context() as broken:
        broken.setattr(os, "pwrite", None)
        with pytest.raises(TypeError):
            write(tmp_path, resume=True)
    assert set(content(tmp_path)) == set(files[1:])


def test_a_damaged_index_is_written_again(tmp_path: Path) -> None:
    write(tmp_path)
    expected = content(tmp_path)
    (tmp_path / INDEX).write_text("{}")
    assert write(tmp_path, resume=True).complete
    assert content(tmp_path) == expected


def test_no_checkpoint_is_overwritten_or_mixed(tmp_path: Path) -> None:
    files = write(tmp_path).files
    expected = content(tmp_path)
    with pytest.raises(FileExistsError, match=r"holds model-00001-of-.*: resume that run, or choose another directory"):
        write(tmp_path)
    with pytest.raises(FileExistsError, match=r"is of another run \(its seed is 5 and not 6\): choose another"):
        write(tmp_path, seed=6, resume=True)
    with pytest.raises(FileExistsError, match="its recipe is another"):
        fi.write_checkpoint(tmp_path, TENSORS, fi.Recipe([("*", fi.ones())]), seed=5, max_shard_size="1MB", resume=True)
    with pytest.raises(FileExistsError, match="its tensors are others"):
        fi.write_checkpoint(
            tmp_path, {**TENSORS, "b.bias": ((14,), "float32")}, RECIPE, seed=5, max_shard_size="1MB", resume=True
        )
    with pytest.raises(FileExistsError, match="which is of another checkpoint: choose another directory"):
        write(tmp_path, max_shard_size="1GB", resume=True)
    (tmp_path / INDEX).unlink()
    (tmp_path / files[0]).unlink()
    with pytest.raises(FileExistsError, match="its seed is 5 and not 6"):
        write(tmp_path, seed=6, part=(1, len(files)))
    assert content(tmp_path) == {name: data for name, data in expected.items() if name not in (INDEX, files[0])}
