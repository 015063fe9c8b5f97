"""Topics about rectifiers: their zeros, fifty layers of them, and their histograms beside tanh's."""

from __future__ import annotations

from dataclasses import replace
from math import e, pi, sqrt

import numpy as np

from ..findings import Bars, Claim, Lines, Picture, Topic
from ..networks.activations import ActivationName, Array
from ..networks.lineup import HE, LECUN, SCHEMES, SMALL, UNIT
from ..networks.propagation import propagate
from ..networks.theory import predict
from .measures import SPREADS, factor, geometric_mean, histogram, straying, within

__all__ = ["fifty_layers", "halves", "histograms"]

DEEP = [256] * 51
SEEDS = 8


def halves(seed: int) -> Topic:
    """Measure how many units a rectifier sets to zero."""
    runs = [propagate(DEEP, "relu", SCHEMES[HE], seed=seed + s, batch=64) for s in range(SEEDS)]
    zeros = np.array([[(x == 0).mean() for x in run.activations] for run in runs])
    first = runs[0].preactivations[0]
    bars = replace(histogram("what enters the rectifiers of layer 1", first.ravel(), (-5, 5), HE), shade_below=0.0)
    lines = Lines(
        f"share of zeros after them, {SEEDS} seeds",
        {HE: zeros.mean(axis=0)},
        bands={HE: (zeros.min(axis=0), zeros.max(axis=0))},
        theory={HE: np.full(len(DEEP) - 1, 0.5)},
        log=False,
        limits=(0, 1),
    )
    claim = within(
        "ReLU sets about half of the units to zero",
        "share of zeros over all layers and seeds",
        float(zeros.mean()),
        0.5,
        0.5 / sqrt(zeros.size * DEEP[0]),
    )
    text = (
        "Weights of mean zero give pre-activations as often below zero as above. 50 layers of 256 units, filled by "
        f"He's scheme, {SEEDS} seeds; the band is the least and the most of the seeds. A deep layer strays more, as "
        "all inputs of the batch arrive there almost alike."
    )
    return Topic("halves", "ReLU silences half of the units", text, [claim], [Picture([bars, lines], 2)])


def fifty_layers(seed: int) -> Topic:
    """Measure what 50 rectified layers leave of a signal under He's sigma and under sqrt(1/n)."""
    lines, bands, theory, factors = {}, {}, {}, {}
    for label in (HE, LECUN):
        runs = _stds(label, seed)
        lines[label] = geometric_mean(runs)
        bands[label] = runs.min(axis=0), runs.max(axis=0)
        theory[label] = np.sqrt(predict(DEEP, "relu", SCHEMES[label])[0])
        factors[label] = factor(lines[label] ** 2)
    spread = straying(len(DEEP) - 1, DEEP[0], SEEDS)
    claims = [
        within(
            "With He's sigma = sqrt(2/n) a ReLU network of 50 layers keeps its signal",
            "factor per layer, in standard deviation",
            factors[HE],
            1.0,
            spread,
        ),
        within(
            "With sigma = sqrt(1/n) a ReLU network loses a factor sqrt(2) a layer",
            "factor per layer, in standard deviation",
            factors[LECUN],
            sqrt(1 / 2),
            spread * sqrt(1 / 2),
        ),
    ]
    text = (
        "Half of the units are zero, so half of the variance is lost, and a factor sqrt(2) of the standard deviation, "
        f"unless the weights make up for it. 256 units a layer, {SEEDS} seeds: the line is their geometric mean, the "
        "band the least and the most, dots are theory."
    )
    panel = Lines("standard deviation of the pre-activations", lines, bands, theory)
    return Topic("fifty-layers", "Fifty layers of ReLU", text, claims, [Picture([panel], 1)])


def _stds(label: str, seed: int) -> Array:
    runs = [propagate(DEEP, "relu", SCHEMES[label], seed=seed + s, batch=64) for s in range(SEEDS)]
    return np.sqrt(np.array([run.forward for run in runs], np.float64))


SHOWN = 1, 3, 5, 7, 10
MOVED = SPREADS * sqrt(5 * 9 / 256) / 2 * sqrt(2 / (pi * e)) / 2
WHY_MOVED = (
    "over 9 layers a seed's sigma strays by sqrt(5 9 / 256) / 2 = 21%; a change of its logarithm by x moves "
    "sqrt(2 / (pi e)) x / 2 of a rectified normal, and 6 times 21% moves this much"
)
TOP = 0.1  # where the bin of ReLU's zeros is cut
ROWS: tuple[tuple[ActivationName, str], ...] = (
    ("tanh", SMALL),
    ("tanh", UNIT),
    ("tanh", LECUN),
    ("relu", LECUN),
    ("relu", HE),
)


def histograms(seed: int) -> Topic:
    """Show what the activations of ten layers look like, and measure whether He's sigma keeps that look."""
    panels: list[Bars] = []
    moved = {}
    for activation, label in ROWS:
        row = _row(activation, label, seed)
        moved[activation, label] = float(np.abs(row[-1].shares - row[0].shares).sum() / 2)
        panels += [bars if label == SMALL else replace(bars, title="") for bars in row]
    quantity = "share of activations that change their bin from layer 1 to 10"
    claims = [
        Claim(
            "He's sigma keeps the histogram of ReLU's activations",
            quantity,
            moved["relu", HE],
            high=MOVED,
            expected=0,
            why=WHY_MOVED,
        ),
        Claim(
            "With sigma = sqrt(1/n) ReLU's histogram shrinks into the bin of zero",
            quantity,
            moved["relu", LECUN],
            low=MOVED,
            why="more than a seed moves by itself under He's sigma",
        ),
    ]
    text = (
        "Each row is one network of 10 layers of 256 units, each column one of its layers. The first bin of ReLU holds "
        "its zeros and is cut; the last one holds what is beyond 4. "
        "The share that changes its bin is the total variation distance of two histograms."
    )
    return Topic("histograms", "Activations, layer by layer", text, claims, [Picture(panels, len(SHOWN))])


def _row(activation: ActivationName, label: str, seed: int) -> list[Bars]:
    run = propagate([256] * 11, activation, SCHEMES[label], seed=seed)
    span = (-1.0, 1.0) if activation == "tanh" else (0.0, 4.0)
    row = [histogram(f"layer {k}", run.activations[k - 1], span, label) for k in SHOWN]
    if activation == "relu":
        row = [replace(bars, top=TOP, note=f"{bars.shares[0]:.0%} in the first bin") for bars in row]
    return [replace(row[0], row=f"{activation}\n{label}"), *row[1:]]
