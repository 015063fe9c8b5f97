"""Schemes by depth and role, as data: formulas have values for each tensor, and all that carries rules carries them."""

from __future__ import annotations

import pickle
import re
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.checkpoints.verification import verify_checkpoint
from fast_init.recipes import mup
from support.rounding import needs_rounding, rounded_upward

LAST = fi.formula(fi.normal, std="0.02 / sqrt(2 * (l + 1))")
EMBEDDING: dict[str, Any] = {"std": "d ** -0.5", "a": -3, "b": 3, "bounds": "sigma"}
RECIPE = Recipe(
    [
        Rule("layers.{l}.*.o_proj.weight", LAST),
        Rule("layers.{l}.mlp.experts.{e}.w", fi.formula(fi.xavier_normal, gain="1 / (e + 1)", layout="io")),
        Rule("*.fused", fi.zeros(), parts=[("q", 2), ("k", -1, fi.formula(fi.uniform, a="-1 / L", b="1 / L"))]),
        Rule("norm", fi.formula(fi.constant, val="1 - 1 / L")),
        Rule("embed", fi.formula(fi.trunc_normal, **EMBEDDING), padding_row=1),
        Rule("head", fi.formula(fi.trunc_normal, **EMBEDDING), padding_row=1, tied_to="embed"),
        ("*", fi.he_normal()),
    ],
    sizes={"d": 64, "L": 4},
)
SHAPES = {
    "layers.0.attn.o_proj.weight": (8, 8),
    "layers.7.attn.o_proj.weight": (8, 8),
    "layers.7.mlp.experts.3.w": (8, 4),
    "h.fused": (4, 8),
    "norm": (3,),
    "embed": (6, 64),
    "head": (6, 64),
    "other": (4, 4),
}
NUMBERS: dict[str, fi.Scheme] = {
    "layers.0.attn.o_proj.weight": fi.normal(std=0.02 / sqrt(2)),
    "layers.7.attn.o_proj.weight": fi.normal(std=0.005),
    "layers.7.mlp.experts.3.w": fi.xavier_normal(0.25, layout="io"),
    "h.fused": fi.zeros(),
    "norm": fi.constant(0.75),
    "embed": fi.trunc_normal(std=0.125, a=-3, b=3, bounds="sigma"),
    "head": fi.trunc_normal(std=0.125, a=-3, b=3, bounds="sigma"),
    "other": fi.he_normal(),
}


def model() -> dict[str, Any]:
    return {name: np.empty(shape, np.float32) for name, shape in SHAPES.items()}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_tensor_has_a_rule_of_numbers(name: str) -> None:
    rule = RECIPE.rule_for(name)
    assert rule.scheme == NUMBERS[name]
    assert rule == RECIPE.rules_for(SHAPES)[name]
    assert not rule.formulas


def test_parts_and_options_stay() -> None:
    assert RECIPE.rule_for("h.fused").schemes == (fi.zeros(), fi.uniform(-0.25, 0.25))
    assert RECIPE.rule_for("embed").padding_row == 1
    assert RECIPE.rule_for("head").tied_to == "embed"
    assert RECIPE.rule_for("other") is RECIPE.rules[-1]


def test_it_draws_what_the_numbers_do() -> None:
    drawn, same = model(), model()
    report = RECIPE.init_(drawn, seed=1)
    Recipe([Rule.named(name, NUMBERS[name]) for name in SHAPES if name != "h.fused"] + [("*", fi.zeros())]).init_(
        same, seed=1
    )
    for name in set(SHAPES) - {"h.fused", "embed", "head"}:
        assert np.array_equal(drawn[name], same[name])
    assert np.array_equal(drawn["embed"], drawn["head"])
    assert [row.scheme for row in report.rows] == list(NUMBERS.values())
    assert all(RECIPE.verify(drawn, seed=1).values())
    drawn["norm"][0] = 1
    assert [name for name, verdict in RECIPE.verify(drawn, seed=1).items() if not verdict] == ["norm"]


def test_text_dicts_and_pickles_carry_it() -> None:
    pytest.importorskip("tomllib")
    again = [
        Recipe.loads(RECIPE.to_toml()),
        Recipe.loads(RECIPE.to_json()),
        Recipe.from_dict(RECIPE.to_dict()),
        pickle.loads(pickle.dumps(RECIPE)),
        mup(Recipe([], RECIPE.sizes), 2),
    ]
    assert again[:-1] == [RECIPE] * 4
    assert again[-1].sizes == RECIPE.sizes
    assert {hash(recipe) for recipe in again[:-1]} == {hash(RECIPE)}
    assert Recipe.loads(RECIPE.to_toml()).to_toml() == RECIPE.to_toml()
    assert Recipe(RECIPE.rules, {"d": 64, "L": 5}) != RECIPE


def test_a_checkpoint_keeps_it_and_refuses_anothers(tmp_path: Path) -> None:
    tensors = {name: (shape, "float32") for name, shape in SHAPES.items()}
    fi.write_checkpoint(tmp_path, tensors, RECIPE, seed=3)
    assert verify_checkpoint(tmp_path)
    assert not verify_checkpoint(tmp_path, recipe=Recipe(RECIPE.rules, {"d": 65, "L": 4}))


TOML = """\
[sizes]
d = 4096
L = 32

[[rule]]
pattern = "layers.{l}.*.o_proj.weight"
scheme = "normal"
mean = 0.0
std = "0.02 / sqrt(2 * (l + 1))"
"""


def test_the_written_form() -> None:
    recipe = Recipe(RECIPE.rules[:1], {"d": 4096, "L": 32})
    assert recipe.to_toml() == TOML
    assert Recipe([], {"d": 2.5}).to_toml() == "rule = []\n\n[sizes]\nd = 2.5\n"
    assert repr(recipe) == (
        "Recipe([Rule(pattern='layers.{l}.*.o_proj.weight', scheme=formula(normal, mean=0.0, "
        "std='0.02 / sqrt(2 * (l + 1))'), layout=None, padding_row=None, tied_to=None)], sizes={'d': 4096, 'L': 32})"
    )


def test_a_record_without_formulas_is_a_plain_one() -> None:
    assert fi.formula(fi.normal, std=0.02) == fi.normal(std=0.02)
    assert fi.formula(fi.kaiming_normal, nonlinearity="tanh") == fi.he_normal(nonlinearity="tanh")
    assert fi.formula(fi.normal, std="0.02 / sqrt(2 * (l + 1))", mean=np.float64(0)) == LAST


def test_a_rules_layout_is_that_of_the_formula() -> None:
    rule = Rule("*", fi.formula(fi.he_normal, a="1 / 3"), layout="eoi")
    assert Recipe([rule]).rule_for("w").scheme == fi.he_normal(1 / 3, layout="eoi")
    with pytest.raises(ValueError, match=r"^layout is 'io' for '\*'; formula has no fans: leave it out$"):
        Rule("*", LAST, layout="io")


@needs_rounding
def test_values_do_not_depend_on_the_mode_of_the_process() -> None:
    def recipe(blanks: str) -> Recipe:
        return Recipe([("{l}", fi.formula(fi.he_normal, a=f"0.1 / (l + 3){blanks}"))])

    expected = recipe("").rule_for("7").scheme
    with rounded_upward():
        assert recipe(" ").rule_for("7").scheme == expected


NORMAL = "formula(normal, mean=0.0, std='0.02 * x')"
UNKNOWN = " with the unknown name 'x'; known are those of its pattern and of sizes"
REFUSED: dict[str, tuple[list[Any], dict[str, Any], str]] = {
    "unknown": (
        [("w.{l}.*", fi.formula(fi.normal, std="0.02 * x"))],
        {"d": 3},
        f"scheme of 'w.{{l}}.*' is {NORMAL}{UNKNOWN} (d, l): add it to sizes, or capture it, as layers.{{l}}.* does",
    ),
    "unknown in a part": (
        [Rule("w", fi.zeros(), parts=[("q", -1, fi.formula(fi.normal, std="0.02 * x"))])],
        {},
        f"scheme of 'w' is {NORMAL}{UNKNOWN} (none): add it to sizes, or capture it, as layers.{{l}}.* does",
    ),
    "captured and a size": (
        [("w.{l}.*", LAST)],
        {"l": 3},
        "pattern is 'w.{l}.*'; sizes has 'l' too, which could be either: rename one",
    ),
    "infinite size": ([], {"d": float("inf")}, "the size 'd' is inf; it must be a finite number"),
    "a name that is none": ([], {"2d": 3}, "sizes has the name '2d'; formulas cannot have it: pass letters, digits"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_recipes_that_are_refused(case: str) -> None:
    rules, sizes, sentence = REFUSED[case]
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        Recipe(rules, sizes)


def test_sizes_of_a_wrong_type() -> None:
    with pytest.raises(TypeError, match=r"^sizes is \[1\]; it must be a mapping: pass such as \{'d': 4096, 'L': 32\}$"):
        Recipe([], [1])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^the size 'd' is '3'; it must be a number"):
        Recipe([], {"d": "3"})  # type: ignore[dict-item]


NO_VALUE = {
    ("1 / l", "0"): "formula '1 / l' divides by zero where l = 0.0; correct it, or what it is given",
    ("l - 3", "2"): "std is -1.0; it must not be negative: pass a number >= 0",
    ("l * 1.0", "9" * 400): "formula 'l * 1.0' has no finite value where l = inf; correct it, or what it is given",
}


@pytest.mark.parametrize(("text", "number"), NO_VALUE)
def test_a_value_that_is_none_is_said_with_rule_and_name(text: str, number: str) -> None:
    recipe, name = Recipe([("h.{l}.w", fi.formula(fi.normal, std=text))]), f"h.{number}.w"
    sentence = f"rule 'h.{{l}}.w' for tensor {name!r}: {NO_VALUE[text, number]}"
    array = np.full(3, 7.0)
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        recipe.init_({name: array}, seed=1)
    assert (array == 7).all()


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: fi.formula(np.sqrt, std="l"), TypeError, "function is <ufunc 'sqrt'>; it must make a scheme: pass"),
        (lambda: fi.formula(fi.normal, sd="l"), TypeError, "the scheme 'normal' cannot be made of {'sd': 'l'}: "),
        (
            lambda: fi.formula(fi.normal, std="l", sd=1),
            TypeError,
            "the scheme 'normal' cannot be made of {'sd': 1, 'std': 'l'}: ",
        ),
        (lambda: fi.formula(fi.normal, std="l +"), ValueError, "formula 'l +' is no arithmetic; "),
        (lambda: fi.formula(fi.normal, mean=[], std="l"), TypeError, "mean is []; it must be a number: pass a float"),
        (lambda: LAST.fill_(np.empty(3)), ValueError, f"scheme is {LAST!r}; its formulas have values in a recipe only"),
        (lambda: LAST.std_for((3,)), ValueError, f"scheme is {LAST!r}; its formulas have values in a recipe only: use"),
        (lambda: fi.verify(np.empty(3), LAST, seed=1), ValueError, f"scheme is {LAST!r}; its formulas have values in"),
    ],
)
def test_schemes_that_are_refused(make: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(sentence)}"):
        make()


def test_errors_of_a_text_say_where() -> None:
    pytest.importorskip("tomllib")
    with pytest.raises(ValueError, match=r"^rule 1 of the recipe: formula '0\.02 / ' is no arithmetic"):
        Recipe.loads(TOML.replace("0.02 / sqrt(2 * (l + 1))", "0.02 / "))
    with pytest.raises(ValueError, match=r"^the recipe: scheme of .* with the unknown name 'k'; "):
        Recipe.loads(TOML.replace("l + 1", "k + 1"))
    with pytest.raises(ValueError, match=r"^the recipe has sizes that are 3; they must be a table: write"):
        Recipe.loads("sizes = 3\nrule = []")
