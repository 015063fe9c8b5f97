"""A small checkpoint, and how the tests of the commands look at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init.checkpoints.safetensors_file import read_header
from fast_init.cli.main import main

SHAPES: dict[str, Any] = {
    "embed.weight": {"shape": [2000, 64], "dtype": "float32"},
    "up.weight": {"shape": [256, 300], "dtype": "float32"},
    "down.weight": {"shape": [300, 256], "dtype": "float32"},
    "q.weight": {"shape": [128, 128], "dtype": "float32"},
    "sparse.weight": {"shape": [100, 90], "dtype": "float32"},
    "norm.weight": {"shape": [64], "dtype": "float32"},
    "up.bias": {"shape": [256], "dtype": "float32"},
}
RECIPE = fi.Recipe(
    [
        fi.Rule("embed*", fi.normal(std=0.02), padding_row=0),
        fi.Rule("q*", fi.orthogonal()),
        fi.Rule("sparse*", fi.sparse(0.9)),
        fi.Rule("norm*", fi.ones()),
        fi.Rule("*.bias", fi.zeros()),
        fi.Rule("*", fi.he_normal()),
    ]
)
RANDOM = [name for name in SHAPES if name not in ("norm.weight", "up.bias")]


def found(capsys: pytest.CaptureFixture[str], code: int, *words: object) -> dict[str, Any]:
    """Run a command with --json and return what it prints."""
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == code
    out, err = capsys.readouterr()
    assert err == ""
    record: dict[str, Any] = json.loads(out)
    return record


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a command, which must refuse by one sentence on stderr; return it."""
    capsys.readouterr()
    try:
        code = main([*map(str, words)])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("fast-init: ")
    assert err.count("\n") == 1
    assert "Errno" not in err
    return err


def edit(model: Path, name: str, element: int = 0) -> np.ndarray[Any, Any]:
    """Return the stored elements of a tensor, from one on, as writeable words."""
    file = model / "model.safetensors"
    header = read_header(file)
    entry = next(entry for entry in header.entries if entry.name == name)
    count = (entry.end - entry.begin) // 4 - element
    words: np.ndarray[Any, Any] = np.memmap(file, np.uint32, "r+", header.start + entry.begin + 4 * element, count)
    return words
