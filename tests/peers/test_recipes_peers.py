"""What a ready recipe draws against what the model's own library draws; skipped without it.

To run all: `pip install torch torchvision transformers timm mup`.
"""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import fast_init as fi
from fast_init import recipes
from support.draws import Array
from support.families import FAMILIES, MODELS
from support.peers import peer

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "write_model_names.py"))
ELEMENTS, DRAWS = 300_000, 20  # of a model's draws together, about; the most draws

Draw = Mapping[str, Array]


def library_of(name: str) -> Any:
    """Import the library of a family, or skip the test, also where the library is there but does not load."""
    try:
        return peer(name)
    except RuntimeError as error:  # torchvision, of another torch
        return pytest.skip(f"{name} does not load: {error}")


def draws_of(family: str, k: int) -> tuple[list[Draw], list[Draw], fi.Recipe, Any]:
    """Return a model's tensors as the library draws them, as the recipe does, the recipe, and the model."""
    content = FAMILIES[family]
    library = content["library"].split()[0]
    library_of(library)
    peer("torch").manual_seed(7)
    model = TOOL["build"](library, content["models"][k])
    theirs: list[Draw] = [TOOL["tensors_of"](model)]
    size = sum(array.size for array in theirs[0].values())
    for _ in range(min(DRAWS, ELEMENTS // size)):
        theirs.append(TOOL["tensors_of"](TOOL["build"](library, content["models"][k])))
    recipe = recipes.READY[content["recipe"]](**content["options"])
    ours: list[Draw] = [{name: np.empty_like(array) for name, array in theirs[0].items()} for _ in theirs]
    for seed, arrays in enumerate(ours):
        recipe.init_(arrays, seed=seed)
    return theirs, ours, recipe, model


@pytest.mark.parametrize(("family", "k"), MODELS)
def test_every_tensor_has_the_law_of_the_library(family: str, k: int) -> None:
    theirs, ours, recipe, model = draws_of(family, k)
    shapes = {name: list(array.shape) for name, array in theirs[0].items()}
    assert shapes == FAMILIES[family]["models"][k]["tensors"]
    for name, rule in recipe.rules_for(shapes).items():
        a, b = (np.stack([draw[name] for draw in draws]) for draws in (theirs, ours))
        if rule.padding_row is not None:
            assert not a[:, rule.padding_row].any()
            assert not b[:, rule.padding_row].any()
            a, b = (np.delete(x, rule.padding_row, axis=1) for x in (a, b))
        if rule.tied_to is not None:
            assert all(np.array_equal(draw[name], draw[rule.tied_to]) for draw in [*theirs, *ours])
        if isinstance(rule.scheme, fi.constant):
            assert np.array_equal(a, b), name
        elif not rule.scheme.is_random:  # the library's logarithms are of float32
            assert np.allclose(a, b, rtol=1e-6, atol=0), name
        else:
            assert_same_law(a.ravel(), b.ravel(), name)
    if FAMILIES[family]["model_type"]:
        assert recipes.recipe_for(model.config.to_dict()) == recipe


def test_whisper() -> None:
    """The encoder's positions, of 1,500 rows, within the rounding of what transformers computes in float32."""
    options = {"encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_layers": 1, "decoder_layers": 1}
    sizes = {"d_model": 32, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "vocab_size": 40, "num_mel_bins": 4}
    tokens = {"pad_token_id": 3, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}
    peer("transformers")
    peer("torch").manual_seed(7)
    model = TOOL["build"](
        "transformers", {"class": "WhisperForConditionalGeneration", "config": {**options, **sizes, **tokens}}
    )
    theirs = TOOL["tensors_of"](model)
    positions = "model.encoder.embed_positions.weight"
    recipe = recipes.whisper(padding_row=3)
    ours = {name: np.empty_like(array) for name, array in theirs.items()}
    recipe.init_(ours, seed=1)
    for name, rule in recipe.rules_for(theirs).items():
        if rule.scheme.is_random:
            assert_same_law(theirs[name].ravel(), ours[name].ravel(), name)
        elif name == positions:  # their angles p f, f = exp(-x), are off by up to p (f x 2^-23 + 3 f 2^-24) < p 2^-22
            assert theirs[name].shape == (1500, 32)
            assert (abs(theirs[name] - ours[name]) < (1 + np.arange(1500)[:, None]) * 2.0**-22).all()
        else:
            assert np.array_equal(theirs[name], ours[name]), name
        assert np.array_equal(theirs[name] == 0, ours[name] == 0), name
    assert not ours["proj_out.weight"][3].any()


def assert_same_law(a: Array, b: Array, name: str) -> None:
    """Compare mean and variance (five standard errors of normals) and distribution functions."""
    spread = max(float(b.std()), 1e-30)
    assert abs(a.mean() - b.mean()) < 5 * spread * sqrt(2 / a.size), name
    assert abs(a.var() / spread**2 - 1) < 5 * sqrt(4 / a.size), name
    assert stats.ks_2samp(a, b).pvalue > 1e-5, name


def test_a_recipe_fills_the_model_itself() -> None:
    """By the state dict, as the package's documentation says, tied tensors twice."""
    transformers = peer("transformers")
    config = transformers.GPT2Config(n_layer=2, n_embd=32, n_head=2, vocab_size=40, n_positions=24)
    model = transformers.GPT2LMHeadModel(config)
    recipe = recipes.recipe_for(config.to_dict())
    recipe.init_(TOOL["tensors_of"](model), seed=42)
    wte = np.empty((40, 32), np.float32)
    fi.normal_(wte, std=0.02, seed=42, name="transformer.wte.weight")
    assert np.array_equal(model.lm_head.weight.detach().numpy(), wte)


@pytest.mark.parametrize("width", [64, 256])
def test_mup_is_that_of_its_package(width: int) -> None:
    """Table 8, on a base of width 64: what mup.init.normal_ draws."""
    torch, theirs = peer("torch"), peer("mup")
    torch.manual_seed(7)

    def network(width: int) -> Any:
        hidden = torch.nn.ModuleDict({"c_fc": torch.nn.Linear(width, width)})
        return torch.nn.ModuleDict(
            {
                "wte": torch.nn.Embedding(100, width),
                "h": torch.nn.ModuleList([hidden]),
                "lm_head": theirs.MuReadout(width, 100, bias=False),
            }
        )

    model = network(width)
    theirs.set_base_shapes(model, network(64), delta=network(128), rescale_params=False)
    wide = recipes.mup(recipes.gpt2(tied=False), width / 64)
    for name, parameter in model.named_parameters():
        if parameter.ndim == 2:
            theirs.init.normal_(parameter, std=0.02)
            a = parameter.detach().numpy()
            assert_same_law(a.ravel(), wide.rule_for(name).scheme.fill_(np.empty_like(a), seed=1).ravel(), name)
    assert model["lm_head"].width_mult() == width / 64  # by which the outputs are divided
