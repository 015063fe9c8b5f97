"""What Python computes from parameters is the same whatever rounding, flushing or errors the process has set."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np

from .._core import DefaultFloatingPoint

__all__ = ["rounded_to_nearest"]

P = ParamSpec("P")
R = TypeVar("R")


def rounded_to_nearest(function: Callable[P, R]) -> Callable[P, R]:
    """Let the function run with IEEE 754's default rounding and subnormals; the kernels see to theirs themselves.

    What underflows is rounded and what overflows is an infinity, of which NumPy says nothing: results are checked.
    """

    @wraps(function)
    def run(*args: P.args, **options: P.kwargs) -> R:
        with DefaultFloatingPoint(), np.errstate(all="ignore"):
            return function(*args, **options)

    return run
