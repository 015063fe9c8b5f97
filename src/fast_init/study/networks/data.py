"""What the study trains on, made here: two spirals, and small pictures of digits."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal, Uniform
from .activations import Array

__all__ = ["Examples", "digits", "spirals"]

Labels = np.ndarray[Any, np.dtype[np.intp]]

TURNS = 0.75  # of each spiral
SIDE = 8  # pixels of a digit's picture
NOISE = 0.1  # standard deviation of a pixel
GLYPHS = (  # rows of three pixels, five to a digit
    "757 262 717 717 551 747 747 711 757 757",
    "5.5 6.2 1.1 1.1 5.5 4.4 4.4 1.1 5.5 5.5",
)


@dataclass(frozen=True, eq=False)
class Examples:
    """`inputs` has the shape (examples, ...), `labels` are numbers from 0 to `classes` - 1."""

    inputs: Array
    labels: Labels
    classes: int


def spirals(points: int = 48) -> Examples:
    """Return two spirals of so many points each, one the other turned by half a turn; their mean square is 1."""
    radius = np.sqrt(np.linspace(0.03, 1, positive_int("points", points)))
    angle = 2 * pi * TURNS * radius
    arm = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    inputs = np.concatenate([arm, -arm])
    return Examples(inputs / np.sqrt(np.square(inputs).mean()), np.repeat([0, 1], points), 2)
