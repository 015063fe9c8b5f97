"""The figures of a run as plain text."""

from __future__ import annotations

from typing import TypeAlias

from .timing import Times

Results: TypeAlias = dict[str, Times]  # by contest


def table(results: Results) -> str:
    """Return for each contest its contestants, the median ns per element, and that over the first one's."""
    width = max((len(name) for times in results.values() for name in times), default=0)
    lines = [f"{'':{width}}  ns per element   ratio"]
    for contest, times in results.items():
        medians = {name: t["median"] for name, t in times.items()}
        first = next(iter(medians.values()))
        lines += ["", contest, *(f"{name:{width}}  {t:14.3f}  {t / first:6.2f}" for name, t in medians.items())]
    return "\n".join(lines)
