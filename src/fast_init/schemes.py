"""Schemes as data: variance = scale / fan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from numbers import Real

from .fans import DEFAULT_LAYOUT, compute_fans, fan_for

__all__ = ["Scheme"]


@dataclass(frozen=True)
class Scheme:
    """Zero-mean weights of variance ``scale / fan``; see `std_for`."""

    scale: float
    mode: str
    distribution: str  # "normal" or "uniform"
    layout: str = DEFAULT_LAYOUT

    def std_for(self, shape: Sequence[int]) -> float:
        """Return sqrt(scale / fan) for a weight of this shape; 0 where the fan is 0, as nothing is drawn."""
        fan = fan_for(self.mode, compute_fans(shape, self.layout))
        return sqrt(self.scale / fan) if fan else 0.0


def gain_squared(gain: float) -> float:
    """Return the scale of a gain; ValueError unless it is a finite number and not negative."""
    if isinstance(gain, bool) or not isinstance(gain, Real) or not isfinite(gain) or gain < 0:
        raise ValueError(f"gain is {gain!r}; it must be a finite number and not negative: pass a gain >= 0")
    return float(gain) ** 2
