"""The words that arguments of every draw are: for type checkers, and for the checks of each at run time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, TypeAlias, get_args

__all__ = ["BOUNDS", "ON_EMPTY", "Bounds", "OnEmpty", "is_word"]

OnEmpty: TypeAlias = Literal["error", "warn", "ignore"]
Bounds: TypeAlias = Literal["absolute", "sigma"]

BOUNDS: tuple[str, ...] = get_args(Bounds)
ON_EMPTY: tuple[str, ...] = get_args(OnEmpty)


def is_word(value: Any, words: Collection[str]) -> bool:
    """Whether value, which may be anything, is one of the words."""
    return isinstance(value, str) and value in words
