"""`fast-init verify`: what it passes, and which damage it names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import fast_init as fi
from fast_init.checkpoints.verification import verify_checkpoint
from fast_init.cli.main import main
from support.checkpoint_cases import RANDOM, RECIPE, SHAPES, edit
from support.commands import found, refusal

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="recipes in headers are TOML")


def test_verify_passes_what_is_whole(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, 0, "verify", model)["ok"]
    record = found(capsys, 0, "verify", model / "model.safetensors", "--all", "--threads", "1")
    assert record["elements"] == record["size"] == sum(int(np.prod(s["shape"])) for s in SHAPES.values())
    assert main(["verify", str(model)]) == 0
    assert capsys.readouterr().out.startswith(f"yes: {model} is the draw of its recipe with seed 7\n  of ")


@pytest.mark.parametrize("bit", [0, 15, 31])
@pytest.mark.parametrize("name", SHAPES)
def test_a_flipped_bit(model: Path, capsys: pytest.CaptureFixture[str], name: str, bit: int) -> None:
    shape = tuple(SHAPES[name]["shape"])
    size = int(np.prod(shape))
    edit(model, name, size - 5)[0] ^= 1 << bit
    record = found(capsys, 1, "verify", model, "--all")
    assert [(f["tensor"], f["kind"]) for f in record["findings"]] == [(name, "elements")]
    index = tuple(int(k) for k in np.unravel_index(size - 5, shape))
    assert record["findings"][0]["sentence"] == (
        f"{name}: element {index} differs; the other {size - 1:,} looked at agree"
    )
    assert record["summary"] == "differs from the draw of its recipe with seed 7 in 1 of 7 tensors"


def test_a_damaged_range(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(model, "up.weight", 600)[:1024] = 0
    (finding,) = found(capsys, 1, "verify", model)["findings"]
    assert finding["kind"] == "elements"
    assert "1,024 elements differ, from (2, 0) to (5, 123)" in finding["sentence"]


def test_a_sample_may_miss_a_bit_and_finds_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fi.write_checkpoint(tmp_path, {"w": ((1000, 1000), "float32")}, fi.Recipe([("w", fi.normal())]), seed=1)
    edit(tmp_path, "w", 10_000)[0] ^= 1
    assert found(capsys, 0, "verify", tmp_path)["elements"] == 65536
    assert not found(capsys, 1, "verify", tmp_path, "--all")["ok"]
    edit(tmp_path, "w", 999_999)[0] ^= 1
    assert not found(capsys, 1, "verify", tmp_path)["ok"]


def test_a_wrong_seed(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = found(capsys, 1, "verify", model, "--seed", 8)
    assert {f["tensor"]: f["kind"] for f in record["findings"]} == dict.fromkeys(RANDOM, "seed")
    assert record["summary"] == "looks like the draw of another seed than 8; its header says seed 7"


def test_a_wrong_recipe(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = model.parent / "other.toml"
    rules = [("norm*", fi.ones()), ("*.bias", fi.zeros()), ("q*", fi.xavier_uniform()), ("*", fi.xavier_normal())]
    other.write_text(fi.Recipe(rules).to_toml())
    record = found(capsys, 1, "verify", model, "--recipe", other)
    findings = {f["tensor"]: f for f in record["findings"]}
    assert {name: f["kind"] for name, f in findings.items()} == dict.fromkeys(RANDOM, "recipe")
    assert record["summary"] == "looks like the draw of another recipe"
    factor = ((2 / 300) / (2 / 556)) ** 0.5
    assert f"is the draw of this seed and name times {factor:.6g}" in findings["up.weight"]["sentence"]
    assert "does not look like a draw of variance_scaling" in findings["q.weight"]["sentence"]


@pytest.mark.parametrize(("a", "b"), [("up.weight", "down.weight")])
def test_swapped_tensors(model: Path, capsys: pytest.CaptureFixture[str], a: str, b: str) -> None:
    mine, its = edit(model, a), edit(model, b)
    mine[:], its[:] = its.copy(), mine.copy()
    record = found(capsys, 1, "verify", model)
    assert {f["tensor"]: f["kind"] for f in record["findings"]} == {a: "swapped", b: "swapped"}
    assert {f["sentence"] for f in record["findings"]} == {
        f"{a} holds the values of {b}: swapped",
        f"{b} holds the values of {a}: swapped",
    }


def test_swapped_structured_tensors(tmp_path: Path) -> None:
    tensors = dict.fromkeys("abc", ((64, 64), "float32"))
    recipe = fi.Recipe([("c", fi.normal()), ("*", fi.orthogonal())])
    fi.write_checkpoint(tmp_path, tensors, recipe, seed=1)
    mine, its = edit(tmp_path, "a"), edit(tmp_path, "b")
    mine[:], its[:] = its.copy(), mine.copy()
    assert [f.kind for f in verify_checkpoint(tmp_path).findings] == ["swapped", "swapped"]


def test_another_lapack_is_no_damage(tmp_path: Path) -> None:
    fi.write_checkpoint(tmp_path, {"q": ((64, 64), "float32")}, fi.Recipe([("q", fi.orthogonal())]), seed=1)
    edit(tmp_path, "q")[: 64 * 32] ^= 1
    assert verify_checkpoint(tmp_path)


def test_a_tensor_that_was_never_written(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(model, "down.weight")[:] = 0
    edit(model, "up.bias")[:] = np.float32(0.5).view(np.uint32)
    record = found(capsys, 1, "verify", model)
    sentences = {f["tensor"]: f["sentence"] for f in record["findings"]}
    assert sentences["down.weight"].startswith("down.weight is 0 in every element looked at: it was not written")
    assert "up.bias does not look like a draw of constant(val=0.0) at all" in sentences["up.bias"]


def test_files_of_two_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tensors = {"a": ((64, 64), "float32"), "b": ((64, 64), "float32")}
    for seed in (1, 2):
        options: dict[str, Any] = {"seed": seed, "max_shard_size": 20_000}
        fi.write_checkpoint(tmp_path / str(seed), tensors, fi.Recipe([("*", fi.normal())]), **options)
    name = "model-00002-of-00002.safetensors"
    (tmp_path / "2" / name).replace(tmp_path / "1" / name)
    record = found(capsys, 1, "verify", tmp_path / "1")
    assert [(f["tensor"], f["kind"]) for f in record["findings"]] == [(None, "files"), ("b", "seed")]


def test_verify_needs_a_seed_and_a_recipe(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    save_file(load_file(model / "model.safetensors"), base / "bare.safetensors")
    assert "keeps no seed in its header" in refusal(capsys, "verify", base / "bare.safetensors")
    assert "keeps no recipe in its header" in refusal(capsys, "verify", base / "bare.safetensors", "--seed", 7)
    found(capsys, 0, "verify", base / "bare.safetensors", "--seed", 7, "--recipe", base / "recipe.toml")


ZEROS = '[[rule]]\npattern = "*"\nscheme = "zeros"\n'
HEADERS = {  # what cannot be used of a header -> words of the sentence
    "a seed of 65 bits": (
        {"seed": str(1 << 64), "recipe": ZEROS},
        "seed is 18446744073709551616; it must be in [0, 2**64)",
    ),
    "no recipe": ({"seed": "1"}, "keeps no recipe in its header"),
    "a nested recipe": (
        {"seed": "1", "recipe": "a=" + "[" * 9000},
        "the recipe is nested more than 64",
    ),
    "another text": ({"seed": "1", "recipe": "x"}, "the recipe is not TOML"),
    "a wrong rule": ({"seed": "1", "recipe": ZEROS + "std = 1"}, "rule 1 of the recipe: the scheme"),
}


@pytest.mark.parametrize("case", HEADERS)
def test_headers_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str) -> None:
    metadata, words = HEADERS[case]
    path = tmp_path / "x.safetensors"
    save_file({"w": np.zeros(3, np.float32)}, path, metadata)
    assert words in refusal(capsys, "verify", path)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e308, 5e-324])
def test_values_of_which_no_std_can_be_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str], value: float) -> None:
    path = tmp_path / "x.safetensors"
    save_file({"w": np.array([value, -value] * 50).reshape(10, 10)}, path, {"seed": "1", "recipe": RECIPE.to_json()})
    record = found(capsys, 1, "verify", path)
    assert [finding["tensor"] for finding in record["findings"]] == ["w"]
