"""Damage that verify once passed over, and parts that have nothing to write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import fast_init as fi
from fast_init.checkpoints.safetensors_file import read_header
from fast_init.checkpoints.verification import verify_checkpoint

TENSORS: dict[str, tuple[tuple[int, ...], str]] = {f"w{k}": ((50, 40), "float32") for k in range(3)}
RECIPE = fi.Recipe([("*", fi.he_normal())])
INDEX = "model.safetensors.index.json"


def write(folder: Path, **options: Any) -> Any:
    return fi.write_checkpoint(folder, TENSORS, RECIPE, seed=1, **options)


def rewrite_header(path: Path, change: dict[str, str]) -> None:
    """Replace words of the header by others that are as long."""
    data = path.read_bytes()
    for old, new in change.items():
        assert old.encode() in data
        assert len(old) == len(new)
        data = data.replace(old.encode(), new.encode())
    path.write_bytes(data)


def test_a_tensor_that_is_not_looked_at_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path)
    rewrite_header(tmp_path / "model.safetensors", {'"w1":{"dtype":"F32"': '"w1":{"dtype":"I32"'})
    verdict = verify_checkpoint(tmp_path)
    assert not verdict
    (finding,) = verdict.findings
    assert (finding.tensor, finding.kind) == ("w1", "dtype")
    assert "w1 is of dtype I32 in its header, which no recipe draws: it was not looked at" in str(verdict)


def test_a_checkpoint_of_nothing_is_a_no(tmp_path: Path) -> None:
    write(tmp_path)
    metadata = dict(read_header(tmp_path / "model.safetensors").metadata)
    save_file({}, tmp_path / "model.safetensors", metadata=metadata)
    verdict = verify_checkpoint(tmp_path)
    assert not verdict
    assert "it holds no tensors that a recipe draws" in str(verdict)


def test_an_index_that_names_fewer_bytes_than_it_says_is_refused(tmp_path: Path) -> None:
    write(tmp_path, max_shard_size=8000)
    index = json.loads((tmp_path / INDEX).read_text())
    index["weight_map"] = {name: file for name, file in index["weight_map"].items() if name != "w1"}
    (tmp_path / INDEX).write_text(json.dumps(index))
    with pytest.raises(
        ValueError, match=r"its tensors have 24000 bytes, and those of the files it names have 16000; a"
    ):
        verify_checkpoint(tmp_path)


def test_a_part_without_files_has_nothing_to_do_whenever_it_starts(tmp_path: Path) -> None:
    before = write(tmp_path, max_shard_size=8000, part=(4, 5))
    assert (before.files, before.complete) == ((), False)
    for part in (1, 2, 3, 5):
        write(tmp_path, max_shard_size=8000, part=(part, 5))
    after = write(tmp_path, max_shard_size=8000, part=(4, 5))
    assert (after.files, after.complete) == ((), True)
    assert all(
        np.isfinite(array).all() for path in tmp_path.glob("*.safetensors") for array in load_file(path).values()
    )
