"""A small checkpoint, and how its tests damage it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import fast_init as fi
from fast_init.checkpoints.safetensors_file import read_header

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


def edit(model: Path, name: str, element: int = 0) -> np.ndarray[Any, Any]:
    """Return the stored elements of a tensor, from one on, as writeable words."""
    file = model / "model.safetensors"
    header = read_header(file)
    entry = next(entry for entry in header.entries if entry.name == name)
    count = (entry.end - entry.begin) // 4 - element
    words: np.ndarray[Any, Any] = np.memmap(file, np.uint32, "r+", header.start + entry.begin + 4 * element, count)
    return words
