"""Calls from text: what is one, and what is none."""

from __future__ import annotations

import pytest

from fast_init.schemes.calls import Call, parse_call


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("gpt2", Call("gpt2", (), {})),
        ("gpt2()", Call("gpt2", (), {})),
        (" gpt2( layers = 24 ) ", Call("gpt2", (), {"layers": 24})),
        ("normal(0, -1e-2)", Call("normal", (0, -0.01), {})),
        ("f('a', [1, 2], x=(3,), y=None)", Call("f", ("a", [1, 2]), {"x": (3,), "y": None})),
    ],
)
def test_calls(text: str, call: Call) -> None:
    assert parse_call(text) == call


@pytest.mark.parametrize(
    "text",
    ["", "3", "a b", "a.b()", "f()()", "f(x)", "f(g())", "f(*[1])", "f(x=[].y)", "f({[]: 1})", "f(", "a/b.toml", "f\0"],
)
def test_what_is_no_call(text: str) -> None:
    assert parse_call(text) is None


def test_nesting_too_deep_is_no_call() -> None:
    assert parse_call("f(" + "-" * 100_000 + "1)") is None
