"""The figures that several topics take from variances and layers."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from ..findings import Bars, Claim
from ..networks.activations import Array

__all__ = ["SPREADS", "factor", "geometric_mean", "histogram", "median_size", "share", "straying", "within"]

SPREADS = 6  # standard deviations within which a claim holds


def factor(variances: Array) -> float:
    """Return the factor by which a layer multiplies the standard deviation: the geometric mean over the layers."""
    return float((variances[-1] / variances[0]) ** (0.5 / (len(variances) - 1)))


def straying(layers: int, width: int, seeds: int = 1) -> float:
    """Return the standard deviation, as a share, of the `factor` that a seed finds for layers of ReLU.

    The logarithm of a layer's mean square strays by sqrt(5 / width), and the layers add up.
    """
    return sqrt(5 / (width * (layers - 1) * seeds)) / 2


def geometric_mean(runs: Array) -> Array:
    """Return the geometric mean over the first axis, the seeds."""
    mean: Array = np.exp(np.log(runs).mean(axis=0))
    return mean


def share(layers: Sequence[Array], low: float, high: float) -> Array:
    """Return for each layer the share of its values within [low, high]."""
    return np.array([((layer >= low) & (layer <= high)).mean() for layer in layers])


def median_size(layers: Sequence[Array]) -> Array:
    """Return the median of the absolute values of each layer."""
    return np.array([np.median(np.abs(layer)) for layer in layers])


def histogram(title: str, values: Array, span: tuple[float, float], label: str, bins: int = 40) -> Bars:
    """Return the shares of the values in equal bins of a span; those beyond it are in the outermost, NaN in none."""
    counts, edges = np.histogram(np.clip(values, *span), bins, span)
    return Bars(title, edges, counts / values.size, label)


def within(sentence: str, quantity: str, measured: float, expected: float, spread: float) -> Claim:
    """Return the claim that a quantity is within 6 standard deviations of what theory says."""
    why = f"6 standard deviations of {spread:.2g}, which a draw exceeds twice in 10^9"
    low, high = expected - SPREADS * spread, expected + SPREADS * spread
    return Claim(sentence, quantity, measured, low=low, high=high, expected=expected, why=why)
