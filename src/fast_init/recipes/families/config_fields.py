"""Fields of a Hugging Face config.json: read by their types, and none that asks for too many layers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from typing import Any

from ...sampling.numbers import int_of, number_or_nan

__all__ = ["MOST_LAYERS", "Config", "check_layers", "flag", "number", "whole"]

Config = Mapping[str, Any]

MOST_LAYERS = 10_000  # that transformers makes in a minute
COUNTS = re.compile(r"(layer|depth|block|stage|repeat|loop)s?$")  # n_layer, num_hidden_layers, depths


def check_layers(config: Config) -> None:
    """Raise ValueError if a field that counts layers, here or in a config within, is above MOST_LAYERS.

    These are the fields whose names end in layer, depth, block, stage, repeat or loop, or in the plural of that.
    """
    todo: list[Any] = [config]
    while todo:
        for name, value in todo.pop().items():
            values = value if isinstance(value, (list, tuple)) else [value]
            todo += [inner for inner in values if isinstance(inner, Mapping)]
            if not COUNTS.search(str(name)):
                continue
            if len(values) > MOST_LAYERS or any(isinstance(n, (int, float)) and n > MOST_LAYERS for n in values):
                shown = f"{str(value)[:20]}{'...' if len(str(value)) > 20 else ''}"
                raise ValueError(f"{name} is {shown}; a model has at most {MOST_LAYERS:,} layers: pass no more")


def whole(config: Config, name: str, default: int) -> int:
    """Return an int in [1, 2**63)."""
    value = config.get(name, default)
    size = int_of(value)
    if size is None or not 1 <= size < 1 << 63:
        raise ValueError(f"{name} is {value!r}; it must be an int in [1, 2**63): correct it in the config")
    return size


def number(config: Config, name: str, default: float) -> float:
    """Return a finite number that is not negative; null is the default."""
    value = config.get(name)
    if value is None:
        return default
    if not 0 <= number_or_nan(value) < inf:
        raise ValueError(f"{name} is {value!r}; it must be a number >= 0: correct it in the config")
    return float(value)


def flag(config: Config, name: str, default: bool) -> bool:
    """Return a bool; null is false."""
    value = config.get(name, default)
    if not isinstance(value, (bool, type(None))):
        raise ValueError(f"{name} is {value!r}; it must be true or false: correct it in the config")
    return bool(value)
