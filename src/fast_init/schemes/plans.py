"""The short way of functions whose parameters are numbers: the plan of their record, without making it again."""

from __future__ import annotations

import struct
from typing import Any

from numpy import floating, integer, ndarray

from ..sampling.calls import DrawPlan
from ..sampling.destinations import FLOATS, A, Array, check_array, dtype_of
from ..sampling.filling import draw
from ..sampling.where import Where
from .scheme import RandomDistribution

__all__ = ["Plans", "apply"]

REMEMBERED = 4096  # plans of a kind, at most
PLAIN = float, int, floating, integer  # types whose value is all there is to them


class Plans:
    """The plans of one kind of record that were made.

    They are remembered by the bits of its numbers, as 0.0 and -0.0 are equal and what is drawn with them is not, and by
    their types, as True has the bits of 1.0 and is refused.
    """

    __slots__ = ("kind", "known", "pack", "words")

    def __init__(self, kind: type[RandomDistribution], count: int, *words: str) -> None:
        self.kind, self.words, self.pack = kind, words, struct.Struct(f"{count}d").pack
        self.known: dict[tuple[Any, ...], DrawPlan] = {}

    def make(self, array: Array, numbers: tuple[Any, ...]) -> DrawPlan:
        """Return the plan of the record of these numbers for the array, and remember it; raises what they do."""
        destination = dtype_of(array, FLOATS)
        plan = self.kind(*numbers, *self.words).plan(destination)
        if len(self.known) >= REMEMBERED:
            self.known.clear()
        if all(isinstance(number, PLAIN) for number in numbers):
            self.known[(self.pack(*numbers), destination.numpy, *map(type, numbers))] = plan
        return plan


def apply(array: A, where: Where, plans: Plans, numbers: tuple[Any, ...]) -> A:
    """Do what ``plans.kind(*numbers, *plans.words).apply(array, where)`` does, in less time when it was done before."""
    if type(array) is not ndarray or not array.flags.carray:
        check_array(array)
    try:
        plan = plans.known[(plans.pack(*numbers), array.dtype, *map(type, numbers))]
    except Exception:  # numbers that are new, or are none
        plan = plans.make(array, numbers)
    return draw(array, plan, where)
