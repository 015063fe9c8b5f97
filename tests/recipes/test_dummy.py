"""Dummy weights: their laws by role, their parts on tensor-parallel ranks, their place in a checkpoint and in fp8."""

from __future__ import annotations

import json
import re
from math import sqrt
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

import fast_init as fi
from fast_init.recipes import dummy, dummy_for
from support.draws import Array

HIDDEN, BETWEEN, EXPERTS, VOCABULARY, LAYERS = 256, 512, 4, 1000, 8
LAYER = "model.layers.3."

# Names, shapes and standard deviations: of the checkpoints' names and of those that transformers 5 stacks.
DRAWN: list[tuple[str, tuple[int, ...], float]] = [
    ("model.embed_tokens.weight", (VOCABULARY, HIDDEN), 1),
    ("lm_head.weight", (VOCABULARY, HIDDEN), 0.25 / sqrt(HIDDEN)),
    (f"{LAYER}self_attn.q_proj.weight", (HIDDEN, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}self_attn.kv_a_proj_with_mqa.weight", (96, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}self_attn.o_proj.weight", (HIDDEN, HIDDEN), 1 / sqrt(2 * LAYERS * HIDDEN)),
    (f"{LAYER}mlp.up_proj.weight", (BETWEEN, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}mlp.down_proj.weight", (HIDDEN, BETWEEN), 1 / sqrt(2 * LAYERS * BETWEEN)),
    (f"{LAYER}mlp.gate.weight", (EXPERTS, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}mlp.experts.gate_up_proj", (EXPERTS, 2 * BETWEEN, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}mlp.experts.down_proj", (EXPERTS, HIDDEN, BETWEEN), 1 / sqrt(2 * LAYERS * BETWEEN)),
    (f"{LAYER}mlp.experts.2.down_proj.weight", (HIDDEN, BETWEEN), 1 / sqrt(2 * LAYERS * BETWEEN)),
    (f"{LAYER}mlp.shared_expert.down_proj.weight", (HIDDEN, BETWEEN), 1 / sqrt(2 * LAYERS * BETWEEN)),
    (f"{LAYER}mlp.shared_expert_gate.weight", (1, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}block_sparse_moe.gate.weight", (EXPERTS, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}block_sparse_moe.experts.2.w1.weight", (BETWEEN, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}block_sparse_moe.experts.2.w3.weight", (BETWEEN, HIDDEN), 1 / sqrt(HIDDEN)),
    (f"{LAYER}block_sparse_moe.experts.2.w2.weight", (HIDDEN, BETWEEN), 1 / sqrt(2 * LAYERS * BETWEEN)),
]
CONSTANT = {
    "model.norm.weight": 1,
    f"{LAYER}input_layernorm.weight": 1,
    f"{LAYER}self_attn.q_norm.weight": 1,
    f"{LAYER}self_attn.k_proj.bias": 0,
    f"{LAYER}mlp.gate.e_score_correction_bias": 0,
}


def drawn(name: str, recipe: fi.Recipe, shape: tuple[int, ...], dtype: Any = np.float32) -> Array:
    arrays = {name: np.empty(shape, dtype)}
    recipe.init_(arrays, seed=42)
    return arrays[name]


@pytest.mark.parametrize(("name", "shape", "std"), DRAWN)
def test_a_role_has_its_standard_deviation(name: str, shape: tuple[int, ...], std: float) -> None:
    array = drawn(name, dummy(LAYERS), shape)
    error = 5 * std / sqrt(2 * array.size)  # five standard errors of a normal's; a uniform's are less
    assert abs(array.std() - std) < error
    assert abs(array.mean()) < 5 * std / sqrt(array.size)


@pytest.mark.parametrize("name", CONSTANT)
def test_norms_and_biases_are_constants(name: str) -> None:
    assert (drawn(name, dummy(LAYERS), (7,)) == CONSTANT[name]).all()


def test_norms_of_gemma_are_zero() -> None:
    assert not drawn("model.norm.weight", dummy(LAYERS, norm=0), (7,)).any()


def test_a_tied_embedding_is_the_head() -> None:
    recipe, shape = dummy(LAYERS, tied=True), (VOCABULARY, HIDDEN)
    embedding, head = (drawn(name, recipe, shape) for name in ("model.embed_tokens.weight", "lm_head.weight"))
    assert np.array_equal(embedding, head)
    assert abs(head.std() * sqrt(HIDDEN) - 0.25) < 0.01


@pytest.mark.parametrize(("experts", "chosen", "hidden"), [(8, 2, 256), (64, 8, 1024)])
def test_experts_have_equal_shares_of_random_tokens(experts: int, chosen: int, hidden: int) -> None:
    tokens = drawn("model.embed_tokens.weight", dummy(LAYERS), (16_384, hidden))
    for k in range(5):
        router = drawn(f"model.layers.{k}.mlp.gate.weight", dummy(LAYERS), (experts, hidden))
        assert abs(router).max() <= sqrt(3 / hidden)  # uniform
        best = np.argpartition(tokens @ router.T, -chosen, axis=1)[:, -chosen:]
        load = np.bincount(best.ravel(), minlength=experts)
        assert load.max() / load.mean() <= 1.2


# Axis 0 of a matrix is column-parallel, axis 1 row-parallel; of stacked experts these are 1 and 2, and 0 is by experts.
CUTS = [(name, shape, axis) for name, shape, _ in DRAWN for axis in range(len(shape)) if shape[axis] % 4 == 0]


@pytest.mark.parametrize("ranks", [1, 2, 4])
@pytest.mark.parametrize(("name", "shape", "axis"), CUTS)
def test_ranks_draw_their_parts_alone(name: str, shape: tuple[int, ...], axis: int, ranks: int) -> None:
    whole, scheme = drawn(name, dummy(LAYERS), shape, ml_dtypes.bfloat16), dummy(LAYERS).rule_for(name).scheme
    for rank, part in enumerate(np.split(whole, ranks, axis)):
        offset = tuple(rank * part.shape[k] if k == axis else 0 for k in range(len(shape)))
        alone = scheme.fill_(np.empty_like(part), seed=42, name=name, global_shape=shape, offset=offset)
        assert alone.tobytes() == part.tobytes()


@pytest.mark.parametrize("ranks", [1, 2, 4])
def test_ranks_read_what_they_would_draw(tmp_path: Path, ranks: int) -> None:
    recipe, shape, rows = dummy(LAYERS), (VOCABULARY, HIDDEN), VOCABULARY // ranks
    fi.write_checkpoint(tmp_path, {"lm_head.weight": (shape, "float32")}, recipe, seed=42)
    with safe_open(tmp_path / "model.safetensors", framework="numpy") as file:
        for first in range(0, VOCABULARY, rows):
            part = np.empty((rows, HIDDEN), np.float32)
            place: dict[str, Any] = {"name": "lm_head.weight", "global_shape": shape, "offset": (first, 0)}
            recipe.rule_for("lm_head.weight").scheme.fill_(part, seed=42, **place)
            assert np.array_equal(file.get_slice("lm_head.weight")[first : first + rows], part)


def test_a_checkpoint_holds_the_same_and_is_verified(tmp_path: Path) -> None:
    recipe = dummy(LAYERS)
    fi.write_checkpoint(tmp_path, {name: (shape, "float32") for name, shape, _ in DRAWN}, recipe, seed=42)
    held = load_file(tmp_path / "model.safetensors")
    for name, shape, _ in DRAWN:
        assert np.array_equal(held[name], drawn(name, recipe, shape))
    assert all(recipe.verify(held, seed=42).values())
    assert not all(dummy(LAYERS + 1).verify(held, seed=42).values())


def test_as_text_and_back() -> None:
    recipe = dummy(LAYERS, tied=True, norm=0)
    assert fi.Recipe.loads(recipe.to_json()) == fi.Recipe.from_dict(recipe.to_dict()) == recipe


def test_in_fp8_most_weights_need_the_scale_that_quantisation_gives_them() -> None:
    weight = drawn(f"{LAYER}self_attn.q_proj.weight", dummy(LAYERS), (512, 4096))
    fp8 = ml_dtypes.finfo(ml_dtypes.float8_e4m3fn)
    scale = float(fp8.max) / abs(weight).max()  # of a tensor, as engines quantise
    least = float(fp8.smallest_normal)
    assert 0.67 < (abs(weight) < least).mean() < 0.70  # without it: one standard deviation is 2^-6
    assert (abs(weight * scale) < least).mean() < 0.001
    end = drawn(f"{LAYER}self_attn.o_proj.weight", dummy(80), (512, 4096)).astype(ml_dtypes.float8_e4m3fn)
    assert (abs(end.astype(np.float32)) <= 2**-9).mean() > 0.98
    assert np.isfinite((weight * scale).astype(ml_dtypes.float8_e4m3fn).astype(np.float32)).all()


@pytest.mark.parametrize(
    ("fields", "recipe"),
    [
        ({"model_type": "llama", "num_hidden_layers": 80}, dummy(80)),
        ({"model_type": "qwen2", "num_hidden_layers": 2, "tie_word_embeddings": True}, dummy(2, tied=True)),
        ({"model_type": "gemma", "num_hidden_layers": 2}, dummy(2, tied=True, norm=0)),
        ({"model_type": "gemma2", "num_hidden_layers": 2, "tie_word_embeddings": False}, dummy(2, norm=0)),
    ],
)
def test_a_config_says_the_options(fields: dict[str, Any], recipe: fi.Recipe) -> None:
    assert dummy_for(json.loads(json.dumps(fields))) == recipe


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model_type": "gpt2", "num_hidden_layers": 2}, "model_type is 'gpt2'; dummy_for knows deepseek_v2, "),
        ({}, "model_type is None; dummy_for knows "),
        ({"model_type": "llama"}, "config has no num_hidden_layers; "),
        ({"model_type": "llama", "num_hidden_layers": 0}, "num_hidden_layers is 0; it must be an int in [1, 2**63)"),
        ({"model_type": "llama", "num_hidden_layers": 10**5}, "num_hidden_layers is 100000; a model has at most"),
        ({"model_type": "llama", "num_hidden_layers": 2, "tie_word_embeddings": 1}, "tie_word_embeddings is 1; it"),
    ],
)
def test_configs_that_are_wrong(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        dummy_for(fields)


def test_arguments_that_are_wrong() -> None:
    with pytest.raises(TypeError, match="config is a list; it must be a mapping"):
        dummy_for([])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="layers is 0; it must be at least 1"):
        dummy(0)
    with pytest.raises(ValueError, match="norm is inf; it must be"):
        dummy(1, norm=float("inf"))
    with pytest.raises(ValueError, match=re.escape("no rule matches model.layers.0.mlp.scale;")):
        dummy(1).rules_for(["model.layers.0.mlp.scale"])
