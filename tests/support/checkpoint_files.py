"""A checkpoint with a tensor of every kind, written to files and made in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

import fast_init as fi
from fast_init.checkpoints import writing

TENSORS: dict[str, tuple[tuple[int, ...], str]] = {
    "embed.weight": ((1000, 64), "bfloat16"),
    "odd.weight": ((7, 3), "float16"),
    "q.weight": ((64, 48), "float32"),
    "sparse.weight": ((40, 30), "float32"),
    "head.weight": ((1000, 64), "bfloat16"),
    "b.bias": ((13,), "float32"),
    "scalar": ((), "float32"),
    "empty": ((0, 3), "float32"),
    "big.weight": ((1500, 1111), "float32"),
    "half.weight": ((1501, 1111), "float16"),
}
RECIPE = fi.Recipe(
    [
        fi.Rule("embed*", fi.normal(std=0.02), padding_row=3),
        fi.Rule("head*", fi.normal(std=0.02), tied_to="embed.weight"),
        fi.Rule("q*", fi.orthogonal(), padding_row=1),
        fi.Rule("sparse*", fi.sparse(0.5)),
        fi.Rule("*.bias", fi.zeros()),
        fi.Rule("scalar", fi.ones()),
        fi.Rule("empty", fi.normal()),
        fi.Rule("big*", fi.variance_scaling(2.0, "fan_in", "truncated_normal"), padding_row=700),
        fi.Rule("*", fi.he_normal()),
    ]
)
INDEX = "model.safetensors.index.json"


def write(directory: Path, **options: Any) -> writing.WriteReport:
    return fi.write_checkpoint(directory, TENSORS, RECIPE, **{"seed": 5, "max_shard_size": "1MB", **options})


def content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file()}


def in_memory(seed: int, dtype: str | None = None) -> dict[str, np.ndarray[Any, Any]]:
    types = {"bfloat16": ml_dtypes.bfloat16}
    arrays = {n: np.empty(s, types.get(dtype or d, dtype or d)) for n, (s, d) in TENSORS.items()}
    RECIPE.init_(arrays, seed=seed, on_empty="ignore")
    return arrays
