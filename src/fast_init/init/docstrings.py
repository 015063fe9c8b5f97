"""Texts that many docstrings share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["documented"]

F = TypeVar("F", bound=Callable[..., Any])

RANDOM = """seed
        An int in [0, 2**64); a NumPy SeedSequence or Generator, from which 64 bits are drawn; or None for
        fresh entropy of the system.
    name
        Names an independent stream under the same seed: the tensor's name, say.
    global_shape, offset
        `array` is the block of a tensor of `global_shape` that starts at `offset`, a number for each axis, and
        gets the values that the whole tensor would have there; fans are the tensor's. For a 1-D array, an int
        `offset` means the range of the flat tensor that starts there.
    threads
        The most threads to use, at least 1; None for OMP_NUM_THREADS or the CPUs this process may use.
        The values do not depend on it.
    on_empty
        What to do about an array without elements: ``"warn"`` (`EmptyArrayWarning`), ``"error"`` or
        ``"ignore"``."""
RAISES = """TypeError
        `array` is not a plain NumPy array of a dtype that can be filled, or an argument has a wrong type.
    ValueError
        `array` is read-only, misaligned or overlaps itself, or an argument has a value it must not have.
        The array is then untouched."""
ARRAY = """array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even."""
LAYOUT = """layout
        One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's, ``"...io"`` JAX's and Keras's."""

SCALED = f"""mode
        ``fan_in``, ``fan_out``, ``fan_avg`` (their mean) or ``fan_geo_avg`` (their geometric mean).
    {LAYOUT}"""


def documented(function: F) -> F:
    """Write the texts that many docstrings share where {array}, {scaled} and the like stand."""
    assert function.__doc__ is not None
    texts = {"{array}": ARRAY, "{scaled}": SCALED, "{layout}": LAYOUT, "{random}": RANDOM, "{raises}": RAISES}
    for mark, text in texts.items():
        function.__doc__ = function.__doc__.replace(mark, text)
    return function
