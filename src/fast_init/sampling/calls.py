"""What the kernel is told, as `_core` reads it: `_core.CALL_FIELDS` and `_core.PLAN_FIELDS` are these fields."""

from __future__ import annotations

from typing import NamedTuple

from .._core import BITS, NORMAL, UINT32
from .destinations import Array

__all__ = ["NORMAL", "WORDS_PLAN", "DrawPlan", "KernelCall"]


class DrawPlan(NamedTuple):
    """What is drawn into arrays of one dtype: made, and checked, by a distribution's `plan` and nowhere else."""

    distribution: int  # a code of _core, as is the dtype
    dtype: int
    parameters: tuple[float, ...]  # normal: mean, std; bits: none; the others: cpp/stream says


class KernelCall(NamedTuple):
    """A fill: every element of the array, at its index in the tensor; arguments of `_core.fill` but for threads."""

    array: Array
    plan: DrawPlan
    key: int
    stream: int
    base_index: int = 0  # of the array's first element, in the flat tensor
    index_strides: tuple[int, ...] = ()  # by how much the index grows along each axis; () for consecutive elements


WORDS_PLAN = DrawPlan(BITS, UINT32, ())  # the raw words of a stream
