"""Ready recipes by depth and width against the formulas of their sources, restated here tensor by tensor.

For each model of support/depth_models.py: names (a regular expression, with the layer), the law and its
numbers. What is no matrix is 1 (weights of norms) or 0 (biases).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import inf, sqrt

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, recipes
from support import depth_models as models
from support.depth_models import LAYERS, D, F, Shapes

Sigma = Callable[[int], float]  # of the layer: the standard deviation before a cut
Law = tuple[str, float, Sigma]  # names, where it is cut in standard deviations, and these


def at(sigma: float) -> Sigma:
    return lambda _: sigma


# torchtitan 0.3.0, models/llama3/__init__.py: trunc_normal_(std=0.02) with its bounds of -2 and 2, that is 100 sigmas,
# depth_scaled_std(0.02, l) = 0.02 / (2 * (l + 1)) ** 0.5, head: s = dim ** -0.5, cut at 3 * s.
TORCHTITAN: list[Law] = [
    (r"(tok_embeddings|model\.embed_tokens)\.weight", inf, at(1.0)),
    (r".*(wqkv|w1|[qkv]_proj|gate_proj)\.weight", 100, at(0.02)),
    (
        r".*layers\.(?P<layer>\d+)\..*(wo|w2|w3|o_proj|up_proj|down_proj)\.weight",
        inf,
        lambda layer: 0.02 / (2 * (layer + 1)) ** 0.5,
    ),
    (r"lm_head\.weight", 3, at(D**-0.5)),
]
# EleutherAI/gpt-neox, megatron/model/init_functions.py: (2 / (5 * dim)) ** 0.5 and 2 / n_layers / dim ** 0.5.
NEOX: list[Law] = [
    (r".*(dense|dense_4h_to_h)\.weight", inf, at(2 / LAYERS / D**0.5)),
    (r".*(embed_in|embed_out|query_key_value|dense_h_to_4h)\.weight", inf, at((2 / (5 * D)) ** 0.5)),
]
# Megatron-LM, megatron/core/utils.py: sigma, and sigma / math.sqrt(2.0 * num_layers).
MEGATRON: list[Law] = [
    (r".*(linear_proj|linear_fc2)\.weight", inf, at(0.03 / sqrt(2.0 * LAYERS))),
    (r".*(_embeddings|output_layer|linear_qkv|linear_fc1)\.weight", inf, at(0.03)),
]
# ai2-olmo 0.6.0, olmo/model.py, lines 490-502, 711-720 and 1177-1224.
MITCHELL: list[Law] = [
    (r".*blocks\.(?P<layer>\d+)\.attn_out\.weight", 3, lambda layer: 1 / sqrt(2 * D * (layer + 1))),
    (r".*blocks\.(?P<layer>\d+)\.ff_out\.weight", 3, lambda layer: 1 / sqrt(2 * F * (layer + 1))),
    (r".*(wte|transformer\.ff_out|att_proj|ff_proj)\.weight", 3, at(1 / sqrt(D))),
]
FULL_MEGATRON: list[Law] = [
    (r".*blocks\.\d+\.(attn_out|ff_out)\.weight", 3, at(0.03 / sqrt(2.0 * LAYERS))),
    (r".*(wte|att_proj|ff_proj)\.weight", 3, at(0.03)),
    (r"transformer\.ff_out\.weight", 3, at(1 / sqrt(D))),
]
# arXiv 2203.00555, Figure 2, with N = 2 encoder and M = 3 decoder layers; xavier_normal: sqrt(2 / (in + out)) of a
# square matrix is 1 / sqrt(D), of the MLP's sqrt(2 / (D + F)).
ENCODER_BETA, DECODER_BETA = 0.87 * (2**4 * LAYERS) ** (-1 / 16), (12 * LAYERS) ** (-1 / 4)
DEEPNORM: list[Law] = [
    (r".*embed_tokens\.weight", inf, at(D**-0.5)),
    (r".*_attn\.[qk]_proj\.weight", inf, at(D**-0.5)),
    (r"encoder\..*(v_proj|out_proj)\.weight", inf, at(ENCODER_BETA * D**-0.5)),
    (r"encoder\..*fc[12]\.weight", inf, at(ENCODER_BETA * sqrt(2 / (D + F)))),
    (r"decoder\..*(v_proj|out_proj)\.weight", inf, at(DECODER_BETA * D**-0.5)),
    (r"decoder\..*fc[12]\.weight", inf, at(DECODER_BETA * sqrt(2 / (D + F)))),
]
# arXiv 2505.01618, Table 1, at four times the width: hidden weights have half the deviation.
COMPLETE_P: list[Law] = [
    (r".*_proj\.weight", inf, at(0.01)),
    (r".*(embed_tokens|lm_head)\.weight", inf, at(0.02)),
]
# arXiv 2310.17813, Parametrization 1; the inputs of an embedding are one-hot, so that it counts as one of one input.
SPECTRAL: list[Law] = [
    (r".*embed_tokens\.weight", inf, at(1.0)),
    (r".*[qo]_proj\.weight|.*(gate|up)_proj\.weight|lm_head\.weight", inf, at(1 / sqrt(D))),
    (r".*[kv]_proj\.weight", inf, at(sqrt(1 / 2) / sqrt(D))),  # half as many outputs as inputs
    (r".*down_proj\.weight", inf, at(sqrt(D / F) / sqrt(F))),
]

CASES: dict[str, tuple[Recipe, Shapes, list[Law]]] = {
    "torchtitan": (recipes.llama_torchtitan(D), models.TORCHTITAN_MODEL, TORCHTITAN),
    "torchtitan, as transformers names it": (recipes.llama_torchtitan(D), models.LLAMA_MODEL, TORCHTITAN),
    "GPT-NeoX": (recipes.gpt_neox(D, LAYERS), models.NEOX_MODEL, NEOX),
    "Megatron": (recipes.megatron(LAYERS, 0.03), models.MEGATRON_MODEL, MEGATRON),
    "DeepNorm": (recipes.deepnorm(D, 2, LAYERS), models.BART_MODEL, DEEPNORM),
    "CompleteP": (recipes.complete_p(recipes.llama(0.02), 4), models.LLAMA_MODEL, COMPLETE_P),
    "spectral": (recipes.spectral(recipes.llama(), models.LLAMA_MODEL), models.LLAMA_MODEL, SPECTRAL),
    "u-muP": (recipes.u_mup(), models.LLAMA_MODEL, [(r".*\.weight", inf, at(1.0))]),
    "mitchell": (recipes.olmo("mitchell", d_model=D, d_ff=F), models.OLMO_MODEL, MITCHELL),
    "full_megatron": (
        recipes.olmo("full_megatron", d_model=D, layers=LAYERS, std=0.03),
        models.OLMO_MODEL,
        FULL_MEGATRON,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_tensor_has_the_law_of_its_source(case: str) -> None:
    recipe, shapes, laws = CASES[case]
    arrays = {name: np.empty(shape) for name, shape in shapes.items()}
    recipe.init_(arrays, seed=3)
    for name, array in arrays.items():
        if array.ndim == 1:
            assert (array == (0.0 if name.endswith("bias") else 1.0)).all(), name
            continue
        cut, sigma = law_of(laws, name)
        expected = fi.trunc_normal(std=sigma, a=-cut, b=cut, bounds="sigma") if cut < inf else fi.normal(std=sigma)
        assert recipe.rule_for(name).scheme.std_for(array.shape) == pytest.approx(expected.std_for(array.shape)), name
        assert fi.verify(array, expected), name
        assert abs(array).max() <= cut * sigma, name


def law_of(laws: list[Law], name: str) -> tuple[float, float]:
    for pattern, cut, sigma in laws:
        if match := re.fullmatch(pattern, name):
            return cut, sigma(int(match.groupdict().get("layer", 0)))
    raise AssertionError(name)


def test_an_adapter_adds_nothing_at_the_start() -> None:
    """A uniform of variance 1 / (3 fan_in), which a shard has too, and B zero."""
    name = "base_model.model.h.0.attn.lora_{}.default.weight"
    shapes = {name.format("A"): (8, 4096), name.format("B"): (4096, 8)}
    arrays = {key: np.empty(shape) for key, shape in shapes.items()}
    recipes.lora().init_(arrays, seed=3)
    a, b = arrays.values()
    assert not b.any()
    assert 0.999 / 64 < abs(a).max() <= 1 / 64
    assert a.std() == pytest.approx(1 / 64 / sqrt(3), rel=0.01)
    scheme = recipes.lora().rule_for(name.format("A")).scheme
    shard = scheme.fill_(np.empty((8, 1024)), seed=3, name=name.format("A"), global_shape=a.shape, offset=(0, 1024))
    assert np.array_equal(shard, a[:, 1024:2048])


@pytest.mark.parametrize("name", ["llama_torchtitan", "gpt_neox", "megatron", "olmo"])
def test_a_tied_head_is_the_embedding(name: str) -> None:
    recipe = recipes.READY[name](tied_to="model.embed_tokens.weight")
    head, embedding = (np.empty((96, 64)) for _ in range(2))
    recipe.init_({"lm_head.weight": head, "model.embed_tokens.weight": embedding}, seed=3)
    assert np.array_equal(head, embedding)


def test_torchtitan_ties_the_embedding_to_the_head() -> None:
    """enable_weight_tying: the embedding's own law is skipped (_EMBEDDING_SKIP_INIT)."""
    recipe = recipes.llama_torchtitan(64, tied_to="tok_embeddings.weight")
    assert recipe.rule_for("tok_embeddings.weight").scheme == fi.trunc_normal(std=1 / 8, a=-3, b=3, bounds="sigma")


@pytest.mark.parametrize("stack", ["encoder", "decoder"])
def test_deepnorm_of_one_stack(stack: str) -> None:
    """Figure 2: alpha = (2 N)^(1/4), beta = (8 N)^(-1/4)."""
    layers = {f"{stack}_layers": 18}
    recipe = recipes.deepnorm(D, **{"encoder_layers": 0, "decoder_layers": 0, **layers})
    for name, shape, gain in (("mlp.up_proj", (F, D), 144 ** (-1 / 4)), ("self_attn.k_proj", (D, D), 1)):
        std = recipe.rule_for(f"model.layers.5.{name}.weight").scheme.std_for(shape)
        assert std == pytest.approx(gain * sqrt(2 / sum(shape)))
    table = recipes.deepnorm_multipliers(**{"encoder_layers": 0, "decoder_layers": 0, **layers})
    assert table[f"{stack} residual", "forward"] == pytest.approx(36 ** (1 / 4))


def test_deepnorms_residuals_of_two_stacks() -> None:
    table = recipes.deepnorm_multipliers(2, 3)
    assert table["encoder residual", "forward"] == pytest.approx(0.81 * (2**4 * 3) ** (1 / 16))
    assert table["decoder residual", "forward"] == pytest.approx((3 * 3) ** (1 / 4))


def test_complete_ps_table() -> None:
    """nanoGPT-mup, branch completep, model.py: configure_optimizers, with depth_alpha_exp = 1, and both forwards."""
    width, depth, alpha = 8.0, 3.0, 1.0
    table = recipes.complete_p_multipliers(width, depth)
    assert table["hidden", "learning rate"] == pytest.approx(1 / width * depth ** (alpha - 1))
    assert table["hidden", "weight decay"] == pytest.approx(1 / (1 / width))
    assert table["block", "epsilon"] == pytest.approx(1 / width * depth ** (-1 * alpha))
    assert table["all else", "epsilon"] == pytest.approx(1 / width)
    assert table["residual branch", "forward"] == pytest.approx(depth**-alpha)
    assert table["output", "forward"] == pytest.approx(1 / width)


def test_u_mups_table() -> None:
    """unit-scaling 0.3.5: lr_scale_func_adam, linear, linear_readout, residual_add and its scaling rule."""
    d, f, layers = 64, 160, 3
    table = recipes.u_mup_multipliers(d, f, layers)
    assert table["embedding", "learning rate"] == pytest.approx(d**-0.5)
    assert table["hidden", "forward"] == pytest.approx(1 / d**0.5)
    assert table["hidden", "learning rate"] == pytest.approx(layers**-0.5 * d**-0.5)
    assert table["down", "forward"] == pytest.approx(1 / f**0.5)
    assert table["down", "learning rate"] == pytest.approx(layers**-0.5 * f**-0.5)
    assert table["norms of a block", "learning rate"] == pytest.approx(layers**-0.5)
    assert table["output", "forward"] == pytest.approx(1 / d)
    for index in range(2 * layers):
        tau = 1 / (2 * layers / 2 + (index + 1) // 2 + index // 2) ** 0.5
        assert table[f"branch {index}", "forward"] == pytest.approx(tau / (1 + tau**2) ** 0.5)
        assert table[f"skip {index}", "forward"] == pytest.approx(1 / (1 + tau**2) ** 0.5)


def test_the_spectral_norm_is_the_root_of_outputs_over_inputs() -> None:
    """Up to (1 + sqrt(min / max)), of a Gaussian matrix."""
    for shape in ((400, 400), (1600, 100), (100, 1600)):
        recipe = recipes.spectral(recipes.lora(), {"h.lora_A.weight": shape})
        w = recipe.rule_for("h.lora_A.weight").scheme.fill_(np.empty(shape), seed=3)
        norm = np.linalg.norm(w, 2) / sqrt(shape[0] / shape[1])
        assert norm == pytest.approx(1 + sqrt(min(shape) / max(shape)), rel=0.05)


def test_the_spectral_condition_is_one_of_a_single_matrix() -> None:
    with pytest.raises(ValueError, match=r"'lm_head.weight' is fused or tied to another tensor; the condition is one"):
        recipes.spectral(recipes.llama(tied=True), models.LLAMA_MODEL)


def test_t_fixup() -> None:
    """Huang et al., 2020: xavier_uniform_ times 0.67 N^(-1/4) and (9 M)^(-1/4), of N = 2 and M = 3 layers."""
    recipe, shapes = recipes.t_fixup(D, 2, 3), models.WITHOUT_NORMS
    gains = {"encoder": 0.67 * 2 ** (-1 / 4), "decoder": (9 * 3) ** (-1 / 4)}
    for name, shape in shapes.items():
        if len(shape) == 1:
            assert recipe.rule_for(name).scheme == fi.zeros(), name
        elif "embed_tokens" in name:
            assert recipe.rule_for(name).scheme.std_for(shape) == pytest.approx((9 * 3) ** (-1 / 4) * D**-0.5)
        else:
            gain = 1 if re.search(r"[qk]_proj", name) else gains[name.split(".")[0]]
            drawn = recipe.rule_for(name).scheme.fill_(np.empty(shape), seed=3)
            limit = gain * sqrt(6 / sum(shape))
            assert fi.verify(drawn, fi.uniform(-limit * (1 + 1e-9), limit * (1 + 1e-9))), name


ERRORS = [
    ("deepnorm", {"encoder_layers": 0, "decoder_layers": 0}, "encoder_layers and decoder_layers are 0; a model has"),
    ("deepnorm", {"decoder_layers": -1}, "decoder_layers is -1; it must be at least 1"),
    ("gpt_neox", {"d_model": 0}, "d_model is 0; it must be at least 1"),
    ("gpt_neox", {"layers": 0}, "layers is 0; it must be at least 1"),
    ("megatron", {"layers": -1}, "layers is -1; it must be at least 1"),
    ("megatron", {"std": -0.1}, "std is -0.1; it must not be negative"),
    ("olmo", {"init_fn": "normal"}, "init_fn is 'normal'; it must be one of mitchell, full_megatron: pass one"),
    ("olmo", {"cutoff": -3}, "cutoff is -3.0; it must not be negative"),
    ("llama_torchtitan", {"d_model": 0}, "d_model is 0; it must be at least 1"),
]


@pytest.mark.parametrize(("name", "options", "text"), ERRORS)
def test_errors(name: str, options: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        recipes.READY[name](**options)
