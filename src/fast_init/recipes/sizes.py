"""The sizes of a model, by name: numbers that formulas of its recipe use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..sampling.numbers import finite, int_of
from ..sampling.shown import shown

__all__ = ["sizes_of"]

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def sizes_of(sizes: Any) -> dict[str, float]:
    """Return sizes as they were given, checked: whole numbers as ints, others as finite floats."""
    if not isinstance(sizes, Mapping):
        raise TypeError(f"sizes is {shown(sizes)}; it must be a mapping: pass such as {{'d': 4096, 'L': 32}}")
    for name in sizes:
        if not isinstance(name, str) or not WORD.fullmatch(name):
            raise ValueError(f"sizes has the name {shown(name)}; formulas cannot have it: pass letters, digits and _")
    return {name: _number(name, value) for name, value in sizes.items()}


def _number(name: str, value: Any) -> float:
    number = finite(f"the size {name!r}", value)
    whole = int_of(value)
    return number if whole is None else whole
