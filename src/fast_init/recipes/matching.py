"""Patterns of names, as in a shell, with captured numbers: which of many is the first that matches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from typing import NamedTuple

__all__ = ["FirstMatch", "Match", "captures_of", "escaped", "only_name"]

NAME = "[A-Za-z_][A-Za-z0-9_]*"  # of a captured number
SPECIAL = re.compile(rf"[*?\[]|\{{(?={NAME}\}})")
ESCAPED = re.compile(r"\[([*?\[{])\]")  # a special character in brackets stands for itself
CAPTURE = re.compile(rf"\{{{NAME}\}}")
BESIDE = re.compile(rf"[^.*?\[\]]{CAPTURE.pattern}|{CAPTURE.pattern}[^.*?\[\]]")  # no component is such
TRANSLATED = re.compile(rf"\\{{({NAME})\\}}")  # a capture, as fnmatch writes its characters
DIGITS = r"(?<![^.])(?P<number_\1>[0-9]+)(?![^.])"
FIXED_END = re.compile(rf"[*?\]]|{CAPTURE.pattern}")  # after the last of these a pattern is fixed


class Match(NamedTuple):
    """Which pattern matched, by its place, and the digits that it captured, by name."""

    place: int
    captured: dict[str, str]


def escaped(name: str) -> str:
    """Return the pattern that matches this name alone.

    Examples
    --------
    >>> escaped("blocks[0].*.{l}")
    'blocks[[]0].[*].[{]l}'
    """
    return SPECIAL.sub(r"[\g<0>]", name)


def captures_of(pattern: str) -> frozenset[str]:
    """Return the names of the numbers that a pattern captures; ValueError if it can match nothing for them.

    Examples
    --------
    >>> sorted(captures_of("layers.{l}.experts.{e}.*"))
    ['e', 'l']
    """
    if not CAPTURE.search(pattern):  # most, of which there may be many: nothing is compiled
        return frozenset()
    if (wrong := BESIDE.search(pattern)) is not None:
        raise ValueError(
            f"pattern is {pattern!r} with {wrong[0]!r}; a number in braces is a whole component of the name: put dots "
            "around it, or write [{] for a brace"
        )
    try:
        groups = _compiled(pattern).groupindex
    except re.error:
        raise ValueError(f"pattern is {pattern!r}; no two numbers may have one name: rename one") from None
    return frozenset(group.removeprefix("number_") for group in groups if group.startswith("number_"))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(TRANSLATED.sub(DIGITS, translate(pattern)))


def only_name(pattern: str) -> str | None:
    """Return the only name that a pattern matches, None where it may match others."""
    return None if SPECIAL.search(ESCAPED.sub("", pattern)) else ESCAPED.sub(r"\1", pattern)


class FirstMatch:
    """The first of a list of patterns that matches a name.

    Those of a single name cost one look-up in all, the others one for each pair of lengths that their fixed beginnings
    and ends have: only patterns that begin and end as the name does are tried.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._names: dict[str, int] = {}
        self._others: dict[tuple[int, int], dict[tuple[str, str], list[tuple[int, re.Pattern[str]]]]] = {}
        for k, pattern in enumerate(patterns):
            if (name := only_name(pattern)) is None:
                start, end = SPECIAL.split(pattern)[0], FIXED_END.split(pattern)[-1]
                of_lengths = self._others.setdefault((len(start), len(end)), {})
                of_lengths.setdefault((start, end), []).append((k, _compiled(pattern)))
            else:
                self._names.setdefault(name, k)

    def find(self, name: str) -> Match | None:
        """Return the first pattern that matches, None if none does."""
        index = self._names.get(name)
        found = None if index is None else Match(index, {})
        for (start, end), patterns in self._others.items():
            for k, pattern in patterns.get((name[:start], name[len(name) - end :]), ()):
                if found is not None and k > found.place:
                    break
                if (match := pattern.match(name)) is not None:
                    found = Match(k, _captured(match))
                    break
        return found


def _captured(match: re.Match[str]) -> dict[str, str]:
    numbers = match.groupdict().items()
    return {group.removeprefix("number_"): text for group, text in numbers if group.startswith("number_")}
