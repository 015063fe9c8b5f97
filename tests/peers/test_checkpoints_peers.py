"""Checkpoints whose shapes transformers gives, and which it loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fast_init.checkpoints import spec as specs
from support.commands import found, refusal

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs


def test_a_config_makes_a_model_that_transformers_loads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    config = transformers.GPT2Config(n_layer=2, n_embd=32, n_head=4, vocab_size=300, n_positions=64)
    config.to_json_file(tmp_path / "config.json")
    words = "checkpoint", tmp_path / "config.json", "-o", tmp_path / "model", "--max-shard-size", "20KB"
    assert found(capsys, 0, *words, "--seed", 1)["complete"]
    assert (tmp_path / "model" / "config.json").read_bytes() == (tmp_path / "config.json").read_bytes()
    model, info = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "model", output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    tokens = torch.arange(64).reshape(1, 64)
    assert abs(model(tokens, labels=tokens).loss.item() - np.log(300)) < 0.3
    assert found(capsys, 0, "verify", tmp_path / "model", "--all")["ok"]
    config.n_layer = 3
    config.to_json_file(tmp_path / "config.json")
    assert "is there and is not" in refusal(capsys, *words)


def test_tied_parameters_count_once_and_integers_stand_apart(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("torch")
    path = tmp_path / "config.json"
    transformers.GPT2Config(n_layer=1, n_embd=8, n_head=2, vocab_size=30, dtype="bfloat16").to_json_file(path)
    spec = specs.read_spec(path)
    assert not any("lm_head" in name for name in spec.tensors)
    assert spec.tensors["transformer.wte.weight"] == ((30, 8), "bfloat16")
    sizes = {"embedding_size": 4, "hidden_sizes": [4], "depths": [1]}
    config = transformers.ResNetConfig(**sizes, architectures=["ResNetForImageClassification"])
    config.to_json_file(path)
    spec = specs.read_spec(tmp_path)
    assert any(name.endswith("running_mean") for name in spec.tensors)
    assert spec.whole_numbers
    assert all(name.endswith("num_batches_tracked") for name in spec.whole_numbers)
    assert set(spec.whole_numbers.values()) == {((), "int64")}
    assert not spec.left_out
