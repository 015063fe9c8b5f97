"""What is wrong with a config.json is said in one sentence with its path, whatever transformers raises."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fast_init.recipes import READY
from support.commands import refusal

pytest.importorskip("tomllib")  # recipes in headers are TOML


def write(folder: Path, content: object) -> Path:
    path = folder / "config.json"
    path.write_text(json.dumps(content))
    return path


RAISED = [
    AssertionError("Padding_idx must be within num_embeddings"),  # of whisper and smollm3, with such a pad token
    AttributeError("type object 'GPT2Config' has no attribute '_from_config'"),  # of architectures: ["GPT2Config"]
    RuntimeError("Trying to create tensor with negative dimension -1: [-1, 768]"),
    ZeroDivisionError("0.0 cannot be raised to a negative power"),
    KeyError("nonsense"),
    RecursionError("maximum recursion depth exceeded"),
    ImportError("GPT2Model needs a library"),
]


@pytest.fixture
def transformers(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A transformers whose AutoConfig a test replaces."""
    fake = SimpleNamespace(__version__="5.0", AutoConfig=None)
    monkeypatch.setitem(sys.modules, "transformers", fake)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace())
    return fake


def failing(error: Exception) -> SimpleNamespace:
    def from_pretrained(*_: object, **__: object) -> None:
        raise error

    return SimpleNamespace(from_pretrained=from_pretrained)


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_what_transformers_raises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], transformers: SimpleNamespace, error: Exception
) -> None:
    transformers.AutoConfig = failing(error)
    path = write(tmp_path, {"model_type": "whisper"})
    sentence = refusal(capsys, "checkpoint", path, "-o", tmp_path / "model", "--recipe", "gpt2")
    kind = type(error).__name__
    assert sentence == (
        f"fast-init: {path} is no model that transformers 5.0 makes: {kind}: {error}; correct it there, or pass its "
        "shapes as JSON\n"
    )


def test_what_transformers_says_in_many_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], transformers: SimpleNamespace
) -> None:
    transformers.AutoConfig = failing(ValueError("field 'n_embd':\n    expected int\n" + "frame #0\n" * 1000))
    path = write(tmp_path, {"model_type": "gpt2"})
    sentence = refusal(capsys, "checkpoint", path, "-o", tmp_path / "model")
    assert "makes: ValueError: field 'n_embd': expected int frame #0 frame #0" in sentence
    assert len(sentence) < 600


def test_a_count_of_layers_is_looked_at_before_transformers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    path = write(tmp_path, {"model_type": "mamba", "text_config": {"num_hidden_layers": 10**9}})
    sentence = refusal(capsys, "checkpoint", path, "-o", tmp_path / "model")
    assert sentence == (
        f"fast-init: {path}: num_hidden_layers is 1000000000; a model has at most 10,000 layers: pass no more\n"
    )


@pytest.mark.parametrize("content", [[1, 2], 3, None, "gpt2", {"model_type": ["gpt2"]}, {"model_type": None}], ids=str)
def test_what_is_no_config(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object) -> None:
    path = write(tmp_path, content)
    sentence = refusal(capsys, "checkpoint", path, "-o", tmp_path / "model")
    assert f"{path} is no model; a model is safetensors, their index, a config.json with a model_type" in sentence


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"n_layer": "2"}, "n_layer is '2'; it must be an int in [1, 2**63)"),
    ({"n_layer": 10**9}, "n_layer is 1000000000; a model has at most 10,000 layers"),
    ({"tie_word_embeddings": "no"}, "tie_word_embeddings is 'no'; it must be true or false"),
]


@pytest.mark.parametrize(("fields", "words"), WRONG, ids=str)
def test_a_field_that_is_wrong(
    model: Path, capsys: pytest.CaptureFixture[str], fields: dict[str, Any], words: str
) -> None:
    path = write(model, {"model_type": "gpt2", **fields})
    assert f"fast-init: {path}: {words}" in refusal(capsys, "verify", model, "--recipe", "gpt2")


ARGUMENTS = {  # of ready recipes: those that must be given, and one that is then wrong; of the others it is std
    "complete_p": ("recipe=3, multiplier=2", "roles"),
    "deepnorm": ("", "d_model"),
    "deit": ("", "patch_size"),
    "dummy": ("", "layers"),
    "fixup_resnet": ("", "blocks"),
    "fourier_features": ("", "scale"),
    "gpt2": ("", "layers"),
    "gpt_neox": ("", "layers"),
    "gru": ("hidden_size=1", "update_bias"),
    "hash_grid": ("", "limit"),
    "lora": ("", "std"),  # which it has not
    "lstm": ("hidden_size=1", "forget_bias"),
    "mup": ("recipe=3, multiplier=2", "roles"),
    "olmo": ("", "d_ff"),
    "resnet": ("", "features"),
    "rwkv7": ("", "width"),
    "siren": ("", "omega"),
    "spectral": ("recipe=3, shapes=2", "layout"),
    "t5": ("d_model=1, d_kv=1, num_heads=1", "d_ff"),
    "t_fixup": ("", "d_model"),
    "u_mup": ("", "tied_to"),
    "unet_diffusion": ("", "shapes"),
}


@pytest.mark.parametrize("name", READY)
def test_arguments_of_ready_recipes_that_are_wrong(model: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    sizes, option = ARGUMENTS.get(name, ("", "std"))
    for value in ("1" + "0" * 400, "'x'", "[]"):
        recipe = f"{name}({sizes}{', ' if sizes else ''}{option}={value})"
        assert refusal(capsys, "verify", model, "--recipe", recipe).startswith("fast-init: ")


def test_a_config_beside_the_weights_that_is_no_object(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(model, [1])
    assert "no rule matches embed.weight" in refusal(capsys, "verify", model, "--recipe", "gpt2")
