"""The topics of the study, in the order of its page."""

from __future__ import annotations

from collections.abc import Callable

from ..findings import Topic
from .comparisons import every_pair, fans, side_by_side
from .rectifiers import fifty_layers, halves, histograms
from .saturation import fixed_ranges, sigmoid_gradients, tanh_sigmas
from .seeds import narrow

__all__ = ["TOPICS", "measure"]

TOPICS: tuple[Callable[[int], Topic], ...] = (
    halves,
    fifty_layers,
    tanh_sigmas,
    fixed_ranges,
    sigmoid_gradients,
    every_pair,
    histograms,
    fans,
    side_by_side,
    narrow,
)


def measure(seed: int = 0) -> list[Topic]:
    """Measure every claim of the study: a few seconds.

    Parameters
    ----------
    seed
        The first of the seeds, from 0 to 2**63 - 1.

    Returns
    -------
    list of Topic
        Each with its claims, and the arrays of its pictures.
    """
    return [topic(seed) for topic in TOPICS]
