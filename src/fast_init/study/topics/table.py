"""The topics of the study, in the order of its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ..findings import Topic
from .comparisons import every_pair, fans, side_by_side
from .degeneracy import degeneracy, unequal_widths
from .derivation import derivation
from .digits import convolutions_train, sigmoid_takes
from .rectifiers import fifty_layers, halves, histograms
from .saturation import fixed_ranges, sigmoid_gradients, tanh_sigmas
from .seeds import narrow
from .slips import slips
from .training import relu_trains, tanh_trains
from .weight_gradients import shallow, weight_gradients

__all__ = ["MORE", "TOPICS", "measure"]

TOPICS: tuple[Callable[[int], Topic], ...] = (
    derivation,
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
    weight_gradients,
    relu_trains,
    tanh_trains,
    sigmoid_takes,
    convolutions_train,
    shallow,
    slips,
    degeneracy,
    unequal_widths,
)

RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
MORE: Mapping[Callable[[int], Topic], Callable[[int], Topic]] = {  # the topics that train, with more of it
    relu_trains: partial(relu_trains, seeds=10, rates=RATES),
    tanh_trains: partial(tanh_trains, seeds=10, rates=RATES),
    sigmoid_takes: partial(sigmoid_takes, seeds=10),
    convolutions_train: partial(convolutions_train, seeds=10, rates=RATES[2:5]),
    shallow: partial(shallow, seeds=10),
}


def measure(seed: int = 0, *, full: bool = False) -> list[Topic]:
    """Measure every claim of the study: half a minute.

    Parameters
    ----------
    seed
        The first of the seeds, from 0 to 2**63 - 1.
    full
        Whether networks are trained from ten seeds at more learning rates: one or two minutes.

    Returns
    -------
    list of Topic
        Each with its claims, and the arrays of its pictures.
    """
    return [(MORE.get(topic, topic) if full else topic)(seed) for topic in TOPICS]
