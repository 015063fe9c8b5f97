"""The ready recipe of a Hugging Face configuration."""

from __future__ import annotations

import re
from typing import Any

import pytest

import fast_init as fi
from fast_init import recipes
from fast_init.recipes.families.from_config import READY_OF
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
    "clip": recipes.clip(512, 12, 768, 12, std=0.02, factor=1.0, logit_scale=2.6592),
    "convnext": recipes.convnext(0.02, 1e-6),
    "deepseek_v3": recipes.deepseek_v3(0.02, padding_row=None, tied=False),
    "gemma": recipes.gemma(0.02, padding_row=0, tied=True),
    "gemma2": recipes.gemma(0.02, padding_row=0, tied=True),
    "gemma3_text": recipes.gemma(0.02, padding_row=0, tied=True),
    "mamba": recipes.mamba(0.1, tied=True),
    "mamba2": recipes.mamba(0.1, tied=False),
    "qwen3": recipes.llama(0.02, padding_row=None, tied=False),
    "qwen3_moe": recipes.mixtral(0.02, padding_row=None, tied=False),
    "swin": recipes.swin(std=0.02),
}
CONFIGS: list[tuple[dict[str, Any], fi.Recipe]] = [
    *(({"model_type": model_type}, recipe) for model_type, recipe in DEFAULTS.items()),
    ({"model_type": "mamba", "rescale_prenorm_residual": True}, recipes.mamba(layers=32)),
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
    known = (
        "bert, clip, convnext, deepseek_v3, deit, gemma, gemma2, gemma3_text, gpt2, llama, mamba, mamba2, mistral, "
        "mixtral, qwen2, qwen3, qwen3_moe, resnet, swin, t5, vit"
    )
    for model_type in ("mamba3", None, ["bert"]):
        with pytest.raises(
            ValueError, match=re.escape(f"model_type is {model_type!r}; recipe_for knows {known}: pass")
        ):
            recipes.recipe_for({"model_type": model_type})
    with pytest.raises(TypeError, match=re.escape("config is a object; it must be a mapping: pass config.to_dict()")):
        recipes.recipe_for(object())  # type: ignore[arg-type]


LAYERS = "; a model has at most 10,000 layers: pass no more"
SIZE = "; it must be an int in [1, 2**63): correct it in the config"
NUMBER = "; it must be a number >= 0: correct it in the config"
FLAG = "; it must be true or false: correct it in the config"
COUNTS: list[Any] = ["2", True, 2.0, -1, 0, None, [2], {}]
NUMBERS: list[Any] = ["", True, -1, []]
SIZES: list[Any] = ["12", [], {}, 5]
WRONG: list[tuple[dict[str, Any], str]] = [
    *(({"model_type": "gpt2", "n_layer": n}, f"n_layer is {n!r}{SIZE}") for n in COUNTS),
    ({"model_type": "gpt2", "n_layer": 10_001}, f"n_layer is 10001{LAYERS}"),
    ({"model_type": "gpt2", "n_layer": 10**400}, f"n_layer is {'1' + '0' * 19}...{LAYERS}"),
    ({"model_type": "gpt2", "num_hidden_layers": 1e9}, f"num_hidden_layers is 1000000000.0{LAYERS}"),
    ({"model_type": "vit", "depths": [2, 10**6]}, f"depths is [2, 1000000]{LAYERS}"),
    ({"model_type": "vit", "depths": [1] * 10_001}, f"depths is [1, 1, 1, 1, 1, 1, 1...{LAYERS}"),
    ({"model_type": "vit", "text": {"inner": [{"n_layers": 10_001}]}}, f"n_layers is 10001{LAYERS}"),
    *(({"model_type": "vit", "initializer_range": x}, f"initializer_range is {x!r}{NUMBER}") for x in NUMBERS),
    *(({"model_type": "bert", "tie_word_embeddings": x}, f"tie_word_embeddings is {x!r}{FLAG}") for x in ("false", 2)),
    *(
        (
            {"model_type": "llama", "vocab_size": 9, "pad_token_id": x},
            f"pad_token_id is {x!r}; it must be an int in [-9, 9)",
        )
        for x in (9, -10, "0", 0.0, True, [0])
    ),
    ({"model_type": "bert", "vocab_size": "x"}, f"vocab_size is 'x'{SIZE}"),
    ({"model_type": "t5", "d_ff": 10**400}, f"d_ff is {10**400}{SIZE}"),  # no float holds it
    *(({"model_type": "resnet", "hidden_sizes": x}, f"hidden_sizes is {x!r}; it") for x in SIZES),
    ({"model_type": "resnet", "hidden_sizes": [8, "x"]}, f"hidden_sizes is 'x'{SIZE}"),
    ({"model_type": "mamba", "time_step_init_scheme": "constant"}, "time_step_init_scheme is 'constant'; recipe_for"),
    ({"model_type": "mamba2", "time_step_min": 0}, "a is 0.0 and b is 0.1; inv_softplus_log_uniform needs 0 < a <= b"),
    ({"model_type": "clip", "text_config": 3}, "text_config is 3; it must be an object"),
    (
        {"model_type": "clip", "vision_config": {"initializer_factor": 2}},
        "initializer_factor is [1.0, 1.0, 2.0] of model and towers; recipe_for knows one",
    ),
    ({"model_type": "resnet", "layer_type": []}, "block is []; it must be one of basic, bottleneck"),
]


@pytest.mark.parametrize(("config", "sentence"), WRONG, ids=lambda value: str(value)[:60])
def test_recipe_for_a_field_that_is_wrong(config: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        recipes.recipe_for(config)


def test_fields_that_count_no_layers_may_be_large() -> None:
    config = {"model_type": "gpt2", "vocab_size_per_layer_input": 262144, "num_experts": 16384, "block_size": 32768}
    assert recipes.recipe_for(config) == recipes.gpt2()


def test_every_model_type_has_the_name_of_a_ready_recipe() -> None:
    assert set(READY_OF.values()) <= set(recipes.READY)
    assert READY_OF["qwen3_moe"] == "mixtral"
