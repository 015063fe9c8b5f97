"""What a file may say of sizes: looked at before it costs time or memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..sampling.numbers import int_of
from ..sampling.shown import shown

__all__ = ["LARGEST", "LONGEST", "parsed", "shape_of"]

LONGEST = 100_000_000  # bytes of a header, which is what the safetensors library reads; also of other JSON
LARGEST = 2**63  # bytes, of anything; all numbers are smaller
MOST_DIMENSIONS = 32  # of an array, to every NumPy
MOST_DIGITS = 40  # of an int in JSON; configs have int(1e30)


def shape_of(values: Any, itemsize: int) -> tuple[int, ...]:
    """Return a shape as ints.

    ValueError unless it is a sequence of at most 32 ints, not bools, in [0, 2^63) whose product (zeros left out, as in
    NumPy's own limit) times the bytes of an element is below 2^63.
    """
    given = isinstance(values, (Sequence, np.ndarray)) and not isinstance(values, (str, bytes))
    numbers = [int_of(n) for n in values] if given and len(values) <= MOST_DIMENSIONS else [None]
    shape = tuple(n for n in numbers if n is not None and 0 <= n < LARGEST)
    if len(shape) < len(numbers):
        raise ValueError(f"shape is {shown(values)}; it must be at most {MOST_DIMENSIONS} ints >= 0 and < 2**63")
    size = itemsize
    for n in shape:
        size *= n or 1
        if size >= LARGEST:
            raise ValueError(f"shape is {shown(values)}; its elements of {itemsize} bytes must be < 2**63 bytes")
    return shape


def parsed(text: str | bytes, hook: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Return what JSON says; ValueError, also for what is nested too deep or has an int of more than 40 digits."""
    try:
        return json.loads(text, object_pairs_hook=hook, parse_int=_int)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _int(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has {len(digits):,} digits, and at most {MOST_DIGITS} are read")
    return int(digits)
