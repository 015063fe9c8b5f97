"""From a layout string to fan_in and fan_out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod, sqrt
from typing import NamedTuple, SupportsIndex

from ..sampling.names import is_word
from ..sampling.numbers import positive_int
from ..sampling.shards import ints_of
from ..sampling.shown import shown
from .names import Mode

__all__ = ["DEFAULT_LAYOUT", "Fans", "axes_of", "check_layout", "compute_fans", "fan_for", "fans_of"]

DEFAULT_LAYOUT = "oi..."


class Fans(NamedTuple):
    """Connections into one output unit and out of one input unit."""

    fan_in: int
    fan_out: int


def compute_fans(shape: Sequence[SupportsIndex], layout: str = DEFAULT_LAYOUT, groups: int = 1) -> Fans:
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
        A letter followed by ``/n`` is an axis that holds n independent parts side by side, of which one
        counts: ``"o/3i"`` a packed query, key and value, ``"o/2i"`` gate and up projection, ``"i/8o..."`` a
        transposed convolution of 8 groups in PyTorch's layout.
    groups
        Of a grouped or depthwise convolution, whose output axis holds the outputs of all groups and whose input
        axis the inputs of one, as in PyTorch, Keras and JAX: divides the output axis.

    Returns
    -------
    Fans
        ``fan_in`` = input axes x receptive field, ``fan_out`` = output axes x receptive field. A letter
        that the layout leaves out counts as one unit.

    Raises
    ------
    ValueError
        The layout has another character, names neither ``o`` nor ``i``, or does not fit the shape; the number of
        parts or groups is not a divisor of its axis.

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
    >>> compute_fans((64, 1, 3, 3), groups=64)  # a depthwise convolution
    Fans(fan_in=9, fan_out=9)
    >>> compute_fans((3 * 512, 512), "o/3i")  # query, key and value, packed
    Fans(fan_in=512, fan_out=512)
    """
    sizes = ints_of("shape", shape)
    check_layout(layout)
    fans = fans_of(sizes, layout)
    outputs = prod(
        n // parts for (letter, parts), n in zip(axes_of(layout, sizes), sizes, strict=True) if letter == "o"
    )
    if outputs % positive_int("groups", groups):
        raise ValueError(
            f"groups is {shown(groups)}; it must divide the {outputs} outputs of shape {sizes}: pass the convolution's "
            "number of groups"
        )
    return Fans(fans.fan_in, fans.fan_out // groups)


def fan_for(mode: Mode, fans: Fans) -> float:
    """Return the fan that a scheme's variance is divided by; ValueError for an unknown mode."""
    if not is_word(mode, MODES):
        raise ValueError(f"mode is {shown(mode)}; it must be one of {', '.join(MODES)}: pass one of these")
    try:
        return MODES[mode](fans)
    except OverflowError:
        raise ValueError(f"fans are {shown(tuple(fans))}; no float holds them: pass the shape of a weight") from None


MODES: dict[Mode, Callable[[Fans], float]] = {
    "fan_in": lambda fans: float(fans.fan_in),
    "fan_out": lambda fans: float(fans.fan_out),
    "fan_avg": lambda fans: (fans.fan_in + fans.fan_out) / 2,
    "fan_geo_avg": lambda fans: sqrt(fans.fan_in * fans.fan_out),
}


@lru_cache(maxsize=4096)
def fans_of(shape: tuple[int, ...], layout: str) -> Fans:
    """Do what `compute_fans` does, for a shape that is a tuple of ints."""
    sizes = {"o": 1, "i": 1, "receptive": 1}
    for (letter, parts), size in zip(axes_of(layout, shape), shape, strict=True):
        if size % parts:
            raise ValueError(
                f"layout {shown(layout)} divides an axis into {parts} parts, but it has {size} elements; parts are "
                "equal: give each part its own view of the array"
            )
        if letter not in "eb":
            sizes[letter if letter in "oi" else "receptive"] *= size // parts
    return Fans(sizes["i"] * sizes["receptive"], sizes["o"] * sizes["receptive"])


def axes_of(layout: str, shape: tuple[int, ...]) -> list[tuple[str, int]]:
    """Return letter and number of parts of each axis, the axes of ``...`` written as receptive field."""
    before, after = check_layout(layout)
    axes, letters = len(shape), len(before) + len(after or [])
    if axes < letters or (axes > letters and after is None):
        count = f"{letters}" if after is None else f"at least {letters}"
        fix = (
            "pass layout='i' or layout='o' for a vector, or give normal_ or uniform_ the scale itself"
            if axes < 2
            else f"pass a layout of {axes} letters, such as {'oi' + 'k' * (axes - 2)!r}"
        )
        raise ValueError(f"shape {shape} has {axes} axes; layout {shown(layout)} needs {count}: {fix}")
    return [*before, *[("k", 1)] * (axes - letters), *(after or [])]


_AXIS = re.compile(r"([a-z])(?:/([1-9][0-9]{0,18}))?")


@lru_cache(maxsize=1024)
def _parsed(layout: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]] | None]:
    """Letters and parts before and after the dots; None after where there are no dots."""
    before, dots, after = layout.partition("...")
    sides = []
    for side in (before, after):
        rest = _AXIS.sub("", side)
        if rest:
            raise ValueError(
                f"layout {shown(layout)} has {rest[0]!r}; a layout is letters from a to z, each with /n for an axis "
                "of n parts, and at most one '...': use o for output, i for input, e for experts and k for kernel axes"
            )
        sides.append([(letter, int(parts or 1)) for letter, parts in _AXIS.findall(side)])
    if not any(letter in "oi" for side in sides for letter, _ in side):
        raise ValueError(
            f"layout {shown(layout)} names neither an output nor an input axis; fans need one: write o or i for an axis"
        )
    return sides[0], sides[1] if dots else None


def check_layout(layout: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]] | None]:
    """Return what `_parsed` does; TypeError if layout is not a str."""
    if not isinstance(layout, str):
        raise TypeError(f"layout is {shown(layout)}; it must be a str: pass one letter per axis, such as 'oi...'")
    return _parsed(layout)
