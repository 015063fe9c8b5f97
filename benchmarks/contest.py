"""What a contest is: contestants that fill the same number of elements, each in its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from fast_init import Scheme

Array: TypeAlias = npt.NDArray[Any]
Call: TypeAlias = Callable[[], object]


@dataclass(frozen=True)
class Contestant:
    """A call that draws `scheme` into `array`, or, where that is None, returns a new array.

    Words (uint32) stand for the uniform numbers that they are 2**32 times. `same_again`: each call gives the same bits.
    """

    name: str
    call: Call
    scheme: Scheme
    array: Array | None = None
    same_again: bool = False


@dataclass(frozen=True)
class Contest:
    """A question: `enter` allocates for `elements` elements and returns the contestants, the one to beat them first.

    `repeat` calls make one measurement, where one is too short. `isa`: the level that fast_init is forced to.
    """

    name: str
    elements: int
    enter: Callable[[int], list[Contestant]]
    repeat: int = 1
    isa: str | None = None


def warm(elements: int, dtype: npt.DTypeLike) -> Array:
    """Return an array whose memory is in use already."""
    return np.ones(elements, dtype)


def size_label(elements: int) -> str:
    """Return 64, 4 Ki, 16 Mi."""
    if elements < 1 << 10:
        return str(elements)
    return f"{elements >> 10} Ki" if elements < 1 << 20 else f"{elements >> 20} Mi"
