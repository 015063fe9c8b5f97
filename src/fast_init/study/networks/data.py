"""What the study trains on, made here: two spirals, and small pictures of digits."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal, Uniform
from .activations import Array

__all__ = ["Examples", "digits", "spirals"]

Labels = np.ndarray[Any, np.dtype[np.intp]]

TURNS = 0.75  # of each spiral
SIDE = 6  # pixels of a digit's picture
NOISE = 0.1  # standard deviation of a pixel
GLYPHS = ("75557", "26227", "71747", "71717", "55711", "74717", "74757", "71111", "75757", "75717")
# of 0 to 9: five rows, each the octal digit of its three pixels


@dataclass(frozen=True, eq=False)
class Examples:
    """`inputs` has the shape (examples, ...), `labels` are numbers from 0 to `classes` - 1."""

    inputs: Array
    labels: Labels
    classes: int


def spirals(points: int = 32) -> Examples:
    """Return two spirals of so many points each, one the other turned by half a turn; their mean square is 1."""
    radius = np.sqrt(np.linspace(0.03, 1, positive_int("points", points)))
    angle = 2 * pi * TURNS * radius
    inputs = np.empty((2 * points, 2))
    inputs[:points] = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    inputs[points:] = -inputs[:points]
    inputs /= sqrt(np.square(inputs).mean())
    return Examples(inputs, np.repeat([0, 1], points), 2)


def digits(count: int, *, seed: int, zoom: int = 1) -> Examples:
    """Return pictures of (6 zoom) x (6 zoom) pixels: a digit of 3 x 5 anywhere in 6 x 6, of ones, and noise.

    An array of (count, 6 zoom, 6 zoom, 1); the labels take turns.
    """
    rows = np.array([[int(row) for row in glyph] for glyph in GLYPHS])
    shapes = (rows[:, :, None] >> np.array([2, 1, 0])) & 1
    places = Uniform().fill_(np.empty((count, 2)), seed=seed, name="digits.places")
    tops, lefts = (places * (SIDE - 4, SIDE - 2)).astype(int).T
    inputs = Normal(std=NOISE).fill_(np.empty((count, SIDE, SIDE)), seed=seed, name="digits.noise")
    labels = np.arange(count) % 10
    for picture, label, top, left in zip(inputs, labels, tops, lefts, strict=True):
        picture[top : top + 5, left : left + 3] += shapes[label]
    zoomed = inputs.repeat(zoom, axis=1).repeat(zoom, axis=2)
    return Examples(zoomed[..., None], labels, 10)
