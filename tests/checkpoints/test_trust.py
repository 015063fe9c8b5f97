"""Damage that verify once passed over, and parts that have nothing to write."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import fast_init as fi
from fast_init.checkpoints.inspection import inspect_checkpoint
from fast_init.checkpoints.safetensors_file import read_header
from fast_init.checkpoints.spec import read_spec
from fast_init.checkpoints.verification import CheckpointVerdict, verify_checkpoint

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
    assert "w1 is of dtype I32 in its header, which its recipe does not make: it was not looked at" in str(verdict)


def test_a_checkpoint_of_nothing_is_a_no(tmp_path: Path) -> None:
    write(tmp_path)
    metadata = dict(read_header(tmp_path / "model.safetensors").metadata)
    save_file({}, tmp_path / "model.safetensors", metadata=metadata)
    verdict = verify_checkpoint(tmp_path)
    assert not verdict
    assert "it holds no tensors that a recipe draws" in str(verdict)


def drop_from_index(folder: Path, tensor: str, **metadata: int) -> None:
    """Take a tensor out of an index, and put figures into it."""
    index = json.loads((folder / INDEX).read_text())
    del index["weight_map"][tensor]
    (folder / INDEX).write_text(json.dumps({**index, "metadata": metadata or index["metadata"]}))


def kinds(verdict: CheckpointVerdict) -> dict[str, str]:
    return {finding.sentence: finding.kind for finding in verdict.findings}


def test_an_index_that_counts_otherwise_is_a_finding_and_no_more(tmp_path: Path) -> None:
    """Other writers count tied tensors twice, and their checkpoints are to be read."""
    write(tmp_path)
    places = dict.fromkeys(TENSORS, "model.safetensors")
    (tmp_path / INDEX).write_text(json.dumps({"metadata": {"total_size": 32000}, "weight_map": places}))
    verdict = verify_checkpoint(tmp_path)
    assert not verdict
    assert list(kinds(verdict).values()) == ["missing"]
    assert "its tensors have 32000 bytes, and those of the files it names have 24000" in str(verdict)
    assert "is the draw of its recipe with seed 1 as far as it was looked at" in verdict.summary
    assert len(list(inspect_checkpoint(tmp_path))) == 3
    assert set(read_spec(tmp_path).tensors) == set(TENSORS)


@pytest.mark.parametrize("total_size", [24000, 16000])
def test_a_member_that_the_index_does_not_name(tmp_path: Path, total_size: int) -> None:
    write(tmp_path, max_shard_size=8000)
    drop_from_index(tmp_path, "w1", total_size=total_size)
    verdict = verify_checkpoint(tmp_path)
    assert not verdict
    name = "model-00002-of-00003.safetensors is missing: the names of the others count them"
    assert kinds(verdict)[name] == "missing"
    assert len(verdict.findings) == (1 if total_size == 16000 else 2)


@pytest.mark.parametrize("gone", [[], ["2"], ["1", "3"], ["2", "3"]])
def test_members_without_an_index_are_no_yes(tmp_path: Path, gone: list[str]) -> None:
    write(tmp_path, max_shard_size=8000)
    (tmp_path / INDEX).unlink()
    for k in gone:
        (tmp_path / f"model-0000{k}-of-00003.safetensors").unlink()
    verdict = verify_checkpoint(tmp_path)
    assert not verdict
    assert verdict.tensors == 3 - len(gone)
    are = "and 1 more of its 3 files are" if len(gone) == 2 else "is"
    names = [f"model-0000{k}-of-00003.safetensors {are} missing: the names of the others count them" for k in gone[:1]]
    assert kinds(verdict) == dict.fromkeys(
        [f"{INDEX} is missing: the checkpoint is not complete, resume its writing", *names], "missing"
    )


def test_members_by_name(tmp_path: Path) -> None:
    """Each stem and N is a group of its own; some count from 0, and an N without end costs nothing."""
    write(tmp_path / "whole")
    data = (tmp_path / "whole" / "model.safetensors").read_bytes()
    for name in ("a-0-of-2", "a-1-of-2", "a-1-of-3", "b-00001-of-999999999"):
        (tmp_path / f"{name}.safetensors").write_bytes(data)
    found = [re.split(" (?:is|are) missing", finding.sentence)[0] for finding in verify_checkpoint(tmp_path).findings]
    assert found == [
        INDEX,
        "a-2-of-3.safetensors and 1 more of its 3 files",
        "b-00002-of-999999999.safetensors and 999999997 more of its 999999999 files",
    ]


def test_one_member_that_is_asked_for_may_be_a_yes(tmp_path: Path) -> None:
    write(tmp_path, max_shard_size=8000)
    assert verify_checkpoint(tmp_path / "model-00002-of-00003.safetensors")


def test_a_later_file_of_another_stream_version(tmp_path: Path) -> None:
    write(tmp_path, max_shard_size=8000)
    name = "model-00003-of-00003.safetensors"
    rewrite_header(tmp_path / name, {'"stream_version":"1"': '"stream_version":"2"'})
    assert kinds(verify_checkpoint(tmp_path)) == {
        f"{name} was drawn with stream version 2, and this is 1: its bits are others": "version"
    }


def test_integers_that_a_given_recipe_does_not_cover_are_no_damage(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "model.safetensors"
    metadata = dict(read_header(path).metadata)
    save_file({**load_file(path), "position_ids": np.arange(512)}, path, metadata=metadata)
    given = fi.Recipe([("w*", fi.he_normal())])
    verdict = verify_checkpoint(tmp_path, recipe=given)
    assert verdict
    assert verdict.uncovered == ("position_ids",)
    assert "not covered by the recipe, and so not looked at: position_ids" in str(verdict)
    for recipe in (None, RECIPE):  # which have a rule for every name
        assert kinds(verify_checkpoint(tmp_path, recipe=recipe)) == {
            "position_ids is of dtype I64 in its header, which its recipe does not make: it was not looked at": "dtype"
        }
    rewrite_header(path, {'"w1":{"dtype":"F32"': '"w1":{"dtype":"I32"'})
    assert [finding.tensor for finding in verify_checkpoint(tmp_path, recipe=given).findings] == ["w1"]


def test_a_tensor_of_floats_without_a_rule_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(ValueError, match=rf"{tmp_path}: no rule matches w1, w2; every tensor needs one"):
        verify_checkpoint(tmp_path, recipe=fi.Recipe([("w0", fi.he_normal())]))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"seed": "9" * 5000}, "keeps the seed '9+.*9' in its header; what it was drawn with is unknown"),
        ({"seed": "x"}, "keeps the seed 'x' in its header"),
        ({"seed": "99999999999999999999"}, ": seed is 99999999999999999999; it must be in"),
        ({"recipe": "{"}, ": .*recipe.* JSON"),
        ({"recipe": '{"rule": [{"pattern": "w*", "scheme": "planets()"}]}'}, ": rule 1 of the recipe"),
    ],
)
def test_a_header_that_says_nonsense_is_named(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    write(tmp_path)
    path = tmp_path / "model.safetensors"
    metadata = {**read_header(path).metadata, **change}
    save_file(load_file(path), path, metadata=metadata)
    with pytest.raises(ValueError, match=rf"^{path}.*{reason}"):
        verify_checkpoint(path)


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
