"""The functions that are attacked, and the promise: the whole draw or one sentence, and nothing else written."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import fast_init
from support.attack_ground import Ground
from support.draws import Array, as_bits

FUNCTIONS = [name for name in fast_init.__all__ if name.endswith("_")]
SHAPES = {"delta_orthogonal_": (6, 4, 3), "dirac_": (6, 4, 3)}  # else (6, 5)
ARGUMENTS: dict[str, dict[str, Any]] = {"constant_": {"val": 0.5}, "sparse_": {"sparsity": 0.25}}
DEFAULTS: dict[str, Any] = {"seed": 7, "name": "w", "threads": 2, "on_empty": "ignore"}
KEYWORDS = {name: frozenset(inspect.signature(getattr(fast_init, name)).parameters) for name in FUNCTIONS}


def taking(keyword: str) -> list[str]:
    """Return the functions that have a parameter."""
    return [name for name in FUNCTIONS if keyword in KEYWORDS[name]]


def shape_of(function: str) -> tuple[int, ...]:
    """Return a shape that the function takes."""
    return SHAPES.get(function, (6, 5))


def dtype_of(function: str) -> np.dtype[Any]:
    """Return a dtype that the function takes."""
    return np.dtype(np.uint32 if function == "bits_" else np.float32)


def call(function: str, array: Any, options: dict[str, Any]) -> Any:
    """Call a function with what it needs, a seed, a name, two threads, and the options."""
    defaults = {key: value for key, value in DEFAULTS.items() if key in KEYWORDS[function]}
    return getattr(fast_init, function)(array, **{**defaults, **ARGUMENTS.get(function, {}), **options})


def reference(function: str, shape: tuple[int, ...], dtype: np.dtype[Any], options: dict[str, Any]) -> Any:
    """Return the draw into a fresh contiguous array, or the TypeError or ValueError that is raised instead."""
    try:
        return call(function, np.empty(shape, dtype), options)
    except (TypeError, ValueError) as error:
        return error


def assert_sentence(error: BaseException) -> None:
    """Assert that an error is this package's: TypeError or ValueError itself, one line: the rule, then the fix."""
    text = str(error)
    assert type(error) in (TypeError, ValueError), repr(error)
    assert "\n" not in text
    assert 20 < len(text) < 700, f"{len(text)} characters"
    assert "; " in text, text
    assert " is " in text or " has " in text or "layout" in text or " are " in text, text


def assert_refuses(ground: Ground, function: str, array: Any, options: dict[str, Any]) -> str:
    """Assert that a call is refused by one sentence, with nothing written; return the sentence."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is what the next line asserts
        call(function, array, options)
    assert_sentence(raised.value)
    ground.assert_untouched()
    return str(raised.value)


def assert_fills(ground: Ground, function: str, array: Array, options: dict[str, Any], want: Array) -> None:
    """Assert that a call returns the array, which has the bits wanted, and writes nothing beside it."""
    assert call(function, array, options) is array
    assert (as_bits(np.asarray(array)) == as_bits(want)).all()
    ground.assert_untouched(but=array)


def assert_promise(ground: Ground, function: str, array: Array, options: dict[str, Any], meant: dict[str, Any]) -> None:
    """Assert that a call does what one with the options that are `meant` does to a fresh contiguous array."""
    want = reference(function, array.shape, array.dtype, meant)
    if isinstance(want, Exception):
        assert_sentence(want)
        assert_refuses(ground, function, array, options)
    else:
        assert_fills(ground, function, array, options, want)
