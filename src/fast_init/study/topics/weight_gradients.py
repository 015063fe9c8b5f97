"""The topic of the gradients that training uses: those of the weights, layer by layer, and how shallow is safe."""

from __future__ import annotations

from math import sqrt

import numpy as np

from ..findings import Claim, Lines, Picture, Topic
from ..networks.activations import Array
from ..networks.data import spirals
from ..networks.lineup import HE, LECUN, SCHEMES, SMALL, UNIT
from ..networks.propagation import Signals, propagate
from ..networks.training import dense, train
from .measures import factor, geometric_mean

__all__ = ["shallow", "weight_gradients"]

WIDTH, DEPTH = 256, 10
SIZES = [WIDTH] * (DEPTH + 1)
DEEP = [256] * 51
SEEDS = 8
BATCH, DEEP_BATCH = 128, 64


def weight_gradients(seed: int) -> Topic:
    """Measure the gradients of the weights of ten layers of tanh, and of fifty of ReLU under He's scheme."""
    found = {
        label: _of_weights(propagate(SIZES, "tanh", SCHEMES[label], seed=seed, batch=BATCH))
        for label in (SMALL, UNIT, LECUN)
    }
    sizes = {label: np.array([_rms(g) for g in layers]) for label, layers in found.items()}
    medians = {label: np.array([np.median(np.abs(g)) for g in layers]) for label, layers in found.items()}
    deep = np.array([[_rms(g) for g in _of_weights(_fifty(seed + s))] for s in range(SEEDS)])
    mean = geometric_mean(deep)
    unit = medians[UNIT] / sizes[UNIT]
    small = sqrt(BATCH) * (0.01 * sqrt(WIDTH)) ** (DEPTH - 1)
    claims = [
        Claim(
            "Under sigma = 0.01 the gradients of the weights are next to nothing in every layer",
            "largest root mean square of a layer, / that under 1/sqrt(n)",
            float((sizes[SMALL] / sizes[LECUN]).max()),
            high=1e-5,
            why="what one layer's signal has lost, the other's gradient has: 0.16^9 = 7e-8 in each",
        ),
        Claim(
            "and as small in each as in any other",
            "least root mean square of a layer / largest",
            float(sizes[SMALL].min() / sizes[SMALL].max()),
            low=0.5,
            expected=1.0,
            why=f"theory is sqrt({BATCH}) 0.16^9 = {small:.1g} for all; layers of {WIDTH} units stray by some percent",
        ),
        Claim(
            "Under sigma = 1 a typical weight is not starved, though a typical unit is: a batch is a sum",
            "median / root mean square, least of the layers",
            float(unit.min()),
            low=0.3,
            expected=0.67,
            why="0.67 is that of a normal distribution; of a unit and one input it is below 0.001",
        ),
        Claim(
            "Under sigma = 1 their mean square explodes",
            "factor per layer backward, in root mean square",
            factor(np.square(sizes[UNIT][::-1])),
            low=1.5,
            why="1 is stable; 1.5 makes 38 of nine factors",
        ),
        Claim(
            "With He's sigma the gradients of the weights keep their size over 50 layers",
            f"root mean square / sqrt(batch), geometric mean over layers and {SEEDS} seeds",
            float(geometric_mean(mean) / sqrt(DEEP_BATCH)),
            low=1 / 3,
            high=3.0,
            expected=1.0,
            why=f"seeds scatter by exp(sqrt(5 50/{WIDTH}) / 2) = 1.6, their mean by 1.2; sqrt(1/n) makes 2^-24 of it",
        ),
    ]
    text = (
        f"The gradient of a layer's weights is delta^T x, summed over a batch of {BATCH}. Left and in the middle "
        f"{DEPTH} layers of tanh, right 50 of ReLU; {WIDTH} units. The two halves of the product make up for each "
        "other: what a small sigma takes from x in late layers it takes from delta in early ones."
    )
    panels = [
        Lines("tanh, weights' gradients: root mean square", sizes),
        Lines("tanh, weights' gradients: median size", medians),
        Lines("ReLU, 50 layers: root mean square", {HE: mean}, bands={HE: (deep.min(axis=0), deep.max(axis=0))}),
    ]
    return Topic("weight-gradients", "The gradients of the weights", text, claims, [Picture(panels, 3)])


def _fifty(seed: int) -> Signals:
    return propagate(DEEP, "relu", SCHEMES[HE], seed=seed, batch=DEEP_BATCH)


def _of_weights(run: Signals) -> list[Array]:
    """Return delta^T x of each layer: arrays of (outputs, inputs)."""
    inputs = (run.inputs, *run.activations[:-1])
    return [delta.T @ x for delta, x in zip(run.gradients, inputs, strict=True)]


def _rms(values: Array) -> float:
    return float(np.sqrt(np.square(values).mean()))


DEPTHS = (2, 3, 4, 8)
RATES = (0.1,)
STEPS = 40


def shallow(seed: int, *, seeds: int = 5) -> Topic:
    """Measure how many layers of tanh train under 0.01 and 1."""
    losses = {label: np.array([_loss(label, depth, seed, seeds) for depth in DEPTHS]) for label in (SMALL, UNIT, LECUN)}
    quantity = "training loss / that of chance, median over seeds"
    claims = [
        Claim(
            "Two layers stand sigma = 0.01",
            quantity,
            float(losses[SMALL][0]),
            high=0.75,
            why="1 is chance; seeds scatter by less than a tenth",
        ),
        Claim("Two layers stand sigma = 1", quantity, float(losses[UNIT][0]), high=0.75, why="1 is chance"),
        Claim(
            f"{DEPTHS[2]} layers no longer stand sigma = 0.01",
            quantity,
            float(losses[SMALL][2]),
            low=0.85,
            why="1 is chance",
        ),
        Claim(
            f"{DEPTHS[-1]} layers learn far less with sigma = 1 than with 1/sqrt(n)",
            f"{quantity}, / that of 1/sqrt(n)",
            float(losses[UNIT][-1] / losses[LECUN][-1]),
            low=3,
            why="the seeds of one scheme scatter by a factor of a few",
        ),
    ]
    text = (
        f"Two spirals, 64 units a layer, {STEPS} steps, {seeds} seeds, the learning rate {RATES[0]}. Up to four layers "
        "sigma = 1 is no worse than the rule. Initial weights matter little to a network of two layers and decide over "
        "one of ten: the question arose when networks grew deep."
    )
    panel = Lines(
        "tanh: loss / chance's, by depth", losses, x=np.array(DEPTHS, np.float64), xlabel="layers", limits=(1e-5, 3)
    )
    return Topic("shallow", "How shallow is safe?", text, claims, [Picture([panel], 1)])


def _loss(label: str, depth: int, seed: int, seeds: int) -> float:
    run = train(
        dense(2, 64, depth, 2),
        "tanh",
        SCHEMES[label],
        spirals(),
        rates=RATES,
        seeds=range(seed, seed + seeds),
        steps=STEPS,
    )
    return float(np.median(run.losses[run.best, :, -1]))
