"""The ready recipe of a Hugging Face configuration."""

from __future__ import annotations

import re
from typing import Any

import pytest

import fast_init as fi
from fast_init import recipes
from support.families import FAMILIES, MODELS, ready


@pytest.mark.parametrize(("family", "k"), [(f, k) for f, k in MODELS if FAMILIES[f]["model_type"]])
def test_recipe_for_a_configuration(family: str, k: int) -> None:
    content = FAMILIES[family]
    config = {"model_type": content["model_type"], **content["models"][k]["config"]}
    assert recipes.recipe_for(config) == ready(family)


DEFAULTS = {  # a model_type alone
    "bert": recipes.bert(0.02, padding_row=0, tied=True),
    "deit": recipes.deit_transformers(0.02),
    "gpt2": recipes.gpt2(12, 0.02, tied=True),
    "llama": recipes.llama(0.02, padding_row=None, tied=False),
    "mistral": recipes.llama(0.02, padding_row=None, tied=False),
    "mixtral": recipes.mixtral(0.02, padding_row=None, tied=False),
    "qwen2": recipes.llama(0.02, padding_row=None, tied=False),
    "resnet": recipes.resnet("bottleneck", 2048),
    "t5": recipes.t5(512, 64, 8, 2048, 1.0, tied=True),
    "vit": recipes.vit(0.02),
}
CONFIGS: list[tuple[dict[str, Any], fi.Recipe]] = [
    *(({"model_type": model_type}, recipe) for model_type, recipe in DEFAULTS.items()),
    ({"model_type": "gpt2", "num_hidden_layers": 3}, recipes.gpt2(3)),
    ({"model_type": "llama", "pad_token_id": -1}, recipes.llama(padding_row=31999)),
    ({"model_type": "qwen2", "pad_token_id": -1}, recipes.llama(padding_row=151935)),
    ({"model_type": "bert", "pad_token_id": -2, "vocab_size": 10}, recipes.bert(padding_row=8)),
    ({"model_type": "bert", "pad_token_id": None}, recipes.bert(padding_row=None)),
    ({"model_type": "vit", "initializer_range": 0}, recipes.vit(0.02)),  # as PreTrainedModel._init_weights has it
    (
        {"model_type": "t5", "d_model": 4, "d_kv": 2, "num_heads": 3, "d_ff": 5, "tie_word_embeddings": False},
        recipes.t5(4, 2, 3, 5, tied=False),
    ),
]


@pytest.mark.parametrize(("config", "recipe"), CONFIGS, ids=str)
def test_recipe_for_missing_and_odd_keys(config: dict[str, Any], recipe: fi.Recipe) -> None:
    assert recipes.recipe_for(config) == recipe


def test_recipe_for_what_is_not_known() -> None:
    known = "bert, deit, gpt2, llama, mistral, mixtral, qwen2, resnet, t5, vit"
    for model_type in ("mamba", None, ["bert"]):
        with pytest.raises(
            ValueError, match=re.escape(f"model_type is {model_type!r}; recipe_for knows {known}: pass")
        ):
            recipes.recipe_for({"model_type": model_type})
    with pytest.raises(TypeError, match=re.escape("config is a object; it must be a mapping: pass config.to_dict()")):
        recipes.recipe_for(object())  # type: ignore[arg-type]
