"""The topic of one network of anyone's choice: its variances beside theory, and its activations."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

import numpy as np

from ...schemes.scheme import Scheme
from ..findings import Bars, Lines, Picture, Topic
from ..networks.activations import Array
from ..networks.lineup import SCHEMES
from ..networks.propagation import Signals
from ..networks.theory import predict
from .measures import histogram

__all__ = ["one_network"]

SHOWN = 5  # histograms, at most
TOWER = 3.0  # times the second highest bin


def one_network(signals: Signals) -> Topic:
    """Return the topic that shows what `propagate` found: it makes no claims."""
    label = _known(signals.scheme) or signals.scheme.kind
    theory: tuple[Array, Array] | None
    try:
        theory = predict(signals.sizes, signals.activation, signals.scheme)
    except ValueError:  # weights that have a mean
        theory = None
    lines = [
        Lines(f"{way} variance", {label: found}, theory={} if theory is None else {label: theory[side]})
        for side, (way, found) in enumerate((("forward", signals.forward), ("backward", signals.backward)))
    ]
    text = (
        f"{_shape(signals.sizes)}, {signals.activation}, weights by {_known(signals.scheme) or signals.scheme}. A "
        f"batch of {len(signals.inputs)} standard normal inputs goes forward: the variance of the pre-activations is "
        f"{signals.forward[0]:.3g} in the first layer and {signals.forward[-1]:.3g} in the last. Standard normal "
        "gradients start at the last layer's pre-activations and come back: their variance is "
        f"{signals.backward[0]:.3g} in the first. Below, the activations of some layers; their axes differ."
    )
    return Topic("network", "One network", text, [], [Picture(lines, 2), Picture(_bars(signals, label), SHOWN)])


def _known(scheme: Scheme) -> str | None:
    """Return the label of a scheme that the study compares."""
    return next((label for label, known in SCHEMES.items() if known == scheme), None)


def _shape(sizes: tuple[int, ...]) -> str:
    """Write equal sizes as one: 784 inputs, layers of 3 x 256, 10 units."""
    runs = [(size, len(list(run))) for size, run in groupby(sizes[1:])]
    layers = ", ".join(str(size) if times == 1 else f"{times} x {size}" for size, times in runs)
    return f"{sizes[0]} inputs, layers of {layers} units"


def _bars(signals: Signals, label: str) -> list[Bars]:
    depth = len(signals.activations)
    shown = np.unique(np.linspace(1, depth, min(SHOWN, depth)).round().astype(int))
    return [_bar(f"layer {k}", signals.activations[k - 1].ravel(), label) for k in shown]


def _bar(title: str, values: Array, label: str) -> Bars:
    """Cut a bin that towers above the others, as that of a rectifier's zeros does."""
    finite = values[np.isfinite(values)]
    reach = float(np.abs(finite).max()) if finite.any() else 1.0
    low = -reach if finite.size == 0 or finite.min() < 0 else 0.0
    bars = histogram(title, values, (low, reach), label)
    second, first = np.sort(bars.shares)[-2:]
    if not 0 < TOWER * second < first:
        return bars
    return replace(bars, top=TOWER / 2 * second, note=f"{first:.0%} in one bin")
