"""The short way for functions whose parameters are numbers: the record's plan, without making the record again."""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import Any

from numpy import ndarray

from ..sampling.calls import DrawPlan
from ..sampling.destinations import FLOATS, A, Array, check_array, dtype_of
from ..sampling.filling import draw
from ..sampling.where import Where
from ..schemes.scheme import RandomDistribution

__all__ = ["apply"]

REMEMBERED = 4096  # plans, at most
_plans: dict[tuple[object, ...], DrawPlan] = {}
# Numbers are remembered by their bits: 0.0 and -0.0 are equal, but what is drawn with them is not.
_pack = {count: struct.Struct(f"{count}d").pack for count in (2, 4)}


def apply(array: A, where: Where, kind: type[RandomDistribution], numbers: tuple[Any, ...], *words: Any) -> A:
    """Do what ``kind(*numbers, *words).apply(array, where)`` does, in less time when it was done before."""
    if type(array) is not ndarray or not array.flags.carray:
        check_array(array)
    try:
        plan = _plans[kind, words, _pack[len(numbers)](*numbers), array.dtype]
    except (KeyError, TypeError, ValueError, ArithmeticError, struct.error):  # new, or wrong: the record says how
        plan = _made(array, kind, numbers, words)
    return draw(array, plan, where)


def _made(array: Array, kind: type[RandomDistribution], numbers: tuple[Any, ...], words: tuple[Any, ...]) -> DrawPlan:
    dtype = dtype_of(array, FLOATS)
    plan = kind(*numbers, *words).plan(dtype)
    if len(_plans) >= REMEMBERED:
        _plans.clear()
    with suppress(TypeError, ValueError, ArithmeticError, struct.error):
        _plans[kind, words, _pack[len(numbers)](*numbers), dtype.numpy] = plan
    return plan
