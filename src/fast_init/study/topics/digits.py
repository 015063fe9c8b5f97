"""Topics that train on pictures of digits: convolutions, and how long sigmoid takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...schemes.variance_scaling import VarianceScaling
from ..findings import Claim, Lines, Picture, Topic
from ..networks.activations import Array
from ..networks.data import Examples, digits
from ..networks.lineup import HE, LECUN, SCHEMES, SMALL
from ..networks.training import convolutional, dense, train
from .curves import learns, losses_of, stays_at_chance

__all__ = ["convolutions_train", "sigmoid_takes"]

CONVOLUTIONS = 10  # layers
PICTURES = 20
CHANNELS, STEPS = 12, 40
CONVOLUTION_RATES = (0.005,)


def convolutions_train(seed: int, *, seeds: int = 4, rates: Sequence[float] = CONVOLUTION_RATES) -> Topic:
    """Measure what ten layers of a convolutional ReLU network learn under three schemes."""
    pictures = digits(PICTURES, seed=seed)
    shapes = convolutional(pictures.inputs.shape[1], CHANNELS, CONVOLUTIONS, 10)
    runs = {
        label: train(
            shapes,
            "relu",
            SCHEMES[label],
            pictures,
            rates=rates,
            seeds=range(seed, seed + seeds),
            steps=STEPS,
        )
        for label in (HE, LECUN, SMALL)
    }
    claims = [
        learns("With He's sigma a deep convolutional ReLU network learns", runs[HE], 0.8),
        stays_at_chance("With sigma = sqrt(1/n) it stays at chance", runs[LECUN]),
        stays_at_chance("With sigma = 0.01 it stays at chance", runs[SMALL]),
    ]
    text = (
        f"{PICTURES} small pictures of digits, {CONVOLUTIONS - 1} convolutions of 3 x 3 and {CHANNELS} channels with "
        "ReLU, and a dense layer. n is that of a kernel, 9 times the channels that it reads. That He's scheme is the "
        "default for such networks is a habit of programmers and no measurement (PyTorch's own default is another); "
        "that it is a good one can be measured. The lines of sqrt(1/n) and 0.01 lie on one another, at chance."
    )
    picture = Picture([losses_of("loss / chance's", runs)], 1)
    return Topic("convolutions", "Training a convolutional network", text, claims, [picture])


SIGMOIDS = 3  # layers
RATE = 0.3
MOST = 150  # steps
HALF = 0.5  # of chance's loss
FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # sigma in units of 1 / sqrt(n)


def sigmoid_takes(seed: int, *, seeds: int = 3) -> Topic:
    """Measure how many steps a sigmoid network takes to half of chance's loss, by sigma sqrt(n)."""
    pictures = digits(60, seed=seed, zoom=2)
    pictures = replace(pictures, inputs=pictures.inputs.reshape(60, -1))
    shapes = dense(pictures.inputs.shape[1], 64, SIGMOIDS, 10)
    steps = np.array([_steps_to_half(shapes, factor, pictures, range(seed, seed + seeds)) for factor in FACTORS])
    taken = dict(zip(FACTORS, steps.mean(axis=1).tolist(), strict=True))
    quantity = f"mean steps to half of chance's loss, at most {MOST}"
    why = "twice is beyond the scatter of the seeds"
    claims = [
        Claim(
            "A tiny gradient is slow training: a tenth of the rule's sigma takes far longer than the rule",
            f"{quantity}, / the rule's",
            taken[0.1] / taken[1.0],
            low=1.5,
            why=f"{why}; all of {MOST} steps are about twice the rule's",
        ),
        Claim(
            "Saturated units are slow as well: a hundred times the rule's sigma takes far longer than the best",
            f"{quantity}, / the least",
            taken[100.0] / min(taken.values()),
            low=2,
            why=why,
        ),
        Claim(
            "The rule is no optimum for sigmoid, whose slope is 1/4: a few times its sigma takes less than half",
            "the least of these / the rule's",
            min(taken.values()) / taken[1.0],
            high=0.5,
            why=why,
        ),
    ]
    text = (
        f"60 pictures of digits, {SIGMOIDS} layers of sigmoid, the learning rate {RATE}, {seeds} seeds. On the left "
        "signals and gradients are too small, on the right units saturate; the rule stands in between, nearer to the "
        f"left end. A run that does not arrive counts {MOST} steps."
    )
    return Topic("sigmoid-training", "How long sigmoid takes", text, claims, [Picture([_steps_line(steps)], 1)])


def _steps_to_half(shapes: Sequence[tuple[int, ...]], factor: float, pictures: Examples, seeds: Sequence[int]) -> Array:
    """Return the steps of each seed."""
    scheme = VarianceScaling(factor**2, "fan_in", "normal")
    run = train(shapes, "sigmoid", scheme, pictures, rates=[RATE], seeds=seeds, steps=MOST)
    below = run.losses[0] < HALF
    return np.where(below.any(axis=-1), below.argmax(axis=-1), MOST).astype(np.float64)


def _steps_line(steps: Array) -> Lines:
    label = "3 layers of sigmoid"
    return Lines(
        "steps to half of chance's loss",
        {label: steps.mean(axis=1)},
        bands={label: (steps.min(axis=1), steps.max(axis=1))},
        x=np.array(FACTORS),
        xlabel="sigma in units of 1 / sqrt(n)",
        log=False,
        log_x=True,
        limits=(0, 1.05 * MOST),
    )
