"""Topics about tanh and sigmoid under weights of fixed size: collapse, saturation and their gradients."""

from __future__ import annotations

import numpy as np

from ..findings import Claim, Lines, Picture, Topic
from ..networks.activations import ACTIVATIONS, Array
from ..networks.lineup import LECUN, SCHEMES, SMALL, SMALL_RANGE, UNIT, UNIT_RANGE
from ..networks.propagation import Signals, propagate
from ..networks.theory import predict
from .measures import factor, median_size, share

__all__ = ["fixed_ranges", "sigmoid_gradients", "tanh_sigmas"]

SIZES = [256] * 11
MOST = 0.5  # of the units: more than half
FLAT = 0.01  # a slope below it passes next to no gradient
SATURATED = 0.99
NORMAL = 0.67  # median |x| / root mean square of a normal distribution


def tanh_sigmas(seed: int) -> Topic:
    """Measure ten layers of tanh under sigma = 0.01, 1 and sqrt(1/n)."""
    runs = {label: propagate(SIZES, "tanh", SCHEMES[label], seed=seed) for label in (SMALL, UNIT, LECUN)}
    unit, kept = runs[UNIT], runs[LECUN]
    sizes = np.array([x.std() for x in kept.activations])
    claims = [
        _collapse("Under sigma = 0.01 a tanh network collapses to zero", SMALL, runs[SMALL]),
        *_saturation("Under sigma = 1", UNIT, unit),
        Claim(
            "Under sigma = sqrt(1/n) no layer collapses",
            "least standard deviation of a layer's activations",
            float(sizes.min()),
            low=0.1,
            why="half of 1 / sqrt(2 depth) = 0.22; sigma = 0.01 leaves 1e-8",
        ),
        Claim(
            "Under sigma = sqrt(1/n) no layer saturates",
            f"largest share of a layer's |tanh| above {SATURATED}",
            float(_saturated(kept).max()),
            high=0.02,
            why="a standard normal z has 0.008 beyond 2.65, where tanh is 0.99; sigma = 1 has 0.86",
        ),
    ]
    text = (
        "10 layers of 256 units. sigma = 0.01 multiplies the signal by 0.01 sqrt(256) = 0.16 a layer; sigma = 1 by 16, "
        "which drives tanh to its ends, where its slope is almost 0. That its gradient vanishes is true of the typical "
        "unit. The few units in between get all of it, through weights of sigma = 1, so that its mean square grows. "
        "sqrt(1/n) avoids both; the signal still shrinks, but slowly, about as 1 / sqrt(2 depth)."
    )
    return Topic("tanh", "tanh under fixed sigma", text, claims, [Picture(_panels(runs), 4)])


def fixed_ranges(seed: int) -> Topic:
    """Measure ten layers of tanh under weights uniform on fixed ranges."""
    runs = {label: propagate(SIZES, "tanh", SCHEMES[label], seed=seed) for label in (SMALL_RANGE, UNIT_RANGE)}
    claims = [
        _collapse("Under uniform [-0.01, 0.01] a tanh network collapses to zero", SMALL_RANGE, runs[SMALL_RANGE]),
        *_saturation("Under uniform [-1, 1]", UNIT_RANGE, runs[UNIT_RANGE]),
    ]
    text = (
        "The same network. A uniform on [-a, a] has sigma = a / sqrt(3), so the ranges do what the sigmas did: "
        "0.092 a layer, and 9.2."
    )
    return Topic("ranges", "Fixed uniform ranges", text, claims, [Picture(_panels(runs), 4)])


def _collapse(sentence: str, label: str, run: Signals) -> Claim:
    forward = predict(SIZES, "tanh", SCHEMES[label])[0]
    last = float(run.activations[-1].std())
    quantity = "standard deviation of the last layer's activations"
    why = "1/sqrt(n) leaves 0.2; a millionth is collapsed, and theory is below a tenth of that"
    return Claim(sentence, quantity, last, high=1e-6, expected=float(np.sqrt(forward[-1])), why=why)


def _saturation(under: str, label: str, run: Signals) -> list[Claim]:
    backward = predict(SIZES, "tanh", SCHEMES[label])[1]
    typical = median_size(run.gradients) / np.sqrt(run.backward)
    flat = share(_slopes(run), 0, FLAT)
    return [
        Claim(
            f"{under} most units are saturated",
            f"least share of a layer's |tanh| above {SATURATED}",
            float(_saturated(run).min()),
            low=MOST,
            why="most is more than half",
        ),
        Claim(
            f"{under} the slope of most units is next to nothing",
            f"least share of a layer's slopes below {FLAT}",
            float(flat.min()),
            low=MOST,
            why="most is more than half",
        ),
        Claim(
            f"{under} the gradient vanishes for the typical unit",
            "median |gradient| / its root mean square, largest of the layers before the last",
            float(typical[:-1].max()),
            high=0.001,
            why=f"a normal distribution has {NORMAL}; a thousandth is vanished",
        ),
        Claim(
            f"{under} the gradient as a whole explodes, through the few units that do not saturate",
            "factor per layer backward, in standard deviation",
            factor(run.backward[::-1]),
            low=1.5,
            why="1 is stable; 1.5 makes 38 of nine layers",
            expected=factor(backward[::-1]),
        ),
    ]


def _saturated(run: Signals) -> Array:
    return 1 - share(run.activations, -SATURATED, SATURATED)


def _slopes(run: Signals) -> list[Array]:
    derivative = ACTIVATIONS[run.activation].derivative
    return [derivative(z) for z in run.preactivations]


def _panels(runs: dict[str, Signals]) -> list[Lines]:
    theory = {label: predict(SIZES, run.activation, run.scheme)[1] for label, run in runs.items()}
    return [
        Lines("std of the activations", _std_of({k: run.activations for k, run in runs.items()})),
        Lines(
            f"share of |tanh| above {SATURATED}",
            {label: _saturated(run) for label, run in runs.items()},
            log=False,
            limits=(-0.02, 1),
        ),
        Lines(
            "gradient: root mean square",
            {label: np.sqrt(run.backward) for label, run in runs.items()},
            theory={label: np.sqrt(variances) for label, variances in theory.items()},
        ),
        Lines("gradient: median size", {label: median_size(run.gradients) for label, run in runs.items()}),
    ]


def _std_of(layers: dict[str, tuple[Array, ...]]) -> dict[str, Array]:
    return {label: np.array([x.std() for x in arrays]) for label, arrays in layers.items()}


def sigmoid_gradients(seed: int) -> Topic:
    """Measure ten layers of sigmoid with and without the 1/sqrt(n) rule."""
    runs = {label: propagate(SIZES, "sigmoid", SCHEMES[label], seed=seed) for label in (UNIT, LECUN)}
    slopes = {label: np.array([slope.mean() for slope in _slopes(run)]) for label, run in runs.items()}
    theory = {label: predict(SIZES, "sigmoid", SCHEMES[label])[1] for label in runs}
    text = (
        "10 layers of 256 units. The rule keeps sigmoid where it is steep. It cannot make it steeper than 1/4, so that "
        "a deep network still loses its gradient. Without the rule the typical unit gets almost none of it: a few "
        "units carry it, through weights of sigma = 1."
    )
    lines = [
        Lines("mean slope of sigmoid", slopes, log=False, limits=(0, 0.26)),
        Lines(
            "gradient: root mean square",
            {label: np.sqrt(run.backward) for label, run in runs.items()},
            theory={label: np.sqrt(variances) for label, variances in theory.items()},
        ),
        Lines("gradient: median size", {label: median_size(run.gradients) for label, run in runs.items()}),
    ]
    return Topic("sigmoid", "Sigmoid and the 1/sqrt(n) rule", text, _sigmoid_claims(runs, slopes), [Picture(lines, 3)])


def _sigmoid_claims(runs: dict[str, Signals], slopes: dict[str, Array]) -> list[Claim]:
    typical = {label: median_size(run.gradients) / np.sqrt(run.backward) for label, run in runs.items()}
    return [
        Claim(
            "Under sigma = 1 the slope of sigmoid is a fraction of the most it can be, 0.25",
            "largest mean slope of a layer",
            float(slopes[UNIT].max()),
            high=0.05,
            why="a fifth of 0.25; theory of a deep layer is 0.4 / (16 sqrt(0.48)) = 0.036, seeds stray by 0.002",
        ),
        Claim(
            "Under the 1/sqrt(n) rule the slope is near the most it can be",
            "least mean slope of a layer",
            float(slopes[LECUN].min()),
            low=0.2,
            why="four fifths of 0.25; for a standard normal z it is 0.207",
        ),
        Claim(
            "Under sigma = 1 the typical unit gets almost none of the gradient",
            "median |gradient| / its root mean square, largest of the layers before the last",
            float(typical[UNIT][:-1].max()),
            high=0.05,
            why=f"a normal distribution has {NORMAL}; next to none is below a tenth of it",
        ),
        Claim(
            "Under the rule all units get their part of it",
            "median |gradient| / its root mean square, least of the layers before the last",
            float(typical[LECUN][:-1].min()),
            low=0.5,
            why=f"a normal distribution has {NORMAL}",
        ),
        Claim(
            "Even under the rule a deep sigmoid network loses its gradient, as no slope is above 1/4",
            "factor per layer backward, in standard deviation",
            factor(runs[LECUN].backward[::-1]),
            high=0.25,
            why="no slope is above 1/4, and the weights of the rule keep the rest",
            expected=factor(predict(SIZES, "sigmoid", SCHEMES[LECUN])[1][::-1]),
        ),
    ]
