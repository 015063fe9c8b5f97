"""Recipes as text: a document of flat rules, as TOML to be written by people and as JSON to be kept in files.

Beside its rules it may have a table of sizes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isinf, isnan, nan
from typing import Any, NamedTuple

from .text_limits import check_text

__all__ = ["Document", "document_of", "parse"]

Table = Mapping[str, Any]  # of strings, numbers and bools, and lists of these or of such mappings
RULE, SIZES = "rule", "sizes"  # the keys of a document: the list of its rules, and a table that may be left out


class Document(NamedTuple):
    """What a text holds."""

    rules: Sequence[Table]
    sizes: Table

    def to_dict(self) -> dict[str, Any]:
        """Return the two by their keys; sizes only if there are some."""
        return {**({SIZES: dict(self.sizes)} if self.sizes else {}), RULE: list(self.rules)}

    def to_toml(self) -> str:
        """Return a table [sizes], if there are some, and a table [[rule]] for each."""
        tables = [] if self.rules else [f"{RULE} = []"]
        tables += [_table(f"[{SIZES}]", self.sizes)] if self.sizes else []
        return "\n\n".join([*tables, *(_table(f"[[{RULE}]]", rule) for rule in self.rules)]) + "\n"

    def to_json(self) -> str:
        """Return one line of JSON. An infinity, for which JSON has no word, is the number 1e999; a NaN is null."""
        return _in_json(self.to_dict())


def _table(head: str, table: Table) -> str:
    return "\n".join([head, *(f"{key} = {_in_toml(value)}" for key, value in table.items())])


def _in_toml(value: Any) -> str:
    if isinstance(value, float) and (isinf(value) or isnan(value)):
        return "nan" if isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, (list, tuple)):
        return _lines([_in_toml(item) for item in value])
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_in_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def _lines(items: Sequence[str]) -> str:
    """Return an array of TOML: in one line, or one for each item where that would be long."""
    if sum(map(len, items)) < 80:
        return f"[{', '.join(items)}]"
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"


def _in_json(value: Any) -> str:
    if isinstance(value, float) and (isinf(value) or isnan(value)):
        return "null" if isnan(value) else "1e999" if value > 0 else "-1e999"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {_in_json(item)}" for key, item in value.items()) + "}"
    return f"[{', '.join(map(_in_json, value))}]" if isinstance(value, (list, tuple)) else json.dumps(value)


def parse(text: str, source: str) -> Document:
    """Return what a text holds: JSON if it begins with a brace, else TOML; ValueError if it is none or too long."""
    check_text(text, source)
    document = _json(text, source) if text.lstrip().startswith("{") else _toml(text, source)
    return document_of(document, source)


def document_of(document: Table, source: str) -> Document:
    """Return the rules and sizes of a dict; ValueError, with the source, if it holds no rules or something else."""
    rules, sizes = document.get(RULE), document.get(SIZES, {})
    if (
        not document.keys() <= {RULE, SIZES}
        or not isinstance(rules, list)
        or not all(isinstance(rule, Mapping) for rule in rules)
    ):
        raise ValueError(f"{source} has no tables [[rule]], or something else beside them; write one for each rule")
    if not isinstance(sizes, Mapping):
        raise ValueError(f"{source} has sizes that are {sizes!r}; they must be a table: write numbers under [sizes]")
    return Document(rules, sizes)


def _toml(text: str, source: str) -> dict[str, Any]:
    try:
        import tomllib
    except ImportError:
        raise ImportError("recipes in TOML need Python 3.11: write JSON, or make the Recipe in Python") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{source} is not TOML: {error}; correct it there") from None


def _json(text: str, source: str) -> dict[str, Any]:
    def rule_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: nan if value is None else value for key, value in pairs}

    try:
        document = json.loads(text, object_pairs_hook=rule_of)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{source} is not JSON: {error}; correct it there") from None
    return dict(document)
