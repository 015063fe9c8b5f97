"""The words that arguments of every draw are, for type checkers."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["Bounds", "OnEmpty"]

OnEmpty: TypeAlias = Literal["error", "warn", "ignore"]
Bounds: TypeAlias = Literal["absolute", "sigma"]
