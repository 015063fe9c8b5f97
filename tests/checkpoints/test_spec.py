"""What a checkpoint is to hold, from files: which of them are read, and which are copied."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from fast_init.checkpoints.spec import read_spec
from fast_init.cli.main import main

CONFIG = '{"model_type": "gpt2", "n_layer": 3}'


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A directory of weights with the config.json of their model."""
    (tmp_path / "old").mkdir()
    save_file({"transformer.h.0.ln_1.weight": np.ones(3, np.float32)}, tmp_path / "old" / "model.safetensors")
    (tmp_path / "old" / "config.json").write_text(CONFIG)
    return tmp_path / "old"


def test_the_config_beside_weights_goes_with_them(old: Path) -> None:
    assert main(["checkpoint", str(old), "-o", str(old.parent / "new"), "--recipe", "gpt2"]) == 0
    assert {path.name for path in (old.parent / "new").iterdir()} == {"config.json", "model.safetensors"}
    assert (old.parent / "new" / "config.json").read_text() == CONFIG


def test_a_file_of_weights_is_given_alone(old: Path) -> None:
    assert read_spec(old).config == old / "config.json"
    assert read_spec(old / "model.safetensors").config is None
    (old / "config.json").unlink()
    assert read_spec(old).config is None
