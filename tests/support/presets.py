"""The presets by library, and options with which each of their names can be called."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any

import fast_init as fi
from fast_init.presets.jax import JAX
from fast_init.presets.keras import KERAS
from fast_init.presets.tf1 import TF1
from fast_init.presets.torch import TORCH

PRESETS = {"torch": fi.from_torch, "keras": fi.from_keras, "jax": fi.from_jax, "tf1": fi.from_tf1}
TABLES = {"torch": TORCH, "keras": KERAS, "jax": JAX, "tf1": TF1}
NEEDED = {
    "fan_in": 50, "hidden_size": 50, "layout": "io", "val": 0.5, "value": 0.5, "sparsity": 0.5,
    "scale": 2.0, "mode": "fan_out", "distribution": "normal",
}  # fmt: skip


def options_of(library: str, name: str) -> dict[str, Any]:
    """Return the options that a name cannot do without."""
    parameters = signature(TABLES[library][name]).parameters.values()
    return {p.name: NEEDED[p.name] for p in parameters if p.default is Parameter.empty}
