"""Recipes and rules: which rule holds, what it draws, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.recipes import in_memory as whole_models
from support.draws import Array, as_bits
from support.recipe_cases import RECIPE, SHAPES, model

RULES = {
    "wte.weight": 1,
    "h.0.weight": 5,
    "h.2.weight": 6,
    "h.0.attn.c_proj.weight": 3,
    "h.0.attn.c_proj.bias": 0,
    "h.0.experts.weight": 4,
    "head.weight": 2,
    "bias": 6,
    "H.0.weight": 6,  # case matters
    "h.0.weight.": 6,  # the whole name
    "xwte.weight": 6,
}


@pytest.mark.parametrize("name", RULES)
def test_the_first_rule_that_matches_holds(name: str) -> None:
    assert RECIPE.rule_for(name) is RECIPE.rules[RULES[name]]
    assert RECIPE.rules_for({name: None}) == {name: RECIPE.rules[RULES[name]]}


def test_a_later_rule_does_not_hold() -> None:
    rules: list[tuple[str, fi.Scheme]] = [("a*", fi.zeros()), ("*b", fi.ones())]
    assert Recipe(rules).rule_for("ab").scheme == fi.zeros()
    assert Recipe(reversed(rules)).rule_for("ab").scheme == fi.ones()


def test_names_without_a_rule_are_listed() -> None:
    fix = r"; every tensor needs one: add a rule, such as \('\*.weight', he_normal\(\)\), or a last one for '\*'"
    recipe, array = Recipe([("a*", fi.ones())]), np.full(3, 7.0)
    with pytest.raises(ValueError, match=f"^no rule matches b, c{fix}$"):
        recipe.init_({"b": array, "a": array, "c": array})
    assert (array == 7).all()
    many = [f"b{k}" for k in range(23)]
    with pytest.raises(ValueError, match=f"^no rule matches {', '.join(many[:20])} and 3 more{fix}$"):
        recipe.rules_for(many)
    with pytest.raises(ValueError, match=r"^no rule matches x; "):
        Recipe([]).rule_for("x")


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("name", SHAPES)
def test_a_tensor_is_what_its_scheme_draws_from_its_name(name: str, dtype: Any) -> None:
    arrays, rule = model(dtype), RECIPE.rule_for(name)
    RECIPE.init_(arrays, seed=42)
    alone = rule.scheme.fill_(np.empty(SHAPES[name], dtype), seed=42, name=rule.tied_to or name)
    if rule.padding_row is not None:
        assert alone[rule.padding_row].any()
        alone[rule.padding_row] = 0
    assert np.array_equal(as_bits(arrays[name]), as_bits(alone))
    if rule.scheme != fi.zeros():
        assert fi.verify(np.delete(arrays[name], 3, 0), rule.scheme) or isinstance(rule.scheme, fi.orthogonal)


def test_order_threads_company_and_layout_in_memory_do_not_matter() -> None:
    arrays, others = model(), {name: np.asfortranarray(array) for name, array in reversed(model().items())}
    RECIPE.init_(arrays, seed=5, threads=1)
    RECIPE.init_(others, seed=5, threads=2)
    for name in SHAPES:
        assert np.array_equal(arrays[name], others[name])
        one = {name: np.empty(SHAPES[name], np.float32)}
        RECIPE.init_(one, seed=5)
        assert np.array_equal(arrays[name], one[name])


def test_batches_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays, others = model(), model()
    RECIPE.init_(arrays, seed=5)
    monkeypatch.setattr(whole_models, "BATCH", 100)
    RECIPE.init_(others, seed=5)
    assert all(np.array_equal(arrays[name], others[name]) for name in SHAPES)


def test_seeds() -> None:
    def drawn(seed: Any) -> Array:
        arrays = model()
        RECIPE.init_(arrays, seed=seed)
        return arrays["h.0.weight"]

    assert np.array_equal(drawn(1), drawn(1))
    assert not np.array_equal(drawn(1), drawn(2))
    assert not np.array_equal(drawn(None), drawn(None))
    generator = np.random.default_rng(1)
    assert not np.array_equal(drawn(generator), drawn(generator))
    assert np.array_equal(drawn(np.random.SeedSequence(3)), drawn(np.random.SeedSequence(3)))


def test_tied_tensors_are_equal_as_one_array_or_two() -> None:
    arrays = model()
    RECIPE.init_(arrays, seed=1)
    assert np.array_equal(arrays["wte.weight"], arrays["head.weight"])
    one = np.full((20, 8), 7.0, np.float32)
    RECIPE.init_({"head.weight": one, "wte.weight": one}, seed=1)
    assert np.array_equal(one, arrays["wte.weight"])


def test_a_layout_replaces_that_of_the_scheme() -> None:
    rule = Rule("w", fi.he_normal(), layout="eoi")
    assert rule == Rule("w", fi.he_normal(layout="eoi"))
    assert (rule.layout, rule.scheme.std_for((10, 4, 8))) == (None, 0.5)
    assert Rule("w", fi.orthogonal(), layout="io").scheme == fi.orthogonal(layout="io")
    assert rule.stream_of("w") == "w"


def test_recipes_of_equal_rules_are_equal() -> None:
    same = Recipe(list(RECIPE.rules))
    assert same == RECIPE
    assert hash(same) == hash(RECIPE)
    assert Recipe(RECIPE.rules[1:]) != RECIPE
    assert list(RECIPE.rules) != RECIPE
    assert eval(repr(RECIPE), {**vars(fi), "Recipe": Recipe, "Rule": Rule}) == RECIPE


RULE_ERRORS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"pattern": 3, "scheme": fi.zeros()}, TypeError, "pattern is 3; it must be a str: pass one such as '*.weight'"),
    ({"pattern": "a", "scheme": 0.02}, TypeError, "scheme is 0.02 for 'a'; it must be a record: pass he_normal(), say"),
    ({"layout": "oi"}, ValueError, "layout is 'oi' for 'a'; constant has no fans: leave it out"),
    ({"layout": "xy", "scheme": fi.he_normal()}, ValueError, "layout 'xy' names neither an output nor an input axis"),
    ({"layout": 3, "scheme": fi.he_normal()}, TypeError, "layout is 3; it must be a str"),
    ({"padding_row": 1.0}, TypeError, "padding_row is 1.0; it must be an int or None: pass a row's index"),
    ({"padding_row": True}, TypeError, "padding_row is True; it must be an int or None: pass a row's index"),
    ({"tied_to": 1}, TypeError, "tied_to is 1; it must be a str or None: pass a tensor's name"),
]


@pytest.mark.parametrize(("options", "error", "text"), RULE_ERRORS, ids=str)
def test_errors_of_a_rule(options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(text)}"):
        Rule(**{"pattern": "a", "scheme": fi.zeros(), **options})


def read_only() -> Array:
    array = np.zeros(3)
    array.flags.writeable = False
    return array


# What is wrong with the last tensor, of the name "z".
WRONG: list[tuple[Rule, Any, type[Exception], str]] = [
    (Rule("z", fi.normal()), np.zeros(3, int), TypeError, "array has dtype int64; only float32"),
    (Rule("z", fi.normal()), [1.0], TypeError, "array is a builtins.list; only a NumPy array"),
    (Rule("z", fi.normal()), read_only(), ValueError, "array is read-only; "),
    (Rule("z", fi.normal()), np.broadcast_to(np.zeros(1), 3), ValueError, "array is read-only; "),
    (Rule("z", fi.normal(std=1e6)), np.zeros(3, np.float16), ValueError, "std is 1000000.0; the array's dtype holds"),
    (Rule("z", fi.constant(1e6)), np.zeros(3, np.float16), ValueError, "val is 1000000.0; the array's dtype holds"),
    (Rule("z", fi.he_normal()), np.zeros(3), ValueError, "shape (3,) has 1 axes; layout 'oi...' needs at least 2"),
    (Rule("z", fi.he_normal(), layout="o/2i"), np.zeros((3, 3)), ValueError, "layout 'o/2i' divides an axis into 2"),
    (Rule("z", fi.orthogonal()), np.zeros(3), ValueError, "shape (3,) "),
    (Rule("z", fi.dirac()), np.zeros((3, 3)), ValueError, "shape (3, 3)"),
    (Rule("z", fi.normal(), padding_row=3), np.zeros((3, 3)), ValueError, "padding_row is 3 for shape (3, 3); it must"),
    (Rule("z", fi.normal(), padding_row=-1), np.zeros((3, 3)), ValueError, "padding_row is -1 for shape (3, 3); it"),
    (Rule("z", fi.normal(), padding_row=0), np.zeros(()), ValueError, "padding_row is 0 for shape (); it must be"),
]


@pytest.mark.parametrize(("rule", "array", "error", "text"), WRONG)
def test_nothing_is_touched_if_a_tensor_is_wrong(
    rule: Rule, array: Any, error: type[Exception], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_models, "BATCH", 1)
    arrays = model()
    with pytest.raises(error, match=f"^tensor 'z': {re.escape(text)}"):
        Recipe([rule, *RECIPE.rules]).init_({**arrays, "z": array}, seed=1)
    assert all((untouched == 7).all() for untouched in arrays.values())


ARGUMENTS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"seed": -1}, ValueError, "seed is -1; it must be in [0, 2**64)"),
    ({"seed": 1.5}, TypeError, "seed is 1.5; it must be an int"),
    ({"threads": 0}, ValueError, "threads is 0; it must be at least 1"),
    ({"on_empty": "raise"}, ValueError, "on_empty is 'raise'; it must be 'error', 'warn' or 'ignore'"),
]


@pytest.mark.parametrize(("options", "error", "text"), ARGUMENTS, ids=str)
def test_nothing_is_touched_if_an_argument_is_wrong(options: dict[str, Any], error: type[Exception], text: str) -> None:
    arrays = model()
    with pytest.raises(error, match=re.escape(text)):
        RECIPE.init_(arrays, **options)
    assert all((untouched == 7).all() for untouched in arrays.values())


@pytest.mark.parametrize("tied_to", [None, "\ud800"])
def test_nothing_is_touched_if_a_name_has_no_utf_8(tied_to: str | None) -> None:
    a, b = np.full((3, 3), 7.0), np.full(3, 7.0)
    with pytest.raises(ValueError, match=r"surrogate|UTF-8"):
        Recipe([("a", fi.orthogonal()), Rule("*", fi.normal(), tied_to=tied_to)]).init_({"a": a, "\ud800": b})
    assert (a == 7).all()


def test_a_name_without_an_encoding_is_refused_also_where_it_is_tied() -> None:
    recipe = Recipe([Rule("*", fi.zeros(), tied_to="other")])
    with pytest.raises(ValueError, match=r"^tensor '\\ud800': name is '\\ud800'; it must have an encoding in UTF-8"):
        recipe.init_({"\ud800": np.empty(3)}, seed=1)


@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16])
def test_arrays_in_memory_are_verified(dtype: Any) -> None:
    arrays = model(dtype)
    RECIPE.init_(arrays, seed=7)
    assert all(RECIPE.verify(arrays, seed=7).values())
    assert sum(map(bool, RECIPE.verify(arrays, seed=8).values())) == 1  # the biases
    arrays["wte.weight"] = np.asfortranarray(arrays["wte.weight"])
    arrays["wte.weight"][3, 5] = 1  # of the padding row
    verdict = RECIPE.verify(arrays, seed=7)["wte.weight"]
    assert not verdict
    assert verdict.first_difference == (3, 5)
