"""From a layout string to fan_in and fan_out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import sqrt
from operator import index
from string import ascii_lowercase
from typing import NamedTuple, SupportsIndex

__all__ = ["Fans", "compute_fans", "fan_for", "fans_of"]

DEFAULT_LAYOUT = "oi..."


class Fans(NamedTuple):
    """Connections into one output unit and out of one input unit."""

    fan_in: int
    fan_out: int


def compute_fans(shape: Sequence[SupportsIndex], layout: str = DEFAULT_LAYOUT) -> Fans:
    """Return the fans of a weight of the given shape.

    Parameters
    ----------
    shape
        Shape of one weight array.
    layout
        One letter per axis: ``o`` output, ``i`` input, ``e`` or ``b`` an axis of independent tensors
        (experts, batches, stacked layers), any other letter from a to z the receptive field. A letter
        may repeat, and its axes multiply. ``...`` stands for all axes not written; they are receptive
        field. ``"oi..."`` is PyTorch's layout, ``"...io"`` that of Keras and JAX.

    Returns
    -------
    Fans
        ``fan_in`` = input axes x receptive field, ``fan_out`` = output axes x receptive field. A letter
        that the layout leaves out counts as one unit.

    Raises
    ------
    ValueError
        The layout has another character, names neither ``o`` nor ``i``, or does not fit the shape.

    Examples
    --------
    >>> compute_fans((64, 128))
    Fans(fan_in=128, fan_out=64)
    >>> compute_fans((3, 3, 16, 32), "...io")  # a Keras convolution
    Fans(fan_in=144, fan_out=288)
    >>> compute_fans((8, 512, 128), "eoi")  # eight experts
    Fans(fan_in=128, fan_out=512)
    >>> compute_fans((768, 12, 64), "ioo")  # d_model x heads x head_dim
    Fans(fan_in=768, fan_out=768)
    """
    return fans_of(tuple(index(n) for n in shape), layout)


def fan_for(mode: str, fans: Fans) -> float:
    """Return the fan that a scheme's variance is divided by; ValueError for an unknown mode."""
    try:
        return MODES[mode](fans)
    except (KeyError, TypeError):
        raise ValueError(f"mode is {mode!r}; it must be one of {', '.join(MODES)}: pass one of these") from None


MODES: dict[str, Callable[[Fans], float]] = {
    "fan_in": lambda fans: float(fans.fan_in),
    "fan_out": lambda fans: float(fans.fan_out),
    "fan_avg": lambda fans: (fans.fan_in + fans.fan_out) / 2,
    "fan_geo_avg": lambda fans: sqrt(fans.fan_in * fans.fan_out),
}


@lru_cache(maxsize=4096)
def fans_of(shape: tuple[int, ...], layout: str) -> Fans:
    """Do what `compute_fans` does, for a shape that is a tuple of ints."""
    sizes = {"o": 1, "i": 1, "receptive": 1}
    for letter, size in zip(_letters(layout, shape), shape, strict=True):
        if letter not in "eb":
            sizes[letter if letter in "oi" else "receptive"] *= size
    return Fans(sizes["i"] * sizes["receptive"], sizes["o"] * sizes["receptive"])


def _letters(layout: str, shape: tuple[int, ...]) -> str:
    """One letter for each axis, the axes of ``...`` written as receptive field."""
    if not isinstance(layout, str):
        raise TypeError(f"layout is {layout!r}; it must be a str: pass one letter per axis, such as 'oi...'")
    before, dots, after = layout.partition("...")
    letters = before + after
    if strange := [c for c in letters if c not in ascii_lowercase]:
        raise ValueError(
            f"layout {layout!r} has {strange[0]!r}; a layout is letters from a to z and at most one '...': "
            "use o for output, i for input, e for experts and k for kernel axes"
        )
    if "o" not in letters and "i" not in letters:
        raise ValueError(
            f"layout {layout!r} names neither an output nor an input axis; fans need one: write o or i for an axis"
        )
    axes = len(shape)
    if axes < len(letters) or (axes > len(letters) and not dots):
        count = f"at least {len(letters)}" if dots else f"{len(letters)}"
        fix = (
            "pass layout='i' or layout='o' for a vector, or give normal_ or uniform_ the scale itself"
            if axes < 2
            else f"pass a layout of {axes} letters, such as {_suggestion(axes)!r}"
        )
        raise ValueError(f"shape {shape} has {axes} axes; layout {layout!r} needs {count}: {fix}")
    return before + "k" * (axes - len(letters)) + after


def _suggestion(axes: int) -> str:
    return "oi" + "k" * (axes - 2)
