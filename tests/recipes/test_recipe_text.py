"""Recipes as TOML: what is written is read, and what is wrong is said where it stands."""

from __future__ import annotations

import json
import re
from math import inf, isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import fast_init as fi
from fast_init import Recipe, Rule

pytest.importorskip("tomllib")  # Python 3.11

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(1e-300, 1e300)
LAYOUTS = st.sampled_from(["oi...", "...io", "eoi", "o/3i"])
MODES = st.sampled_from(["fan_in", "fan_out", "fan_avg", "fan_geo_avg"])
LAWS = st.sampled_from(["normal", "uniform", "truncated_normal"])
SCHEMES = st.one_of(
    st.builds(fi.normal, NUMBERS, POSITIVE),
    st.builds(lambda a, b: fi.uniform(min(a, b), max(a, b)), NUMBERS, NUMBERS),
    st.builds(fi.trunc_normal, st.just(0), st.floats(0.1, 9), st.floats(-9, -1), st.sampled_from([1, 1e16, inf])),
    st.builds(fi.trunc_normal, st.just(0), st.just(0.5), st.just(-inf), st.just(2), st.just("sigma")),
    st.builds(fi.constant, st.one_of(NUMBERS, st.sampled_from([inf, -inf, -0.0]))),
    st.builds(fi.variance_scaling, POSITIVE, MODES, LAWS, LAYOUTS),
    st.builds(fi.orthogonal, st.floats(0, 9), st.sampled_from(["oi...", "...io"])),
    st.builds(fi.sparse, st.floats(0, 1), POSITIVE),
    st.builds(fi.dirac, st.integers(1, 9)),
    st.just(fi.eye()),
    st.builds(fi.log_uniform, st.floats(1e-300, 1), st.floats(1, 1e300)),
    st.builds(fi.log_of_uniform, st.floats(0, 1), st.floats(1, 1e290), st.sampled_from([-1.0, 0.3])),
    st.builds(fi.inv_softplus_log_uniform, st.just(0.001), st.just(0.1), st.floats(0, 1)),
    st.builds(fi.ramp, NUMBERS, NUMBERS, POSITIVE, st.booleans(), st.integers(-3, 3)),
    st.builds(fi.log_arange, st.integers(-3, 3)),
    st.builds(fi.sinusoidal, st.sampled_from(["interleaved", "halves", "grid"]), st.floats(1, 2.0**64), st.booleans()),
    st.builds(fi.literal.of, st.lists(NUMBERS, min_size=1, max_size=40)),
)
WORD = 160  # characters: escaped, they are within the 1,000 that a word of a text may have
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=WORD)
PARTS = st.one_of(
    st.tuples(TEXT.filter(bool), st.integers(1, 1 << 40)),
    st.tuples(TEXT.filter(bool), st.integers(1, 1 << 40), SCHEMES),
)
RULES = st.builds(
    Rule,
    TEXT,
    SCHEMES,
    padding_row=st.one_of(st.none(), st.integers(0)),
    tied_to=st.one_of(st.none(), TEXT),
    parts=st.lists(PARTS, max_size=4, unique_by=lambda part: part[0]),
)


@given(st.lists(RULES, min_size=1, max_size=4))
@example([Rule('a"b\\c\n\r\t\x00\x1f\x85\u2028é\U0001d518[!x]*?', fi.zeros())])
@example([Rule("", fi.constant(5e-324), tied_to="\\u0041''' # [[rule]]")])
def test_what_is_written_is_read(rules: list[Rule]) -> None:
    recipe = Recipe(rules)
    for text in (recipe.to_toml(), recipe.to_json()):
        again = Recipe.loads(text)
        assert again == recipe
        assert again.to_toml() == recipe.to_toml()
    assert Recipe.from_dict(recipe.to_dict()) == recipe


# What to_toml writes that from_toml does not read.
UNREADABLE = {
    "DEL is not escaped": [Rule("a\x7f", fi.zeros())],
    "no rules are no tables": [],
    "a NumPy integer is written as np.int64(3)": [Rule("a", fi.zeros(), padding_row=np.int64(3))],  # type: ignore[arg-type]
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_written_is_read_in_odd_cases_too(case: str) -> None:
    recipe = Recipe(UNREADABLE[case])
    assert Recipe.loads(recipe.to_toml()) == Recipe.loads(recipe.to_json()) == recipe


TOML = """\
# a small model
[[rule]]
pattern = "*.bias"
scheme = "zeros"

[[rule]]
pattern = 'wte.*'
scheme = "trunc_normal"
std = 0.02
b = inf
padding_row = 3

[[rule]]
pattern = "h.?.experts"
scheme = "he_normal"
layout = "eoi"
tied_to = "other"
"""
RECIPE = Recipe(
    [
        ("*.bias", fi.zeros()),
        Rule("wte.*", fi.trunc_normal(std=0.02, b=inf), padding_row=3),
        Rule("h.?.experts", fi.he_normal(layout="eoi"), tied_to="other"),
    ]
)


def test_a_recipe_by_hand_from_text_or_file(tmp_path: Path) -> None:
    path = tmp_path / "é.toml"
    path.write_text(TOML, encoding="utf-8")
    assert Recipe.loads(TOML) == Recipe.from_toml(TOML) == Recipe.load(path) == Recipe.load(str(path)) == RECIPE
    path.write_text(RECIPE.to_json(), encoding="utf-8")
    assert Recipe.load(path) == RECIPE


def test_a_text_is_never_taken_for_a_path(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(TOML, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^the recipe is not TOML: "):
        Recipe.loads(str(path))
    with pytest.raises(TypeError, match=r"it must be a str, the recipe itself: for a file, use Recipe.load\(path\)$"):
        Recipe.loads(path)  # type: ignore[arg-type]


def test_the_written_form() -> None:
    assert Recipe(RECIPE.rules[:2]).to_toml() == (
        '[[rule]]\npattern = "*.bias"\nscheme = "constant"\nval = 0.0\n\n'
        '[[rule]]\npattern = "wte.*"\nscheme = "trunc_normal"\nmean = 0.0\nstd = 0.02\na = -2.0\nb = inf\n'
        'bounds = "absolute"\npadding_row = 3\n'
    )


def test_json_is_that_of_the_standard() -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    rules = [Rule("a", fi.constant(value)) for value in (inf, -inf, nan)]
    text = Recipe(rules).to_json()
    assert json.loads(text, parse_constant=refuse) == {
        "rule": [{"pattern": "a", "scheme": "constant", "val": value} for value in (inf, -inf, None)]
    }
    found = [rule.scheme.val for rule in Recipe.loads(text).rules]  # type: ignore[attr-defined]
    assert found[:2] == [inf, -inf]
    assert isnan(found[2])


@pytest.mark.parametrize("document", [{}, {"rules": []}, {"rule": [], "name": 1}, {"rule": {}}, {"rule": [1]}])
def test_a_dict_that_is_no_recipe(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^the recipe has no tables \[\[rule\]\], or something else beside them"):
        Recipe.from_dict(document)


RULE = "[[rule]]\npattern = 'a'\nscheme = 'zeros'\n"
ERRORS = {
    "[[rule\n": "the recipe is not TOML: Expected ']]' at the end of an array declaration (at line 1, column 7)",
    f"{RULE}padding_row = \n": "the recipe is not TOML: Invalid value (at line 4, column 15); correct it there",
    "\n": "the recipe has no tables [[rule]], or something else beside them; write one for each rule",
    "[rule]\npattern = 'a'\n": "the recipe has no tables [[rule]]",
    f"name = 'x'\n{RULE}": "the recipe has no tables [[rule]], or something else beside them",
    "rule = [1]\n": "the recipe has no tables [[rule]]",
    '{"rule": [}': "the recipe is not JSON: Expecting value: line 1 column 11 (char 10); correct it there",
    '{"rules": []}': "the recipe has no tables [[rule]]",
    '{"rule": [{"pattern": "a", "scheme": "he"}]}': "rule 1 of the recipe: scheme is 'he'; ",
    f"{RULE}[[rule]]\nscheme = 'ones'\n": "rule 2 of the recipe: there is no pattern; names are matched with it",
    "[[rule]]\npattern = 3\nscheme = 'ones'\n": "rule 1 of the recipe: there is no pattern",
    "[[rule]]\npattern = 'a'\n": "rule 1 of the recipe: scheme is None; it must be one of constant, ",
    f"{RULE}{RULE}[[rule]]\npattern = 'b'\nscheme = 'he'\n": "rule 3 of the recipe: scheme is 'he'; ",
    f"{RULE}layout = 'oi'\n": "rule 1 of the recipe: the scheme 'zeros' cannot be made of {'layout': 'oi'}: ",
    f"{RULE}[[rule]]\npattern = 'b'\nscheme = 'normal'\nsd = 1\n": "rule 2 of the recipe: the scheme 'normal' ",
    "[[rule]]\npattern = 'a'\nscheme = 'normal'\nstd = -1\n": "rule 1 of the recipe: std is -1.0; ",
    "[[rule]]\npattern = 'a'\nscheme = 'he_normal'\nlayout = 'x'\n": "rule 1 of the recipe: layout 'x' names neither",
}


@pytest.mark.parametrize("text", ERRORS)
def test_errors_say_where(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(ERRORS[text])}"):
        Recipe.loads(text)
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    of_file = ERRORS[text].replace("the recipe", f"the recipe {str(path)!r}", 1)
    with pytest.raises(ValueError, match=f"^{re.escape(of_file)}"):
        Recipe.load(path)


@pytest.mark.parametrize("option", ["padding_row = 'x'", "padding_row = 1.0", "tied_to = 3"])
def test_errors_of_options_say_where(option: str) -> None:
    with pytest.raises(ValueError, match=r"^rule 2 of the recipe: "):
        Recipe.loads(f"{RULE}{RULE}{option}\n")


def test_a_missing_file() -> None:
    with pytest.raises(FileNotFoundError):
        Recipe.load("no-such-recipe.toml")


def test_a_recipe_from_toml_draws_the_same() -> None:
    drawn: list[Any] = []
    for recipe in (RECIPE, Recipe.loads(RECIPE.to_toml()), Recipe.loads(RECIPE.to_json())):
        arrays = {"wte.weight": np.empty((5, 4)), "h.0.experts": np.empty((2, 3, 4))}
        recipe.init_(arrays, seed=1)
        drawn.append(arrays)
    assert all(np.array_equal(drawn[0][name], other[name]) for name in drawn[0] for other in drawn[1:])
