"""Fewer rules that say the same of a model's tensors: one pattern in place of a rule for each layer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from .rule import Rule

__all__ = ["compacted"]

NUMBER = re.compile(r"(?<![^.])[0-9]+(?![^.])")  # a whole component of digits


def compacted(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules that give each of the names the same, given one rule for each name, as `Rule.named` makes them.

    Names that differ only in whole components of digits get one rule, with a number in braces for each; those of them
    that have another scheme, or are tied, keep their own before it.

    Examples
    --------
    >>> for rule in compacted(Rule.named(f"layers.{l}.{s}", zeros() if s == "bias" else normal(std=0.02))
    ...                       for l in range(3) for s in ("weight", "bias")):
    ...     print(rule.pattern, rule.scheme)
    layers.{n0}.weight normal(mean=0.0, std=0.02)
    layers.{n0}.bias constant(val=0.0)
    """
    given = list(rules)
    last = {_pattern(rule): k for k, rule in enumerate(given)}
    counts: dict[str, Counter[Rule]] = {pattern: Counter() for pattern in last}
    for rule in given:
        if rule.tied_to is None:
            counts[_pattern(rule)][replace(rule, pattern=_pattern(rule))] += 1
    shared = {pattern: found.most_common(1)[0] for pattern, found in counts.items() if found}
    found = []
    for k, rule in enumerate(given):
        common, times = shared.get(pattern := _pattern(rule), (rule, 1))
        if times == 1 or replace(rule, pattern=pattern) != common:
            found.append(rule)
        if times > 1 and k == last[pattern]:
            found.append(common)
    return found


def _pattern(rule: Rule) -> str:
    numbers = count()
    return NUMBER.sub(lambda _: f"{{n{next(numbers)}}}", rule.pattern)
