"""Every number and word of every function, of every kind: it means its float, or one sentence refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from support.attack_calls import FUNCTIONS, KEYWORDS, assert_promise, assert_refuses, call, dtype_of, shape_of
from support.attack_ground import Ground
from support.attack_things import NO_NUMBERS, NO_WORDS, NUMBERS, TOO_LARGE

REFUSED: dict[str, Any] = {**NO_NUMBERS, **TOO_LARGE}
NUMERIC = ("mean", "std", "a", "b", "gain", "scale", "sparsity", "val")
WORDS = ("mode", "nonlinearity", "distribution", "bounds", "layout", "on_empty")
PARAMETERS = [(function, what) for function in FUNCTIONS for what in NUMERIC if what in KEYWORDS[function]]
WORDED = [(function, what) for function in FUNCTIONS for what in WORDS if what in KEYWORDS[function]]


def ids(cases: list[tuple[str, str]]) -> list[str]:
    return [f"{function}-{what}" for function, what in cases]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("function", "what"), PARAMETERS, ids=ids(PARAMETERS))
def test_a_number_of_any_type_means_its_float(function: str, what: str, number: str) -> None:
    ground = Ground()
    value = NUMBERS[number]
    meant = float(value.values[0] if hasattr(value, "values") else value)
    array = ground.lay(shape_of(function), dtype_of(function))
    assert_promise(ground, function, array, {what: value}, {what: meant})


@pytest.mark.parametrize("thing", REFUSED)
@pytest.mark.parametrize(("function", "what"), PARAMETERS, ids=ids(PARAMETERS))
def test_what_is_no_number_is_refused(function: str, what: str, thing: str) -> None:
    """Also where its float was drawn with before, and is remembered."""
    ground = Ground()
    array = ground.lay(shape_of(function), dtype_of(function))
    call(function, array.copy(), {what: 1.0 if what != "a" else 0.5})
    said = "slope" if (what, "mode" in KEYWORDS[function]) == ("a", True) else what
    assert assert_refuses(ground, function, array, {what: REFUSED[thing]}).startswith(f"{said} is ")


@pytest.mark.parametrize("thing", NO_WORDS)
@pytest.mark.parametrize(("function", "what"), WORDED, ids=ids(WORDED))
def test_what_is_no_word_is_refused(function: str, what: str, thing: str) -> None:
    ground = Ground()
    array = ground.lay(shape_of(function), dtype_of(function))
    assert what in assert_refuses(ground, function, array, {what: NO_WORDS[thing]})


LAYOUTS = ["oi/0", "o/i", "/2oi", "o/-1i", "oi\n", "o\0i", "oi....", "......", "öi", "o i", f"o/{'9' * 5000}i"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: ascii(layout[:12]))
@pytest.mark.parametrize("function", [function for function in FUNCTIONS if "layout" in KEYWORDS[function]])
def test_what_is_no_layout_is_refused(function: str, layout: str) -> None:
    ground = Ground()
    array = ground.lay(shape_of(function), dtype_of(function))
    assert "layout" in assert_refuses(ground, function, array, {"layout": layout})


NO_GROUPS: dict[str, Any] = {**REFUSED, "10**400": 10**400, "0": 0, "-1": -1, "2.0": 2.0, "4 of 6": 4}


@pytest.mark.parametrize("groups", NO_GROUPS)
def test_what_is_no_number_of_groups_is_refused(groups: str) -> None:
    ground = Ground()
    array = ground.lay(shape_of("dirac_"), dtype_of("dirac_"))
    assert assert_refuses(ground, "dirac_", array, {"groups": NO_GROUPS[groups]}).startswith("groups is ")
