"""A state-space model's own parameters in recipes: Mamba's, by its formulas, in memory, in parts and in checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.checkpoints.verification import verify_checkpoint

LAYERS, INNER, STATES = 2, 96, 16
RECIPE = Recipe(
    [
        ("*.A_log", fi.log_arange()),
        ("*.D", fi.ones()),
        Rule("layers.{l}.dt_proj.bias", fi.formula(fi.inv_softplus_log_uniform, a="1e-3", b="0.1 / (l + 1)")),
        Rule("layers.{l}.decay", fi.formula(fi.ramp, a=-6, b=-1, power="0.85 + sqrt(l / (L - 1))")),
        Rule("*.fused", fi.log_uniform(0.5, 2), parts=[("up", 3), ("low", -1, fi.ramp(0, 1))]),
    ],
    sizes={"L": LAYERS},
)
OF_A_LAYER: dict[str, tuple[int, ...]] = {
    "A_log": (INNER, STATES),
    "D": (INNER,),
    "dt_proj.bias": (INNER,),
    "decay": (INNER,),
    "fused": (8, 5),
}
SHAPES = {f"layers.{layer}.{name}": shape for layer in range(LAYERS) for name, shape in OF_A_LAYER.items()}


def model() -> dict[str, Any]:
    arrays = {name: np.empty(shape, np.float32) for name, shape in SHAPES.items()}
    RECIPE.init_(arrays, seed=11)
    return arrays


def test_mamba_is_that_of_its_code() -> None:
    """mamba_ssm 2.2, modules/mamba_simple.py: A_log, and dt_bias, whose softplus is in [dt_min, dt_max]."""
    arrays = model()
    a_log = np.log(np.tile(np.arange(1, STATES + 1, dtype=np.float32), (INNER, 1)))
    assert np.allclose(arrays["layers.0.A_log"], a_log, rtol=1e-6)
    for layer, largest in enumerate((0.1, 0.05)):
        dt = np.log1p(np.exp(arrays[f"layers.{layer}.dt_proj.bias"].astype(np.float64)))
        assert 0.001 * (1 - 1e-6) <= dt.min() < 0.002
        assert largest * 0.8 < dt.max() <= largest * (1 + 1e-6)


def test_rwkvs_decay_is_that_of_its_code() -> None:
    """RWKV-7: -6 + 5 (n / (C - 1)) ** (0.85 + ratio_0_to_1 ** 0.5)."""
    for layer in range(LAYERS):
        power = 0.85 + (layer / (LAYERS - 1)) ** 0.5
        expected = -6 + 5 * (np.arange(INNER) / (INNER - 1)) ** power
        assert np.allclose(model()[f"layers.{layer}.decay"], expected, rtol=1e-6)


def test_it_is_verified_and_goes_through_text() -> None:
    pytest.importorskip("tomllib")
    arrays = model()
    for recipe in (RECIPE, Recipe.loads(RECIPE.to_toml()), Recipe.loads(RECIPE.to_json())):
        assert recipe == RECIPE
        assert all(recipe.verify(arrays, seed=11).values())
    assert not all(RECIPE.verify(arrays, seed=12).values())


def test_parts_are_tensors_of_their_own() -> None:
    fused = model()["layers.1.fused"]
    up = fi.log_uniform(0.5, 2).fill_(np.empty((3, 5), np.float32), seed=11, name="layers.1.up")
    assert np.array_equal(fused[:3], up)
    assert np.array_equal(fused[3:], np.tile(np.linspace(0, 1, 5, dtype=np.float32), (5, 1)))


def test_a_checkpoint_holds_the_same_and_refuses_anothers(tmp_path: Path) -> None:
    tensors = {name: (shape, "float32") for name, shape in SHAPES.items()}
    fi.write_checkpoint(tmp_path, tensors, RECIPE, seed=11, max_shard_size=4096)
    assert verify_checkpoint(tmp_path)
    assert not verify_checkpoint(tmp_path, recipe=Recipe(RECIPE.rules, {"L": 3}))
