"""Patterns of names, as in a shell: which of many is the first that matches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate

__all__ = ["FirstMatch", "escaped"]

SPECIAL = re.compile(r"[*?\[]")
ESCAPED = re.compile(r"\[([*?\[])\]")  # a special character in brackets stands for itself


def escaped(name: str) -> str:
    """Return the pattern that matches this name alone.

    Examples
    --------
    >>> escaped("blocks[0].*")
    'blocks[[]0].[*]'
    """
    return SPECIAL.sub(r"[\g<0>]", name)


def _only_name(pattern: str) -> str | None:
    """Return the only name that a pattern matches, None where it may match others."""
    return None if SPECIAL.search(ESCAPED.sub("", pattern)) else ESCAPED.sub(r"\1", pattern)


class FirstMatch:
    """The first of a list of patterns that matches a name. Those of a single name cost one look-up in all."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._names: dict[str, int] = {}
        self._others: list[tuple[int, re.Pattern[str]]] = []
        for k, pattern in enumerate(patterns):
            if (name := _only_name(pattern)) is None:
                self._others.append((k, re.compile(translate(pattern))))
            else:
                self._names.setdefault(name, k)

    def index_of(self, name: str) -> int | None:
        """Return the index of the pattern, None if none matches."""
        known = self._names.get(name)
        for k, pattern in self._others:
            if known is not None and k > known:
                break
            if pattern.match(name):
                return k
        return known
