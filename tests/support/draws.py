"""The drawing functions as a table, and how the tests look at arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import ml_dtypes
import numpy as np

import fast_init

Array = np.ndarray[Any, Any]

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOATS = [np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.float16), BFLOAT16]
DRAWS: dict[str, tuple[Callable[..., Array], list[np.dtype[Any]]]] = {
    "normal": (fast_init.normal_, FLOATS),
    "uniform": (fast_init.uniform_, FLOATS),
    "trunc": (partial(fast_init.trunc_normal_, bounds="sigma"), FLOATS),
    "tail": (partial(fast_init.trunc_normal_, a=2.0, b=float("inf"), bounds="sigma"), FLOATS),
    "bits": (fast_init.bits_, [np.dtype(np.uint32)]),
}
CASES = [(name, dtype) for name, (_, dtypes) in DRAWS.items() for dtype in dtypes]
CASE_IDS = [f"{name}-{dtype.name}" for name, dtype in CASES]


def as_bits(array: Array) -> Array:
    """Return the elements as integers: equal bits, not equal values (-0.0, NaN)."""
    return np.ascontiguousarray(array).view(f"u{array.itemsize}")


def draw(distribution: str, dtype: np.dtype[Any], count: int, /, **random: Any) -> Array:
    """Return `count` elements in a new contiguous array."""
    return DRAWS[distribution][0](np.empty(count, dtype), **{"on_empty": "ignore", **random})


def truncated(dtype: np.dtype[Any], n: int, a: float, b: float, seed: int = 5, **options: Any) -> Array:
    """Return n elements of a truncated normal."""
    return fast_init.trunc_normal_(np.empty(n, dtype), a=a, b=b, seed=seed, **options)
