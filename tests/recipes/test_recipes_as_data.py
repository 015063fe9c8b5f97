"""What holds for every ready recipe: as text, in shards, and verified, with a small model of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, recipes
from fast_init.checkpoints.verification import verify_checkpoint
from support import depth_models as models
from support.architecture_models import MODELS
from support.depth_models import LAYERS, D, F, Shapes
from support.families import FAMILIES, ready

# A recipe and its model, for those without a model of a library in tests/data/models.
EXAMPLES: dict[str, tuple[Recipe, Shapes]] = {
    "mup": (
        recipes.mup(ready("gpt2_untied"), 4),
        {name: tuple(shape) for name, shape in FAMILIES["gpt2_untied"]["models"][0]["tensors"].items()},
    ),
    "complete_p": (recipes.complete_p(recipes.llama(), 4), models.LLAMA_MODEL),
    "deepnorm": (recipes.deepnorm(D, 2, LAYERS), models.BART_MODEL),
    "spectral": (recipes.spectral(recipes.llama(), models.LLAMA_MODEL), models.LLAMA_MODEL),
    "t_fixup": (recipes.t_fixup(D, 2, LAYERS), models.WITHOUT_NORMS),
    "u_mup": (recipes.u_mup(), models.LLAMA_MODEL),
    "gpt_neox": (recipes.gpt_neox(D, LAYERS), models.NEOX_MODEL),
    "llama_torchtitan": (recipes.llama_torchtitan(D), models.TORCHTITAN_MODEL),
    "lora": (recipes.lora(), models.LORA_MODEL),
    "megatron": (recipes.megatron(LAYERS), models.MEGATRON_MODEL),
    "olmo": (recipes.olmo(d_model=D, d_ff=F), models.OLMO_MODEL),
    "dit": (recipes.dit(), MODELS["dit"]),
    "dummy": (recipes.dummy(LAYERS), models.LLAMA_MODEL),
    "fixup_resnet": (recipes.fixup_resnet(2), MODELS["fixup_resnet"]),
    "fourier_features": (recipes.fourier_features(), MODELS["fourier_features"]),
    "gru": (recipes.gru(4, max_time=784), MODELS["gru"]),
    "hash_grid": (recipes.hash_grid(), MODELS["hash_grid"]),
    "lstm": (recipes.lstm(4, max_time=784), MODELS["lstm"]),
    "rwkv7": (recipes.rwkv7(2, 64, 8), MODELS["rwkv7"]),
    "siren": (recipes.siren(hidden_features=8), MODELS["siren"]),
    "unet_diffusion": (recipes.unet_diffusion(MODELS["unet_diffusion"]), MODELS["unet_diffusion"]),
    "whisper": (recipes.whisper(padding_row=3), MODELS["whisper"]),
}


def example(name: str) -> tuple[Recipe, Shapes]:
    if name in EXAMPLES:
        return EXAMPLES[name]
    family = next(family for family, content in FAMILIES.items() if content["recipe"] == name)
    tensors = FAMILIES[family]["models"][0]["tensors"]
    return ready(family), {key: tuple(shape) for key, shape in tensors.items()}


@pytest.mark.parametrize("name", recipes.READY)
def test_it_is_the_same_after_a_trip_through_text(name: str) -> None:
    recipe, _ = example(name)
    assert Recipe.loads(recipe.to_json()) == recipe
    assert Recipe.from_dict(recipe.to_dict()) == recipe
    if sys.version_info >= (3, 11):
        assert Recipe.loads(recipe.to_toml()) == recipe


@pytest.mark.parametrize("name", recipes.READY)
def test_a_shard_has_the_bits_of_the_whole(name: str) -> None:
    """The second half of the rows, and where there is a second axis the second half of the columns."""
    recipe, shapes = example(name)
    arrays = {key: np.empty(shape, np.float32) for key, shape in shapes.items()}
    recipe.init_(arrays, seed=42)
    for key, rule in recipe.rules_for(shapes).items():
        if rule.padding_row is not None or rule.parts or not rule.scheme.is_random:
            continue
        offset = tuple(size // 2 if axis < 2 else 0 for axis, size in enumerate(shapes[key]))
        whole = arrays[key][tuple(slice(start, None) for start in offset)]
        shard = rule.scheme.fill_(
            np.empty(whole.shape, np.float32),
            seed=42,
            name=rule.stream_of(key),
            global_shape=shapes[key],
            offset=offset,
        )
        assert np.array_equal(shard, whole), key


@pytest.mark.parametrize("name", recipes.READY)
def test_its_checkpoint_is_verified_and_no_other_is(name: str, tmp_path: Path) -> None:
    recipe, shapes = example(name)
    path, tensors = tmp_path / "model", {key: (shape, "float32") for key, shape in shapes.items()}
    fi.write_checkpoint(path, tensors, recipe, seed=42)
    assert verify_checkpoint(path)
    assert verify_checkpoint(path, recipe=recipe, seed=42, every=True)
    assert not verify_checkpoint(path, recipe=recipe, seed=43)
    assert not verify_checkpoint(path, recipe=Recipe([("*", fi.normal(std=0.0123))]), seed=42)
