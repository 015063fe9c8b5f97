"""The language of formulas: its values are IEEE 754's to the bit, and what is not of it is refused in a sentence."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite, sqrt

import mpmath
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fast_init.recipes.arithmetic import names_in, value_of
from support.rounding import needs_rounding, rounded_upward

NUMBERS = st.floats(-1e9, 1e9)

VALUES: dict[str, float] = {
    "1": 1,
    " 2.5e-1 ": 0.25,
    "1 + 2 * 3": 7,
    "(1 + 2) * 3": 9,
    "8 / 4 / 2": 1,
    "1 - 2 - 3": -4,
    "-2 ** 2": -4,
    "2 ** 3 ** 2": 512,
    "2 ** -1": 0.5,
    "0 ** 0": 1,
    "2 ** 0.5": sqrt(2),
    "2 ** -0.5": 1 / sqrt(2),
    "min(d, 3) + max(l, 3)": 10,
    "sqrt(d * d) - -l": 4096 + 7,
    "0.02 / sqrt(2 * (l + 1))": 0.005,
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    """Python's precedence: ``-2 ** 2`` is -4, powers go from the right."""
    assert value_of(text, {"l": 7, "d": 4096}) == VALUES[text]


@given(NUMBERS, NUMBERS)
def test_operations_are_those_of_ieee_754(x: float, y: float) -> None:
    numbers = {"x": x, "y": y}
    for operator in "+-*":
        exact = {"+": Fraction(x) + Fraction(y), "-": Fraction(x) - Fraction(y), "*": Fraction(x) * Fraction(y)}
        assert value_of(f"x {operator} y", numbers) == float(exact[operator])
    if y and isfinite(x / y):
        assert value_of("x / y", numbers) == float(Fraction(x) / Fraction(y))


@given(st.floats(1e-3, 1e3), st.integers(-60, 60))
@example(1.1, 1000)
def test_a_whole_power_is_rounded_once(x: float, n: int) -> None:
    """By repeated products it is off by some ulps, and by a C library's pow by what its authors thought good."""
    with mpmath.workprec(4000):
        assert value_of("x ** n", {"x": x, "n": n}) == float(mpmath.mpf(x) ** n)


@needs_rounding
def test_values_do_not_depend_on_the_mode_of_the_process() -> None:
    texts = ["0.1 + 0.2", "1 / 3", "sqrt(2) / 7", "1.1 ** 99", "1e-308 / 8", "0.1 * 3"]
    expected = [value_of(text, {}) for text in texts]
    with rounded_upward():
        assert [value_of(text + " ", {}) for text in texts] == expected  # the blank: parsed again, in that mode


NO_VALUE = {
    "1 / (l - 7)": "divides by zero where l = 7",
    "0 ** -1": "divides by zero",
    "0 ** -0.5": "divides by zero",
    "1e300 * 1e300": "has no finite value",
    "10 ** 309": "has no finite value",
    "sqrt(l - 8)": "takes the root of a negative number where l = 7",
    "(-1) ** 0.5": "takes the root of a negative number",
    "2 ** (1 / 3)": "has the exponent 0.3333333333333333, where only whole ones to 1024 and ±0.5 are",
    "1 ** 1025": "has the exponent 1025.0, where only whole ones to 1024 and ±0.5 are",
}


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_has_no_value(text: str) -> None:
    sentence = f"formula {text!r} {NO_VALUE[text]}; correct it, or what it is given"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        value_of(text, {"l": 7})


FOREIGN = {
    "x if y else z": "x if y else z",
    "__import__('os')": "__import__('os')",
    "x.real": "x.real",
    "sqrt(x, y)": "sqrt(x, y)",
    "sqrt(*x)": "*x",
    "max(x)": "max(x)",
    "min(x, key=y)": "min(x, key=y)",
    "log(x)": "log(x)",
    "(sqrt)(x)[0]": "sqrt(x)[0]",
    "x // 2": "x // 2",
    "x % 2": "x % 2",
    "+x": "+x",
    "x < 2": "x < 2",
    "(x := 2)": "(x := 2)",
    "True": "True",
    "None": "None",
    "1j": "1j",
    "'1'": "'1'",
    "1e999": "1e309",
    "lambda: 1": "lambda: 1",
    "[1]": "[1]",
}


@pytest.mark.parametrize("text", FOREIGN)
def test_what_is_not_of_the_language(text: str) -> None:
    rule = "; it may have finite numbers, names, + - * / **, parentheses, sqrt(x), min(x, y) and max(x, y): write it "
    with pytest.raises(ValueError, match=f"^{re.escape(f'formula {text!r} has {FOREIGN[text]!r}{rule}')}with these$"):
        names_in(text)


@pytest.mark.parametrize("text", ["", "1 +", "1; 2", "x = 1", "1\n2", "\0", "((((", "0.02 x", "\ud800"])
def test_what_python_cannot_parse(text: str) -> None:
    with pytest.raises(ValueError, match="is no arithmetic; write it as in Python, such as '1 / sqrt"):
        names_in(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 + " * 50 + "1", "a formula has 201 characters; it may have 200: put a part of it into sizes"),
        ("-" * 32 + "1", f"formula '{'-' * 32}1' is nested more than 32 deep; put a part of it into sizes"),
        ("(" * 99 + "1" + ")" * 99, None),  # parentheses alone are no depth
    ],
)
def test_limits(text: str, sentence: str | None) -> None:
    if sentence is None:
        assert value_of(text, {}) == 1
    else:
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            names_in(text)


def test_names_are_those_that_need_a_value() -> None:
    assert names_in("sqrt(sqrt) + min(a, b) ** c - sqrt(2)") == {"sqrt", "a", "b", "c"}
