"""The commands of whole models: what checkpoint writes, and what all of them refuse."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from fast_init.cli.main import main
from fast_init.cli.recipe_option import recipe_of
from fast_init.recipes import READY
from support.checkpoint_cases import RECIPE, SHAPES
from support.commands import found, refusal

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="recipes in headers are TOML")


def test_checkpoint_says_what_it_did(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    words = "checkpoint", base / "shapes.json", "-o", base / "again", "--recipe", base / "recipe.toml", "--seed", 7
    capsys.readouterr()
    assert main([*map(str, words)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{base / 'again'}: 1 file, 1.2 MB written in ")
    assert out.endswith("0 kept; seed 7\nthe checkpoint is complete\n")
    arrays = {name: np.empty(record["shape"], np.float32) for name, record in SHAPES.items()}
    RECIPE.init_(arrays, seed=7)
    stored = load_file(model / "model.safetensors")
    assert all(np.array_equal(stored[name], array) for name, array in arrays.items())


def test_checkpoint_in_parts(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    words = ["checkpoint", base / "shapes.json", "-o", base / "parts", "--recipe", base / "recipe.toml"]
    words += ["--seed", 7, "--dtype", "bfloat16", "--max-shard-size", "200KB"]
    first = found(capsys, 0, *words, "--part", "1/2")
    assert not first["complete"]
    assert main([*map(str, words), "--part", "2/2", "--threads", "1"]) == 0
    again = found(capsys, 0, *words, "--resume")
    assert again["complete"]
    assert again["kept"] == again["files"]
    assert again["bytes"] == 0
    assert set(first["files"]) < set(again["files"])
    assert found(capsys, 0, "verify", base / "parts", "--all")["ok"]


def test_checkpoint_by_processes(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    words = ["checkpoint", base / "shapes.json", "--recipe", base / "recipe.toml", "--seed", 7, "-o"]
    assert found(capsys, 0, *words, base / "by-two", "--workers", 2)["complete"]
    written = base / "by-two" / "model.safetensors"
    assert written.read_bytes() == (model / "model.safetensors").read_bytes()


@pytest.mark.parametrize(
    "what", ["model/model.safetensors", "model", "sharded", "sharded/model.safetensors.index.json"]
)
def test_a_checkpoint_is_a_spec(model: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    base = model.parent
    recipe = ["--recipe", base / "recipe.toml", "--seed", 7]
    if what.startswith("sharded"):
        words = "checkpoint", base / "shapes.json", "-o", base / "sharded", *recipe, "--max-shard-size", "100kB"
        assert main([*map(str, words)]) == 0
    found(capsys, 0, "checkpoint", base / what, "-o", base / "copy", *recipe)
    copy, stored = (load_file(path / "model.safetensors") for path in (base / "copy", model))
    assert copy.keys() == stored.keys()
    assert all(np.array_equal(copy[name], stored[name]) for name in copy)


def test_tensors_that_are_no_floats_are_left_out(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    save_file({"w": np.ones((3, 4), np.float16), "ids": np.arange(3)}, base / "x.safetensors")
    words = "checkpoint", base / "x.safetensors", "-o", base / "x", "--recipe", base / "recipe.toml"
    assert main([*map(str, words)]) == 0
    assert "left out, as they are no floats and the recipe does not give them: ids\n" in capsys.readouterr().out
    assert {name: a.dtype for name, a in load_file(base / "x" / "model.safetensors").items()} == {"w": np.float16}


def test_a_plan_of_float64_needs_a_dtype(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    save_file({"w": np.ones((3, 4))}, base / "x.safetensors")
    words = ["checkpoint", base / "x.safetensors", "-o", base / "x", "--recipe", base / "recipe.toml"]
    assert "dtype is 'float64'; it must be one of float32, float16, bfloat16" in refusal(capsys, *words)
    assert main([*map(str, words), "--dtype", "float16"]) == 0


@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_bad_files(model: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    file, base = model / "model.safetensors", model.parent
    assert "nowhere: No such file or directory; pass another path" in refusal(capsys, command, base / "nowhere")
    assert "is neither safetensors nor their index" in refusal(capsys, command, base / "shapes.json")
    assert "is no JSON" in refusal(capsys, command, base / "recipe.toml")
    (base / "empty").mkdir()
    assert "holds no complete checkpoint" in refusal(capsys, command, base / "empty")
    (base / "empty" / "model.safetensors.0.partial").write_bytes(b"")
    assert "finish it with --resume" in refusal(capsys, command, base / "empty")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert "its tensors have" in refusal(capsys, command, model)
    index = model / "model.safetensors.index.json"
    file.write_bytes(whole)
    index.write_text(json.dumps({"weight_map": {"w": "model.safetensors"}}))
    assert "places tensor 'w' in model.safetensors, which does not hold it" in refusal(capsys, command, model)
    index.write_text(json.dumps({"weight_map": {"up.bias": "model.safetensors"}}))
    assert "which " in refusal(capsys, command, model)
    index.write_text(json.dumps({"weight_map": {"w": "other.safetensors"}}))
    assert "names other.safetensors, which is not there" in refusal(capsys, command, model)


def test_bad_arguments(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    words = ["checkpoint", base / "shapes.json", "-o", base / "out"]
    assert "--recipe is missing; only a config.json" in refusal(capsys, *words)
    sentence = refusal(capsys, *words, "--recipe", "nonsense")
    assert "--recipe is 'nonsense'; it is no file, and the ready recipes are " in sentence
    assert "it cannot be made: " in refusal(capsys, *words, "--recipe", "gpt2(planets=9)")
    words += ["--recipe", base / "recipe.toml"]
    assert "'3' is not K/N, such as 1/4; see " in refusal(capsys, *words, "--part", "3")
    assert "is not K/N, such as 1/4; see " in refusal(capsys, *words, "--part", f"1/{'9' * 5000}")
    assert "part is (3, 2)" in refusal(capsys, *words, "--part", "3/2")
    assert "--workers is 0; it must be from 1 to 1024" in refusal(capsys, *words, "--workers", "0")
    assert "not allowed with argument" in refusal(capsys, *words, "--workers", "1", "--scheduler", "tcp://a:1")
    assert "seed is -1" in refusal(capsys, *words, "--seed", "-1")
    assert "max_shard_size is '0'" in refusal(capsys, *words, "--max-shard-size", "0")
    assert "resume that run" in refusal(capsys, *words[:3], model, *words[4:], "--seed", 7)
    (base / "bad.json").write_text("[1, 2]")
    assert "is no model; a model is safetensors" in refusal(capsys, "checkpoint", base / "bad.json", *words[2:])
    (base / "bad.json").write_text("{")
    assert "bad.json is no JSON" in refusal(capsys, "checkpoint", base / "bad.json", *words[2:])
    assert "No such file" in refusal(capsys, "checkpoint", base / "nowhere.json", *words[2:])
    (base / "bad.toml").write_text("pattern = 3\n")
    assert "has no tables [[rule]]" in refusal(capsys, *words[:4], "--recipe", base / "bad.toml")
    assert not (base / "out").exists()


SPECS = {  # what cannot be written -> words of the sentence
    '{"w": {"shape": [3], "dtype": 5}}': "dtype is 5; it must be one of float32",
    '{"w": {"shape": [3], "dtype": ["x"]}}': "dtype is ['x']; it must be one of float32",
    '{"__metadata__": {"shape": [3]}}': "a tensor is named '__metadata__'",
    "{}": "there are no tensors; a checkpoint has at least one",
}


@pytest.mark.parametrize("text", SPECS)
def test_what_cannot_be_written_is_said_with_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "spec.json"
    path.write_text(text)
    sentence = refusal(capsys, "checkpoint", path, "-o", tmp_path / "out", "--recipe", "gpt2")
    assert sentence.startswith(f"fast-init: {path}: ")
    assert SPECS[text] in sentence


def test_config_needs_transformers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    sentence = refusal(capsys, "checkpoint", tmp_path / "config.json", "-o", tmp_path / "model")
    assert "whose shapes transformers and torch know: pip install 'fast-init[hf]'" in sentence


def test_ready_recipes_by_name(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"model_type": "gpt2", "n_layer": 3}))
    assert recipe_of(None, config) == READY["gpt2"](layers=3)
    assert recipe_of("gpt2", config) == READY["gpt2"](layers=3)
    assert recipe_of("gpt2(layers=5)", config) == READY["gpt2"](layers=5)
    assert recipe_of("gpt2", None) == READY["gpt2"]()


def test_header_is_read_by_the_library(model: Path) -> None:
    with safe_open(model / "model.safetensors", "np") as file:
        assert file.metadata()["seed"] == "7"


def test_published_names_are_those_of_a_config(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for spec in (model, model.parent / "shapes.json"):
        words = "checkpoint", spec, "-o", model.parent / "out", "--published-names"
        assert "is no config.json; only of one published names are made" in refusal(capsys, *words)
