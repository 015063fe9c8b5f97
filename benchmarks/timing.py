"""How a contest is timed: in each round every contestant runs once, so that a slow moment of the machine meets all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import TypeAlias

from .contest import Contest, Contestant

Times: TypeAlias = dict[str, dict[str, float]]  # contestant -> median, least and greatest ns per element


def race(contest: Contest, entered: Sequence[Contestant], rounds: int, after_round: Callable[[], None]) -> Times:
    """Time the contestants in turn, round by round, after one call of each that is not timed."""
    times: dict[str, list[float]] = {contestant.name: [] for contestant in entered}
    for contestant in entered:
        contestant.call()
    for _ in range(rounds):
        for contestant in entered:
            call = contestant.call
            start = perf_counter()
            for _ in range(contest.repeat):
                call()
            times[contestant.name].append((perf_counter() - start) / contest.repeat / contest.elements * 1e9)
        after_round()
    return {name: {"median": median(t), "least": min(t), "greatest": max(t)} for name, t in times.items()}
