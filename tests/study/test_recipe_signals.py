"""A recipe's signals at step 0: against closed forms, finite differences, and models that are not understood."""

from __future__ import annotations

import re
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

import write_recipe_picture
from fast_init import Recipe, Rule, formula, he_normal, normal, ones, recipes, zeros
from fast_init.sampling.destinations import Array
from fast_init.schemes.scheme import Scheme
from fast_init.study import recipe_signals
from fast_init.study.networks.activations import ACTIVATIONS
from fast_init.study.networks.roles import FAMILIES
from fast_init.study.networks.transformer import signals_through
from support.transformer_shapes import gpt2_shapes, llama_shapes


def mlp_only(down: str, layers: int) -> Recipe:
    """Return GPT-2's rules without attention: only the MLP adds to the residual stream."""
    rules: list[tuple[str, Scheme] | Rule] = [
        Rule("*attn.c_proj.weight", zeros()),
        Rule("*mlp.c_proj.weight", formula(normal, std=down)),
        ("*.ln_?.weight", ones()),
        ("*.bias", zeros()),
        ("*wpe.weight", zeros()),
        ("*wte.weight", normal(std=1.0)),
        ("*.weight", normal(std=0.1)),
    ]
    return Recipe(rules, sizes={"L": layers})


@pytest.mark.parametrize(("down", "growth"), [("0.1", 16.0), ("0.1 / sqrt(2 * L)", 0.5)])
@pytest.mark.parametrize("d", [128, 1024])
def test_residual_stream_grows_as_the_sum_of_its_branches(down: str, growth: float, d: int) -> None:
    """Each MLP adds 4 d sigma^2 E[gelu(z)^2], z of variance 0.01 d; sigma / sqrt(2 L) keeps the sum of L to a half.

    The variance of 128 units has the relative deviation sqrt(2 / 128) = 0.125, half of it in the RMS; over 16 layers of
    independent matrices and the tokens 0.02 is left of it (seeds 0 to 7 lie between 0.98 and 1.05 times).
    """
    layers = 16
    z = np.linspace(-9, 9, 20001) * sqrt(0.01 * d)
    weights = np.exp(-(z**2) / (0.02 * d))
    added = 4 * d * 0.01 * float((weights * ACTIVATIONS["gelu"].function(z) ** 2).sum() / weights.sum())
    found = recipe_signals(mlp_only(down, layers), gpt2_shapes(layers, d)).signals
    assert found[0].forward == pytest.approx(1, rel=0.05)
    assert found[-1].forward == pytest.approx(sqrt(1 + growth * added), rel=0.08)
    steps = np.diff(np.square([s.forward for s in found]))
    assert steps.mean() == pytest.approx(growth / layers * added, rel=0.1)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("branch", ["gated", "plain", "experts"])
def test_gradients_are_those_of_finite_differences(family: object, branch: str) -> None:
    assert isinstance(family, type(FAMILIES[0]))
    rng = np.random.default_rng(0)
    shapes = {"q": (8, 6), "k": (4, 6), "v": (4, 6), "o": (6, 8), "up": (5, 6), "down": (6, 5), "norm 1": (6,)}
    shapes |= {"norm 2": (6,), "q norm": (4,), "k norm": (4,), "post norm 1": (6,), "post norm 2": (6,)}
    shapes |= {"gate": (5, 6)} if branch == "gated" else {}
    if branch == "experts":
        shapes |= {"router": (3, 6), "experts gate up": (3, 10, 6), "experts down": (3, 6, 5)}
    layers = [{role: rng.normal(size=shape) for role, shape in shapes.items()} for _ in range(2)]
    x, g, step = rng.normal(size=(2, 3, 6)), rng.normal(size=(2, 3, 6)), rng.normal(size=(2, 3, 6))

    def loss(inputs: Array) -> float:
        return float((signals_through(layers, family, inputs, g)[0][-1] * g).sum())

    gradient = signals_through(layers, family, x, g)[1][0]
    h = 1e-6
    expected = (loss(x + h * step) - loss(x - h * step)) / (2 * h)
    assert float((gradient * step).sum()) == pytest.approx(expected, rel=1e-6)


def test_narrow_widths_measure_what_real_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """By one matrix's 0.125 relative deviation of a variance and averages over layers: within a tenth."""
    shapes = llama_shapes(4, 512, keys=128, f=1024)
    small = recipe_signals(recipes.llama(), shapes)
    monkeypatch.setattr("fast_init.study.networks.small_model.CAP", 512)
    real = recipe_signals(recipes.llama(), shapes)
    assert small.notes[1] == "widths 512 and MLP 1024 measured as 128 and 256 (cap 128), n sigma^2 kept"
    assert real.notes[1] == "real widths: 512, MLP 1024"
    for a, b in zip(small.signals, real.signals, strict=True):
        assert a.forward == pytest.approx(b.forward, rel=0.1)
        assert a.backward == pytest.approx(b.backward, rel=0.1)


def test_he_normal_beside_itself_is_the_same() -> None:
    recipe = Recipe([("*norm.weight", ones()), ("*", he_normal())])
    for s in recipe_signals(recipe, llama_shapes(3, 64, keys=64, f=96)).signals:
        assert (s.forward, s.backward) == (s.he_forward, s.he_backward)


def test_sigma_by_role_and_layer() -> None:
    rule = Rule("model.layers.{l}.*.o_proj.weight", formula(normal, std="0.02 / sqrt(2 * (l + 1))"))
    found = recipe_signals(Recipe([rule, *recipes.llama().rules]), llama_shapes(3, 32, keys=16, f=48)).by_role
    assert found["o"] == pytest.approx({k: 0.02 / sqrt(2 * (k + 1)) for k in range(3)})
    assert found["head"] == {None: 0.02}
    assert found["norm 1"] == {0: 0.0, 1: 0.0, 2: 0.0}


def moe_shapes(layers: int, d: int, *, experts: int) -> dict[str, tuple[int, ...]]:
    """Return Mixtral's, with MLPs as wide as the residual stream."""
    shapes = llama_shapes(layers, d, keys=d, f=d)
    shapes = {name: shape for name, shape in shapes.items() if ".mlp." not in name}
    for k in range(layers):
        mlp = f"model.layers.{k}.mlp"
        shapes |= {f"{mlp}.gate.weight": (experts, d), f"{mlp}.experts.gate_up_proj": (experts, 2 * d, d)}
        shapes[f"{mlp}.experts.down_proj"] = experts, d, d
    return shapes


def test_equal_experts_are_one_mlp_however_many_a_token_gets() -> None:
    rng = np.random.default_rng(0)
    shapes = {"q": (8, 6), "k": (4, 6), "v": (4, 6), "o": (6, 8), "gate": (5, 6), "up": (5, 6), "down": (6, 5)}
    one = {role: rng.normal(size=shape) for role, shape in shapes.items()}
    stacked = {"gate up": np.concatenate([one.pop("gate"), one.pop("up")]), "down": one.pop("down")}
    many = {**one, "router": rng.normal(size=(3, 6))}
    many |= {f"experts {role}": np.stack([matrix] * 3) for role, matrix in stacked.items()}
    one |= {"gate": stacked["gate up"][:5], "up": stacked["gate up"][5:], "down": stacked["down"]}
    x, g = rng.normal(size=(2, 3, 6)), rng.normal(size=(2, 3, 6))
    expected = signals_through([one], FAMILIES[0], x, g)
    for count in (1, 2, 3, 5):
        found = signals_through([many], replace(FAMILIES[0], experts_per_token=count), x, g)
        for a, b in zip(found, expected, strict=True):
            assert np.allclose(a, b, rtol=1e-12, atol=1e-12)


def test_experts_are_narrowed_and_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a tenth, as Llama's; two of four equal laws with shares that sum to 1 add less than one would."""
    shapes = moe_shapes(3, 256, experts=4)
    small = recipe_signals(recipes.mixtral(0.05), shapes)
    one = recipe_signals(recipes.mixtral(0.05), shapes, experts_per_token=1)
    monkeypatch.setattr("fast_init.study.networks.small_model.CAP", 256)
    real = recipe_signals(recipes.mixtral(0.05), shapes)
    assert "2 of 4 experts a token" in small.notes
    for a, b in zip(small.signals, real.signals, strict=True):
        assert a.forward == pytest.approx(b.forward, rel=0.1)
        assert a.backward == pytest.approx(b.backward, rel=0.1)
    assert one.signals[-1].forward > small.signals[-1].forward
    assert "4 of 4 experts a token" in recipe_signals(recipes.mixtral(), shapes, experts_per_token=9).notes
    with pytest.raises(ValueError, match="experts_per_token is 0; it must be"):
        recipe_signals(recipes.mixtral(), shapes, experts_per_token=0)


def test_norms_of_zero_are_those_of_gemma_and_of_nobody_else() -> None:
    """With norms of 1 + 0 and of 1, Gemma and Llama differ by the embedding's factor sqrt(d) = 8."""
    shapes = llama_shapes(2, 64, keys=64, f=96)
    gemma, llama = recipe_signals(recipes.gemma(0.5, tied=False), shapes), recipe_signals(recipes.llama(0.5), shapes)
    assert (gemma.family, llama.family) == ("Gemma-like", "Llama-like")
    assert gemma.signals[0].forward == pytest.approx(8 * llama.signals[0].forward)
    zero = Recipe([("*input_layernorm.weight", zeros()), *recipes.llama().rules])
    note = recipe_signals(zero, shapes).notes[0]
    assert note == "no signals: the norm model.layers.0.input_layernorm.weight is 0, and the model multiplies by it"
    without = {name: shape for name, shape in shapes.items() if "norm" not in name}
    assert recipe_signals(recipes.llama(), without).family == "Llama-like"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"model.layers.0.mlp.router.weight": (4, 32)}, "the role of 1 tensors in layers is not known, such as"),
        ({"model.layers.1.self_attn.v_proj.weight": (8, 32)}, "the matrices of layer 1 do not fit together"),
        ({"model.layers.1.self_attn.v_proj.weight": None}, "layer 1 has no v"),
        ({"model.layers.0.mlp.gate.weight": (4, 32)}, "layer 0 has no experts gate up"),
        ({"model.embed_tokens.weight": None}, "there is no embedding"),
        ({"model.layers.1.self_attn.v_proj.weight": ()}, "the matrices of layer 1 do not fit together"),
        (
            {
                f"model.layers.{k}.mlp.{role}_proj.weight": (0, 32)[:: -1 if role == "down" else 1]
                for k in range(2)
                for role in ("gate", "up", "down")
            },
            "the matrices of layer 0 do not fit together",
        ),
        ({"model.embed_tokens.weight": (1000, 16)}, "model.embed_tokens.weight has another shape than its layers need"),
        ({"model.embed_tokens.weight": ()}, "model.embed_tokens.weight has another shape"),
        ({"model.layers.0.input_layernorm.weight": (7,)}, "model.layers.0.input_layernorm.weight has another shape"),
        ({"model.layers.0.self_attn.q_norm.weight": (0,)}, "model.layers.0.self_attn.q_norm.weight has another shape"),
        ({"model.layers.0.self_attn.q_proj.bias": (3,)}, "model.layers.0.self_attn.q_proj.bias has another shape"),
        (
            {
                f"model.layers.{k}.mlp.{role}_proj.weight": (2**22, 32)[:: -1 if role == "down" else 1]
                for k in range(2)
                for role in ("gate", "up", "down")
            },
            "its layers have 805,312,512 weights at the widths",
        ),
        ({"model.layers.5.mlp.up_proj.weight": (48, 32)}, "its layers are not 0 to L - 1 with L at most 256"),
    ],
)
def test_what_is_not_understood_has_no_signals_and_says_why(
    change: dict[str, tuple[int, ...] | None], reason: str
) -> None:
    changed = {**llama_shapes(2, 32, keys=16, f=48), **change}
    shapes = {name: shape for name, shape in changed.items() if shape is not None}
    found = recipe_signals(Recipe([("*", normal(std=0.02))]), shapes)
    assert found.signals == ()
    assert found.notes[0].startswith(f"no signals: {reason}")
    assert len(found.sigmas) == len(shapes)


def test_the_page_has_the_numbers_of_today() -> None:
    """Sums in a matrix product may differ in order, so the numbers by a unit of their third digit."""
    page = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
    written = page.split(write_recipe_picture.BEGIN)[1].split(write_recipe_picture.END)[0]
    today = write_recipe_picture.table_of(write_recipe_picture.found())
    numbers = [[float(x) for x in re.findall(r"[0-9.]+", table)] for table in (written, today)]
    assert numbers[0] == pytest.approx(numbers[1], rel=0.01), "run `python tools/write_recipe_picture.py`"
    assert len(numbers[0]) == 5 * len(write_recipe_picture.SHOWN)
