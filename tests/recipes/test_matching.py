"""Which rule holds for a name: the first that matches as the standard fnmatch says, however many there are."""

from __future__ import annotations

import re
from contextlib import suppress
from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.recipes.matching import FirstMatch, captures_of
from support.counting import counted

CHARACTERS = st.text("ab.*?[]!-\\^\n", max_size=8)
BRACES = st.lists(st.sampled_from(["a", ".", "*", "[", "]", "{", "}", "{a}", "1"]), max_size=8).map("".join)


@given(st.lists(CHARACTERS, max_size=6), CHARACTERS)
@example(["[[]]", "[[[]", "[*", "[]]", "[!]", "[]"], "[]")
@example(["a", "*", "a"], "a")
@example(["*b", "ab"], "ab")
@example(["a\n"], "a")
def test_the_first_pattern_that_matches_holds(patterns: list[str], name: str) -> None:
    recipe = Recipe([(pattern, fi.constant(k)) for k, pattern in enumerate(patterns)])
    for pattern in [*patterns, name]:  # as a name too, for a match is rare
        expected = next((k for k, p in enumerate(patterns) if fnmatchcase(pattern, p)), None)
        if expected is None:
            with pytest.raises(ValueError, match=r"^no rule matches "):
                recipe.rule_for(pattern)
        else:
            assert recipe.rule_for(pattern) is recipe.rules[expected]


@given(st.one_of(CHARACTERS, BRACES), st.one_of(CHARACTERS, BRACES))
@example("blocks[0].w", "blocks0.w")
@example("a.{l}", "a.1")
@example("a*", "ab")
def test_a_named_rule_is_that_of_this_name_alone(name: str, other: str) -> None:
    rule = Rule.named(name, fi.zeros(), padding_row=2)
    recipe = Recipe([rule, ("*", fi.ones())])
    assert recipe.rule_for(name) is rule
    assert rule.padding_row == 2
    assert (recipe.rule_for(other) is rule) == (name == other)
    assert fnmatchcase(name, rule.pattern)


CAPTURES = {
    ("layers.{l}.*.w", "layers.12.attn.w"): {"l": 12},
    ("layers.{l}.*.w", "layers.12a.attn.w"): None,  # a whole component
    ("layers.{l}.*.w", "layers..attn.w"): None,
    ("layers.{l}.w", "layers.\u0663.w"): None,  # a digit of Unicode, which is no digit here
    ("{l}", "007"): {"l": 7},
    ("{l}.w", "x.1.w"): None,
    ("*{l}.w", "x.1.w"): {"l": 1},
    ("*{l}.w", "x1.w"): None,
    ("*.{l}.*", "a.1.b.2.c"): {"l": 1},  # the first that fits
    ("*.{l}.w", "a.1.b.2.w"): {"l": 2},
    ("*h.{l}.e.{e}.*.w", "x.h.3.e.14.up.w"): {"l": 3, "e": 14},
    ("*.{a}.x.*.{b}.y*", "m.1.x.2.q.3.y4"): {"a": 1, "b": 3},
    ("[hg].{g0}.?", "g.5.w"): {"g0": 5},
}


@pytest.mark.parametrize(("pattern", "name"), CAPTURES)
def test_a_number_in_braces_is_a_whole_component_of_digits(pattern: str, name: str) -> None:
    found = FirstMatch(["nothing*", pattern]).find(name)
    expected = CAPTURES[pattern, name]
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert {word: int(digits) for word, digits in found.captured.items()} == expected
        assert found.place == 1


@pytest.mark.parametrize("pattern", ["a{}", "a{0}", "{a-b}", "a{", "}{", "[{l}]", "[{]l}", "x.[{]l}.w"])
def test_other_braces_are_those_of_the_name(pattern: str) -> None:
    name = pattern.replace("[{]", "{").replace("[{l}]", "l")
    assert Recipe([(pattern, fi.zeros())]).rule_for(name).scheme == fi.zeros()
    assert FirstMatch([pattern]).find("x.1.w") is None


@pytest.mark.parametrize(("pattern", "beside"), [("h{l}.w", "h{l}"), ("h.{l}w", "{l}w"), ("a.{l}{e}", "{l}{")])
def test_what_could_never_match_is_refused(pattern: str, beside: str) -> None:
    """It would let a later rule hold."""
    rule = "a number in braces is a whole component of the name: put dots around it, or write [{] for a brace"
    with pytest.raises(ValueError, match=f"^{re.escape(f'pattern is {pattern!r} with {beside!r}; {rule}')}$"):
        Rule(pattern, fi.zeros())


def test_two_numbers_of_one_name_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^pattern is 'a\.\{l\}\.\{l\}'; no two numbers may have one name: rename one$"
    ):
        Rule("a.{l}.{l}", fi.zeros())


@given(st.lists(BRACES, max_size=4), st.lists(st.sampled_from(["a", ".", "{", "12", "]"]), max_size=6).map("".join))
def test_fixed_ends_hide_no_match(patterns: list[str], name: str) -> None:
    """What is tried is chosen by them: one by one, the same is found."""
    with suppress(ValueError):
        patterns = [pattern for pattern in patterns if captures_of(pattern) is not None]
        each = [FirstMatch([pattern]).find(name) for pattern in patterns]
        found = FirstMatch(patterns).find(name)
        first = next((k for k, match in enumerate(each) if match is not None), None)
        assert (found and found.place) == first


def test_ten_thousand_rules_of_names_are_one_look_up() -> None:
    """One by one, 10^8 comparisons."""
    names = [f"layers.{k}.weight[{k % 3}]" for k in range(10_000)]
    recipe = Recipe([Rule.named(name, fi.zeros()) for name in reversed(names)])
    rules, calls = counted(lambda: recipe.rules_for(names))
    assert calls < 100 * len(names)
    assert all(rule is recipe.rules[-1 - k] for k, rule in enumerate(rules.values()))


def test_hundreds_of_rules_with_formulas_cost_a_comparison_each() -> None:
    """Of 300 patterns that begin and end alike half are tried for a name, and one has its formulas' values."""
    std = fi.formula(fi.normal, std="0.02 / sqrt(l + 1)")

    def drawn(patterns: int) -> tuple[dict[str, Rule], int]:
        recipe = Recipe([(f"layers.{{l}}.module{k}.*.weight", std) for k in range(patterns)])
        names = [f"layers.{k // patterns}.module{k % patterns}.up.weight" for k in range(2000)]
        return counted(lambda: recipe.rules_for(names))

    (_, few), (rules, many) = drawn(3), drawn(300)
    assert many < few + 300 * 2000
    assert rules["layers.6.module199.up.weight"].scheme == fi.normal(std=0.02 / 7**0.5)


def test_many_wildcards_are_compiled_once() -> None:
    """fnmatch remembers so few that each would be compiled for each name, by some 1000 calls."""
    recipe = Recipe([(f"layers.{k}.*", fi.zeros()) for k in range(600)])
    _, calls = counted(lambda: recipe.rules_for([f"layers.{k % 600}.{k}" for k in range(2000)]))
    assert calls < 400 * 2000
