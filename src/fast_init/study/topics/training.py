"""Topics that train fully connected networks: deep ReLU, and tanh."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..findings import Claim, Matrix, Picture, Topic
from ..networks.data import spirals
from ..networks.lineup import HE, LECUN, SCHEMES, SMALL, UNIT
from ..networks.training import Training, dense, train
from .curves import CHANCE, grid_of, learns, losses_of, stays_at_chance

__all__ = ["relu_trains", "tanh_trains"]

LEARNT = 0.75
SHALLOW, DEEP = 5, 30
WIDTH, STEPS = 64, 40
RATES = (0.001, 0.03, 0.3)
LABELS = (HE, LECUN, SMALL)


def relu_trains(seed: int, *, seeds: int = 4, rates: Sequence[float] = RATES) -> Topic:
    """Measure what 5 and 30 layers of ReLU learn in 40 steps under three schemes."""
    runs = {
        (depth, label): train(
            dense(2, WIDTH, depth, 2),
            "relu",
            SCHEMES[label],
            spirals(),
            rates=rates,
            seeds=range(seed, seed + seeds),
            steps=STEPS,
        )
        for depth in (SHALLOW, DEEP)
        for label in LABELS
    }
    text = (
        f"Two spirals, {SHALLOW} and {DEEP} layers of {WIDTH} units, biases from 0, {STEPS} steps of gradient descent "
        f"with momentum 0.9 on all points; {seeds} seeds and {len(rates)} learning rates. Lines are the median over "
        "seeds at the rate that ends lowest; at 30 layers those of sqrt(1/n) and 0.01 lie on one another, at chance. "
        "The loss decides, not the accuracy: a signal of 1e-5 has a sign, too, and gets two of three points right "
        "with a loss of chance. sqrt(1/n) has not learnt after these steps at any rate; with four times as many it "
        "does leave chance. He's failures are those of a rate that is too high, and 30 layers stand less of it than 5."
    )
    pictures = [
        Picture([losses_of(f"{depth} layers: loss / chance's", _of(runs, depth)) for depth in (SHALLOW, DEEP)], 2),
        Picture([grid_of("loss / chance's", runs, rates), grid_of("points right", runs, rates, accuracy=True)], 2),
    ]
    return Topic("training", "Training 5 and 30 layers of ReLU", text, _relu_claims(runs, rates[-1]), pictures)


def _of(runs: dict[tuple[int, str], Training], depth: int) -> dict[str, Training]:
    return {label: run for (layers, label), run in runs.items() if layers == depth}


def _relu_claims(runs: dict[tuple[int, str], Training], highest: float) -> list[Claim]:
    too_high = runs[DEEP, HE].losses[-1, :, -1]
    return [
        learns(f"With He's sigma {DEEP} layers learn", runs[DEEP, HE], LEARNT),
        stays_at_chance(f"With sigma = sqrt(1/n) {DEEP} layers stay at chance, whatever the rate", runs[DEEP, LECUN]),
        stays_at_chance(f"With sigma = 0.01 {DEEP} layers stay at chance, whatever the rate", runs[DEEP, SMALL]),
        learns(f"With He's sigma {SHALLOW} layers learn", runs[SHALLOW, HE], LEARNT),
        learns(f"With sigma = sqrt(1/n) {SHALLOW} layers learn as well", runs[SHALLOW, LECUN], LEARNT),
        stays_at_chance(f"With sigma = 0.01 not even {SHALLOW} layers learn", runs[SHALLOW, SMALL]),
        Claim(
            "He's sigma does not help against a rate that is too high",
            f"training loss / that of chance of {DEEP} layers at the rate {highest}, least of the seeds",
            float(np.minimum(too_high, 1e9).min()),
            low=CHANCE,
            why="1 is chance; a run that overflows counts as 1e9",
        ),
    ]


TANH_DEPTH = 10
TANH_RATES = (0.003, 0.01, 0.03, 0.1)


def tanh_trains(seed: int, *, seeds: int = 3, rates: Sequence[float] = TANH_RATES) -> Topic:
    """Measure what ten layers of tanh learn under sqrt(1/n), 0.01 and 1."""
    shapes = dense(2, WIDTH, TANH_DEPTH, 2)
    runs = {
        label: train(
            shapes,
            "tanh",
            SCHEMES[label],
            spirals(),
            rates=rates,
            seeds=range(seed, seed + seeds),
            steps=STEPS,
        )
        for label in (LECUN, SMALL, UNIT)
    }
    claims = [
        learns(f"With sigma = sqrt(1/n) {TANH_DEPTH} layers of tanh learn", runs[LECUN], 0.1),
        stays_at_chance(f"With sigma = 0.01 {TANH_DEPTH} layers of tanh stay at chance", runs[SMALL]),
        stays_at_chance(
            "With sigma = 1 they learn less: part of the units is stuck at -1 and 1",
            runs[UNIT],
            0.15,
            "above what sqrt(1/n) has to reach, 0.1, by half of it; ten other seeds left 0.15 far below",
        ),
    ]
    text = (
        f"The same spirals, {TANH_DEPTH} layers of {WIDTH} units, the rates {', '.join(map(str, rates))}. What the "
        "variances foretell comes true: too small weights learn nothing, too large ones start with a loss far above "
        "chance's and spend their steps on undoing it."
    )
    picture = Picture([losses_of("loss / chance's", runs), _tanh_grid(runs, rates)], 2)
    return Topic("tanh-training", "Training ten layers of tanh", text, claims, [picture])


def _tanh_grid(runs: dict[str, Training], rates: Sequence[float]) -> Matrix:
    return grid_of("loss / chance's", {(TANH_DEPTH, label): run for label, run in runs.items()}, rates)
