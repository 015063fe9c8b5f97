"""Whether a contestant drew what it should, whoever it is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fast_init import uniform, verify

from .contest import Array, Contest, Contestant

SAMPLE = 65_000  # elements looked at: of 2**k they are an odd number apart
FALSE_ALARM = 1e-9  # per contestant
UNDRAWN = 99  # far from what any scheme draws


class WrongDrawError(Exception):
    """A contestant did not draw what the contest asks for; the message names both."""


def check(contest: Contest, entered: Iterable[Contestant]) -> None:
    """Let each contestant draw again, and look at the number of elements, their law and, of fast_init, the bits.

    Raises
    ------
    WrongDrawError
        At the first that is wrong.
    """
    for contestant in entered:
        if fault := fault_of(contestant, contest.elements):
            raise WrongDrawError(f"{contest.name}: {contestant.name} is wrong: {fault}")


def fault_of(contestant: Contestant, elements: int) -> str | None:
    """Return what is wrong with a draw, None for nothing."""
    drawn = draw(contestant)
    if drawn.size != elements:
        return f"it drew {drawn.size} elements of {elements}"
    words = drawn.dtype == np.uint32
    sampled = drawn.reshape(-1)[:: max(1, drawn.size // SAMPLE)] / 2.0**32 if words else drawn
    scheme = uniform() if words else contestant.scheme
    if not (verdict := verify(sampled, scheme, sample=SAMPLE, false_alarm=FALSE_ALARM)):
        return str(verdict)
    if contestant.same_again:
        bits = drawn.tobytes()
        if draw(contestant).tobytes() != bits:
            return "a second fill gave other bits"
    return None


def draw(contestant: Contestant) -> Array:
    """Return what one call draws; what was in its array before is gone."""
    if contestant.array is None:
        return np.asarray(contestant.call())
    contestant.array.fill(UNDRAWN)
    contestant.call()
    return contestant.array
