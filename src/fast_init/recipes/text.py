"""Recipes as TOML: a table [[rule]] for each, with the pattern, the scheme's dict and the rule's options."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from math import isinf, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..schemes.scheme import Scheme

if TYPE_CHECKING:
    from .recipe import Rule

__all__ = ["from_toml", "to_toml"]

R = TypeVar("R")

OPTIONS = ("padding_row", "tied_to")


def to_toml(rules: Iterable[Rule]) -> str:
    """Return the rules as TOML."""
    tables = []
    for rule in rules:
        values = {"pattern": rule.pattern, **rule.scheme.to_dict()}
        values |= {key: getattr(rule, key) for key in OPTIONS if getattr(rule, key) is not None}
        tables.append("\n".join(["[[rule]]", *(f"{key} = {_value(value)}" for key, value in values.items())]))
    return "\n\n".join(tables or ["rule = []"]) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, float) and (isinf(value) or isnan(value)):
        return "nan" if isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value) if isinstance(value, float) else str(value)


def from_toml(text_or_path: str | Path, make: Callable[..., R]) -> list[R]:
    """Return what `make` makes of the arguments of each rule; ValueError, with the place, for what is no recipe."""
    try:
        import tomllib
    except ImportError:
        raise ImportError("recipes in TOML need Python 3.11: make the Recipe in Python, or use a later one") from None
    source = "the recipe"
    if isinstance(text_or_path, Path) or "\n" not in text_or_path:
        source = f"the recipe {str(text_or_path)!r}"
        text_or_path = Path(text_or_path).read_text(encoding="utf-8")
    try:
        document = tomllib.loads(text_or_path)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{source} is not TOML: {error}; correct it there") from None
    rules = document.pop("rule", None)
    if document or not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ValueError(f"{source} has no tables [[rule]], or something else beside them; write one for each rule")
    return [_made(rule, f"rule {k} of {source}", make) for k, rule in enumerate(rules, 1)]


def _made(rule: dict[str, Any], where: str, make: Callable[..., R]) -> R:
    if not isinstance(rule.get("pattern"), str):
        raise ValueError(f"{where} has no pattern; names are matched with it: write pattern = '*.weight', say")
    options = {key: rule.pop(key) for key in ("pattern", *OPTIONS) if key in rule}
    try:
        return make(**options, scheme=Scheme.from_dict(rule))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}: {error}") from None
