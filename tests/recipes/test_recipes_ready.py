"""Ready recipes against each model's published rule, in numbers; the libraries themselves: test_recipes_peers.py.

tests/data/models/*.json are the names and shapes of small models of the libraries (tools/write_model_names.py).
"""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from math import inf, prod, sqrt

import numpy as np
import pytest

import fast_init as fi
from fast_init import recipes
from support import architecture_roles
from support.draws import Array
from support.families import FAMILIES, MODELS, ready
from support.roles import Role, constant, drawn

CUT = 0.87962566103423978  # standard deviation of a standard normal cut at two sigmas
UNIFORM = sqrt(3)  # largest magnitude in standard deviations

EMBEDDING = r"(model\.|transformer\.)?embed_tokens\.weight"
HEADS = r"(lm_head|score|classifier|qa_outputs|multiple_choice_head\.summary)\.weight"


def gpt2(std: float, layers: int) -> list[Role]:
    return [
        drawn(rf".*(wte|wpe|c_attn|q_attn|c_fc)\.weight|{HEADS}", std),
        drawn(r".*c_proj\.weight", std / sqrt(2 * layers)),
        constant(r".*ln_(1|2|f|cross_attn)\.weight", 1),
        constant(r".*\.bias", 0),
    ]


def llama(std: float) -> list[Role]:
    return [
        drawn(rf"{EMBEDDING}|.*_proj\.weight|{HEADS}", std),
        constant(r"(.*\.)?\w*norm\.weight", 1),
        constant(r".*\.bias", 0),
    ]


def bert(std: float) -> list[Role]:
    return [
        drawn(r".*(embeddings|query|key|value|dense|decoder|seq_relationship|classifier|qa_outputs)\.weight", std),
        constant(r".*LayerNorm\.weight", 1),
        constant(r".*\bbias", 0),
    ]


def vit(std: float, tokens: list[Role]) -> list[Role]:
    return [
        *tokens,
        drawn(r".*(projection|_proj|fc\d|dense|classifier|decoder\.0)\.weight", std),
        constant(r".*layernorm\w*\.weight", 1),
        constant(r".*\.bias", 0),
        constant(r".*(mask|distillation)_token", 0),
    ]


def resnet(last_batch_norm: str, features: int) -> list[Role]:
    norms = r"(.*\.)?(bn\d|downsample\.1|normalization)"
    return [
        drawn(
            r"(.*\.)?(conv\d|downsample\.0|convolution)\.weight", lambda shape: sqrt(2 / (shape[0] * prod(shape[2:])))
        ),
        drawn(r"(fc|classifier\.1)\.(weight|bias)", 1 / sqrt(3 * features), UNIFORM),
        constant(last_batch_norm, 0),
        constant(rf"(?!{last_batch_norm}){norms}\.weight", 1),
        constant(rf"{norms}\.(bias|running_mean)", 0),
        constant(rf"{norms}\.running_var", 1),
    ]


HALF_T5: list[Role] = [  # d_model 32, d_kv 8, two heads, d_ff 50; all times a half
    drawn(r"(.*\.)?(shared|embed_tokens|lm_head)\.weight|classifier\.weight", 1 / 2),
    drawn(r".*Attention\.q\.weight", 1 / 32),  # 1 / sqrt(32 * 8) = 1 / 16
    drawn(r".*Attention\.[kv]\.weight|.*relative_attention_bias\.weight", 1 / sqrt(128)),
    drawn(r".*Attention\.o\.weight", 1 / 8),  # 1 / sqrt(2 * 8) = 1 / 4
    drawn(r".*\.wi(_0|_1)?\.weight", 1 / sqrt(128)),
    drawn(r".*\.wo\.weight", 1 / sqrt(200)),
    drawn(r"(classification_head\.(dense|out_proj)|qa_outputs)\.weight", 1 / sqrt(128)),
    constant(r".*layer_norm\.weight", 1 / 2),
    constant(r".*\.bias", 0),
]
TIMM: list[Role] = [
    drawn(r"pos_embed|dist_token|.*(qkv|attn\.proj|fc\d|head|head_dist)\.weight", 0.02),
    drawn("cls_token", 1e-6),
    drawn(r"patch_embed\.proj\.(weight|bias)", 1 / sqrt(3 * 48), UNIFORM),  # 3 channels, 4 x 4 pixels
    constant(r"(.*\.)?norm\d?\.weight", 1),
    constant(r"(?!patch_embed).*\.bias", 0),
]
TOKENS = r".*(position_embeddings|cls_token)"

ROLES: dict[str, list[Role]] = {
    **architecture_roles.ROLES,
    "bert": bert(0.02),
    "bert_untied": bert(0.05),
    "deit": TIMM,
    "deit_transformers": vit(0.02, [constant(TOKENS, 0)]),
    "gpt2": gpt2(0.02, 2),
    "gpt2_untied": gpt2(0.05, 2),
    "llama": llama(0.02),
    "llama_tied": llama(0.03),
    "mistral": llama(0.02),
    "mixtral": [drawn(r".*(\.gate\.weight|gate_up_proj|down_proj)", 0.04), *llama(0.04)],
    "qwen2": llama(0.02),
    "resnet": resnet(r"(?!)", 2048),
    "resnet_basic": resnet(r"layer\d\.\d\.bn2\.weight", 512),
    "resnet_transformers": resnet(r"(?!)", 32),
    "t5": HALF_T5,
    "vit": vit(0.02, [drawn(TOKENS, 0.02)]),
    "vit_wide": vit(1.5, [drawn(TOKENS, 1.02293, 2 / 1.02293)]),  # N(0, 1.5^2) cut at -2 and 2
}
PADDED = architecture_roles.PADDED | {
    "bert": 0,
    "llama_tied": 3,
    "mistral": 39,
    "mixtral": 0,
}  # whose embedding is zero
TIED: dict[str, dict[str, str]] = {
    **architecture_roles.TIED,
    "bert": {
        "cls.predictions.decoder.weight": "bert.embeddings.word_embeddings.weight",
        "cls.predictions.decoder.bias": "cls.predictions.bias",
    },
    "gpt2": {"lm_head.weight": "transformer.wte.weight"},
    "llama_tied": {"lm_head.weight": "model.embed_tokens.weight"},
    "qwen2": {"lm_head.weight": "model.embed_tokens.weight"},
    "t5": {
        **{f"{side}.embed_tokens.weight": "shared.weight" for side in ("encoder", "decoder")},
        **{f"transformer.{side}.embed_tokens.weight": "transformer.shared.weight" for side in ("encoder", "decoder")},
        "lm_head.weight": "shared.weight",
    },
}


def role_of(family: str, name: str) -> Role:
    return next(role for role in ROLES[family] if re.fullmatch(role[0], name))


@pytest.mark.parametrize(("family", "k"), MODELS)
def test_a_model_has_the_published_laws(family: str, k: int) -> None:
    shapes = {name: tuple(shape) for name, shape in FAMILIES[family]["models"][k]["tensors"].items()}
    recipe, arrays = ready(family), {name: np.empty(shape, np.float32) for name, shape in shapes.items()}
    recipe.init_(arrays, seed=11)
    for name, rule in recipe.rules_for(shapes).items():
        _, mean, std, largest = role_of(family, name)
        std = std(shapes[name]) if callable(std) else std
        array = arrays[name]
        assert rule.tied_to == TIED.get(family, {}).get(name), name
        if callable(mean):
            assert np.allclose(array, mean(shapes[name]), rtol=1e-6, atol=1e-6), name
            continue
        assert rule.scheme.std_for(array.shape) == pytest.approx(std, rel=1e-3), name
        embeds = re.search(r"(word_embeddings|embed_tokens)\.weight$", rule.tied_to or name)
        assert rule.padding_row == (PADDED.get(family) if embeds else None), name
        if rule.padding_row is not None:
            assert not array[rule.padding_row].any()
            array = np.delete(array, rule.padding_row, axis=0)
        assert_moments(array, mean, std, largest, name)
        assert fi.verify(array, fi.normal(std=std) if largest == inf else rule.scheme), name
        assert np.array_equal(arrays[name], arrays.get(rule.tied_to or name, arrays[name]))


def assert_moments(array: Array, mean: float, std: float, largest: float, name: str) -> None:
    """Within five standard errors of a normal's."""
    if std == 0:
        assert (array == mean).all(), name
        return
    assert abs(array.mean() - mean) < 5 * std / sqrt(array.size), name
    assert abs(array.std() / std - 1) < 5 / sqrt(2 * array.size), name
    assert abs(array).max() <= 1.001 * largest * std, name


VERSION_4 = {
    "vit.encoder.layer.0.attention.attention.query.weight": 0.02,
    "vit.encoder.layer.0.attention.attention.value.bias": 0,
    "vit.encoder.layer.0.attention.output.dense.weight": 0.02,
    "vit.encoder.layer.0.intermediate.dense.weight": 0.02,
    "vit.encoder.layer.0.output.dense.bias": 0,
    "vit.encoder.layer.0.layernorm_before.weight": 0,
    "model.layers.0.block_sparse_moe.experts.7.w2.weight": 0.02,
    "model.layers.0.block_sparse_moe.gate.weight": 0.02,
}


@pytest.mark.parametrize("name", VERSION_4)
def test_names_of_transformers_4(name: str) -> None:
    recipe = recipes.vit() if name.startswith("vit") else recipes.mixtral()
    assert recipe.rule_for(name).scheme.std_for((8, 8)) == VERSION_4[name]


def test_experts_of_switch_transformers_have_fans_of_their_own() -> None:
    """sqrt(0.1 / fan_in) before the cut at two sigmas; the stack's own fans would be four times as many."""
    experts = {
        "model.layers.0.mlp.experts.gate_up_proj": ((4, 64, 250), CUT * sqrt(0.1 / 250)),
        "model.layers.0.mlp.experts.down_proj": ((4, 250, 32), CUT * sqrt(0.1 / 32)),
        "model.layers.0.block_sparse_moe.experts.0.w2.weight": ((250, 32), CUT * sqrt(0.1 / 32)),
        "model.layers.0.mlp.gate.weight": ((4, 250), CUT * sqrt(0.1 / 250)),
        "model.layers.0.self_attn.q_proj.weight": ((250, 250), 0.02),
    }
    arrays = {name: np.empty(shape) for name, (shape, _) in experts.items()}
    recipes.mixtral(expert_scale=0.1).init_(arrays, seed=5)
    for name, (_, std) in experts.items():
        assert_moments(arrays[name], 0, std, inf if "self_attn" in name else 2 / CUT, name)


def test_googles_bert_is_cut_at_two_sigmas() -> None:
    array = np.empty((200, 300))
    recipe = recipes.bert(0.05, truncated=True, padding_row=None)
    recipe.init_({"bert.pooler.dense.weight": array}, seed=5)
    assert_moments(array, 0, 0.05 * CUT, 2 / CUT, "pooler")


MODULES = ["fast_init.recipes", *(m.name for m in pkgutil.walk_packages(recipes.__path__, "fast_init.recipes."))]


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    names = {"np": np, **{name: getattr(fi, name) for name in fi.__all__}}
    assert doctest.testmod(importlib.import_module(name), extraglobs=names).failed == 0


def test_every_ready_recipe_is_public_and_has_an_example() -> None:
    others = {name for name in recipes.__all__ if name.endswith("_multipliers")}
    assert set(recipes.READY) == set(recipes.__all__) - {"READY", "dummy_for", "recipe_for"} - others
    for name, make in recipes.READY.items():
        assert make is getattr(recipes, name)
        assert ">>>" in str(make.__doc__)
        assert "Source: " in str(make.__doc__)
