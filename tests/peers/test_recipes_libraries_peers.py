"""Recipes against the code of the libraries that they name: peft, and those of no_deps.txt.

Where a library imports what initialises nothing (clients of stores, kernels), that is a stand-in.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from math import inf
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

import fast_init as fi
from fast_init import recipes
from support.depth_models import LAYERS, MEGATRON_MODEL, D
from support.draws import Array
from support.peers import assert_same_sample, peer, tensors

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

STAND_INS = {
    "torchtitan": ["torchtitan.distributed.minimal_async_ep"],  # of experts, in Triton
    "olmo": [
        *("boto3", "botocore", "botocore.config", "botocore.exceptions", "cached_path", "cached_path.schemes"),
        *("datasets", "google.api_core", "google.api_core.retry", "requests"),
        *("importlib_resources", "importlib_resources.abc"),
    ],
    "torchscale": ["fairscale", "fairscale.nn", "timm", "timm.models", "timm.models.layers"],
}


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a module: skip without its library, fail without what the library needs."""

    def imported(module: str) -> Any:
        package = module.split(".")[0]
        for name in STAND_INS.get(package, []):
            monkeypatch.setitem(sys.modules, name, MagicMock())
        peer(package)
        peer("torch").manual_seed(7)
        return import_module(module)

    return imported


def assert_recipe_draws(recipe: fi.Recipe, theirs: Mapping[str, Array]) -> None:
    """Every name has a rule; every tensor the rule's constant, or its law, and its cut if it shows."""
    ours = {name: np.empty_like(array) for name, array in theirs.items()}
    recipe.init_(ours, seed=1)
    for name, a in theirs.items():
        scheme = recipe.rule_for(name).scheme
        if not scheme.is_random:
            assert np.array_equal(a, ours[name]), name
            continue
        assert_same_sample(a.ravel(), ours[name].ravel())
        if isinstance(scheme, fi.trunc_normal) and scheme.bounds == "sigma":
            assert 0.9 < abs(a).max() / (scheme.std * scheme.b) <= 1 + 1e-6, name


def ends_of(scheme: Any) -> tuple[float, float, float]:
    """Return a normal's standard deviation before a cut, and where it is cut."""
    if not isinstance(scheme, fi.trunc_normal):
        return scheme.std, -inf, inf
    unit = scheme.std if scheme.bounds == "sigma" else 1.0
    return scheme.std, scheme.a * unit, scheme.b * unit


@pytest.mark.parametrize("tied", [False, True])
def test_llama_of_torchtitan(library: Any, tied: bool) -> None:
    config = library("torchtitan.models.llama3").llama3_configs["debugmodel"](attn_backend="flex")
    config.enable_weight_tying = tied
    model = config.build()
    model.init_states()
    theirs = tensors(model)
    assert len(theirs) == 3 + 9 * len(config.layers)
    assert np.array_equal(theirs["tok_embeddings.weight"], theirs["lm_head.weight"]) == tied
    recipe = recipes.llama_torchtitan(config.dim, tied_to="tok_embeddings.weight" if tied else None)
    assert_recipe_draws(recipe, theirs)


def test_every_number_of_torchtitans_llama(library: Any) -> None:
    """The calls of torch.nn.init that its configuration holds, since no sample shows a cut at a hundred sigmas."""
    config = library("torchtitan.models.llama3").llama3_configs["debugmodel"](attn_backend="flex")
    recipe, compared = recipes.llama_torchtitan(config.dim), set()
    for module, built in config.build().named_modules():
        for name, call in (getattr(built, "_param_init", None) or {}).items():
            if hasattr(call, "keywords"):
                theirs = fi.from_torch(call.func.__name__, **call.keywords)
                assert ends_of(recipe.rule_for(f"{module}.{name}").scheme) == pytest.approx(ends_of(theirs)), module
                compared.add(module)
    layers = {
        f"layers.{k}.{name}" for k in range(6) for name in ("attention.wo", *(f"feed_forward.w{j}" for j in "123"))
    }
    assert compared == {"tok_embeddings", "lm_head"} | layers


@pytest.mark.parametrize("init_fn", ["mitchell", "full_megatron"])
def test_olmo(library: Any, init_fn: Any) -> None:
    """Its OLMoSequentialBlock, by default, and OLMoLlamaBlock, with query, key and value apart."""
    model_of, config_of = library("olmo.model").OLMo, library("olmo.config").ModelConfig
    sizes = {"d_model": 128, "n_heads": 4, "n_layers": 4, "mlp_hidden_size": 640, "vocab_size": 256}
    others = {"embedding_size": 256, "weight_tying": False, "init_device": "cpu", "include_bias": True, "rope": True}
    recipe = recipes.olmo(init_fn, d_model=128, d_ff=320, layers=4, std=0.03)
    for block in ("sequential", "llama"):
        options = {"block_type": block, "init_fn": init_fn, "init_std": 0.03, "max_sequence_length": 32}
        theirs = tensors(model_of(config_of(**sizes, **others, **options)))
        assert len(theirs) >= 4 * 8
        assert_recipe_draws(recipe, theirs)


UNIT_SCALING_NAMES = {  # there, and in models of other libraries
    "mhsa.linear_qkv": "attention.query_key_value",
    "mhsa.linear_o": "attention.dense",
    "mlp.linear_1": "mlp.up_proj",
    "mlp.linear_gate": "mlp.gate_proj",
    "mlp.linear_2": "mlp.down_proj",
    "embedding": "embed_tokens",
    "projection": "lm_head",
}


def renamed(name: str) -> str:
    for old, new in UNIT_SCALING_NAMES.items():
        name = name.replace(old, new)
    return name


def test_u_mup(library: Any) -> None:
    model = library("unit_scaling").TransformerDecoder(hidden_size=64, vocab_size=100, layers=3, heads=4)
    theirs = {renamed(name): array for name, array in tensors(model).items()}
    assert len(theirs) == 2 + 3 * 5
    assert_recipe_draws(recipes.u_mup(), theirs)


def test_u_mups_learning_rates(library: Any) -> None:
    unit_scaling = library("unit_scaling")
    model = unit_scaling.TransformerDecoder(hidden_size=64, vocab_size=100, layers=3, heads=4)
    table = recipes.u_mup_multipliers(d_model=64, d_ff=256, layers=3)
    for name, parameter in model.named_parameters():
        what = "embedding" if name == "embedding.weight" else "down" if "linear_2" in name else "hidden"
        expected = 1.0 if name == "projection.weight" else table[what, "learning rate"]  # what is not listed is 1
        assert unit_scaling.optim.lr_scale_func_adam(parameter) == pytest.approx(expected), name
    norm = unit_scaling.LayerNorm(64, elementwise_affine=True)
    unit_scaling.DepthSequential(*(norm if k == 0 else unit_scaling.LayerNorm(64) for k in range(3)))
    assert unit_scaling.optim.lr_scale_func_adam(norm.weight) == pytest.approx(
        table["norms of a block", "learning rate"]
    )


def test_u_mups_forward_factors(library: Any) -> None:
    """By what they make of ones: a product of a matrix of one row, and of the two sides of a residual addition."""
    functional, torch = library("unit_scaling.functional"), peer("torch")
    rule = library("unit_scaling").transformer_residual_scaling_rule()
    table = recipes.u_mup_multipliers(d_model=64, d_ff=256, layers=3)
    for what, width, product in (
        ("hidden", 64, functional.linear),
        ("down", 256, functional.linear),
        ("output", 64, functional.linear_readout),
    ):
        ones = torch.ones(1, width)
        assert float(product(ones, ones, None, constraint=None)) / width == pytest.approx(table[what, "forward"])
    one, zero = torch.ones(()), torch.zeros(())
    for index in range(6):
        tau = rule(index, 6)
        assert float(functional.residual_add(one, zero, tau)) == pytest.approx(table[f"branch {index}", "forward"])
        assert float(functional.residual_add(zero, one, tau)) == pytest.approx(table[f"skip {index}", "forward"])


def test_lora(library: Any) -> None:
    """Adapters of matrices, with biases, and of an embedding."""
    peft, transformers = library("peft"), peer("transformers")
    sizes = {"hidden_size": 256, "intermediate_size": 512, "vocab_size": 300, "num_hidden_layers": 2}
    config = transformers.LlamaConfig(**sizes, num_attention_heads=4, num_key_value_heads=2)
    for bias, targets in ((True, ["q_proj", "v_proj", "down_proj"]), (False, ["embed_tokens", "o_proj"])):
        model = transformers.LlamaForCausalLM(config)
        options = peft.LoraConfig(r=16, target_modules=targets, lora_bias=bias)
        theirs = {name: a for name, a in tensors(peft.get_peft_model(model, options)).items() if ".lora_" in name}
        assert len(theirs) == (2 * 3 * 3 if bias else 2 + 2 * 2)
        assert_recipe_draws(recipes.lora(), theirs)


def test_megatron(library: Any) -> None:
    """TransformerConfig holds the law of the ends of branches, output_layer_init_method, and that of all else."""
    module = library("megatron.core.transformer.transformer_config")
    config = module.TransformerConfig(num_layers=LAYERS, hidden_size=D, num_attention_heads=4, init_method_std=0.03)
    recipe = recipes.megatron(LAYERS, 0.03)
    for name in [name for name, shape in MEGATRON_MODEL.items() if len(shape) > 1]:
        last = name.endswith(("linear_proj.weight", "linear_fc2.weight"))
        call = config.output_layer_init_method if last else config.init_method
        theirs = fi.from_torch(call.func.__name__, **call.keywords)
        assert ends_of(recipe.rule_for(name).scheme) == pytest.approx(ends_of(theirs)), name


def deepnet(library: Any, side: str, encoder: int, decoder: int, *, deep: bool) -> Any:
    """Return torchscale's encoder or decoder of so many layers, of which none is a model without the other side."""
    widths = {f"{s}_{w}": 32 for s in ("encoder", "decoder") for w in ("embed_dim", "ffn_embed_dim")}
    heads = {f"{s}_attention_heads": 4 for s in ("encoder", "decoder")}
    layers = {"encoder_layers": encoder, "decoder_layers": decoder}
    options = {"vocab_size": 100, "deepnorm": deep, "subln": False, **widths, **heads, **layers}
    config = library("torchscale.architecture.config").EncoderDecoderConfig(**options)
    config.share_encoder_input_output_embed = False  # of which EncoderDecoderConfig knows nothing
    stack = getattr(library(f"torchscale.architecture.{side}"), side.title())
    return stack(config, is_encoder_decoder=encoder * decoder > 0)


@pytest.mark.parametrize(("encoder", "decoder"), [(3, 0), (0, 2), (3, 2)])
def test_deepnorms_numbers(library: Any, encoder: int, decoder: int) -> None:
    """The authors' torchscale: alpha, and beta by what is drawn with DeepNorm and without.

    It draws Xavier's uniform law, and PyTorch's default in the MLP, where the paper has xavier_normal_; and its encoder
    of a model of both has 1.15 for the paper's 0.87, which is 1 / 1.15.
    """
    both, alphas = encoder * decoder > 0, recipes.deepnorm_multipliers(encoder, decoder)
    recipe, square = recipes.deepnorm(32, encoder, decoder), (32, 32)
    for side in [side for side, layers in (("encoder", encoder), ("decoder", decoder)) if layers]:
        model = deepnet(library, side, encoder, decoder, deep=True)
        assert model.layers[0].alpha == pytest.approx(alphas[f"{side} residual", "forward"])
        deep, plain = tensors(model), tensors(deepnet(library, side, encoder, decoder, deep=False))
        names = [name for name in deep if name.startswith("layers.") and deep[name].shape == square]
        assert len(names) == {"encoder": 6 * encoder, "decoder": (10 if both else 6) * decoder}[side]
        theirs = 1.15 / 0.87 if both and side == "encoder" else 1.0
        for name in names:
            gain = recipe.rule_for(f"{side}.{name}").scheme.std_for(square) / fi.xavier_normal().std_for(square)
            beta = 1.0 if "q_proj" in name or "k_proj" in name else theirs
            assert np.allclose(deep[name], plain[name] * gain * beta, rtol=1e-5, atol=0), name
