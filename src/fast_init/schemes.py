"""Schemes as data: variance = scale / fan."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from .fans import DEFAULT_LAYOUT, fan_for, fans_of
from .gains import is_finite_number

__all__ = ["Scheme", "gain_squared"]


class Scheme(NamedTuple):
    """Zero-mean weights of variance ``scale / fan``; see `std_for`."""

    scale: float
    mode: str
    distribution: str  # "normal" or "uniform"
    layout: str = DEFAULT_LAYOUT

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return sqrt(scale / fan) for a weight of this shape; 0 where the fan is 0, as nothing is drawn."""
        fan = fan_for(self.mode, fans_of(shape, self.layout))
        return sqrt(self.scale / fan) if fan else 0.0


def gain_squared(gain: float) -> float:
    """Return the scale of a gain; ValueError unless it is a finite number and not negative."""
    if not is_finite_number(gain) or gain < 0:
        raise ValueError(f"gain is {gain!r}; it must be a finite number and not negative: pass a gain >= 0")
    return float(gain) ** 2
