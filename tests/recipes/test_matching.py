"""Which rule holds for a name: the first that matches as the standard fnmatch says, however many there are."""

from __future__ import annotations

from fnmatch import fnmatchcase
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import fast_init as fi
from fast_init import Recipe, Rule

CHARACTERS = st.text("ab.*?[]!-\\^\n", max_size=8)


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


@given(CHARACTERS, CHARACTERS)
@example("blocks[0].w", "blocks0.w")
@example("a*", "ab")
def test_a_named_rule_is_that_of_this_name_alone(name: str, other: str) -> None:
    rule = Rule.named(name, fi.zeros(), padding_row=2)
    recipe = Recipe([rule, ("*", fi.ones())])
    assert recipe.rule_for(name) is rule
    assert rule.padding_row == 2
    assert (recipe.rule_for(other) is rule) == (name == other)
    assert fnmatchcase(name, rule.pattern)


def test_ten_thousand_rules_of_names_take_no_time() -> None:
    """One by one, 10^8 comparisons: a minute."""
    names = [f"layers.{k}.weight[{k % 3}]" for k in range(10_000)]
    recipe = Recipe([Rule.named(name, fi.zeros()) for name in reversed(names)])
    start = perf_counter()
    rules = recipe.rules_for(names)
    assert perf_counter() - start < 1
    assert all(rule is recipe.rules[-1 - k] for k, rule in enumerate(rules.values()))


def test_many_wildcards_are_compiled_once() -> None:
    """fnmatch remembers so few that each would be compiled for each name: minutes."""
    recipe = Recipe([(f"layers.{k}.*", fi.zeros()) for k in range(600)])
    start = perf_counter()
    recipe.rules_for([f"layers.{k % 600}.{k}" for k in range(2000)])
    assert perf_counter() - start < 10
