"""What Python computes from parameters is the same whatever rounding or flushing the process has set."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from .._core import DefaultFloatingPoint

__all__ = ["rounded_to_nearest"]

P = ParamSpec("P")
R = TypeVar("R")


def rounded_to_nearest(function: Callable[P, R]) -> Callable[P, R]:
    """Let the function run with IEEE 754's default rounding and subnormals; the kernels see to theirs themselves."""

    @wraps(function)
    def run(*args: P.args, **options: P.kwargs) -> R:
        with DefaultFloatingPoint():
            return function(*args, **options)

    return run
