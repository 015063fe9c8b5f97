"""Topics that set schemes side by side: every pair, four schemes at depth, and fan_in against fan_out."""

from __future__ import annotations

from math import exp, expm1, sqrt
from typing import TypeAlias

import numpy as np

from ...schemes.scheme import Scheme
from ...schemes.variance_scaling import he_normal, xavier_normal
from ..findings import Claim, Lines, Matrix, Picture, Topic
from ..networks.activations import ACTIVATIONS, ActivationName, Array
from ..networks.lineup import HE, LECUN, ORTHOGONAL, SCHEMES, XAVIER
from ..networks.propagation import Signals, propagate
from ..networks.theory import predict
from .measures import SPREADS, factor, geometric_mean, straying, within

__all__ = ["every_pair", "fans", "side_by_side"]

FORWARD, BACKWARD = "forward", "backward"
FACTOR = "factor per layer, in standard deviation"

GRID = [256] * 11
STRAY = SPREADS * straying(len(GRID) - 1, GRID[0])
WHY_STRAY = "6 times what one seed of ReLU strays by, sqrt(5 / (256 9)) / 2 = 2.3% of the factor"
KEPT: tuple[tuple[ActivationName, str], ...] = (("linear", LECUN), ("relu", HE), ("leaky_relu", HE), ("selu", LECUN))

Pairs: TypeAlias = dict[tuple[ActivationName, str], Array]  # by activation and scheme: forward and backward


def every_pair(seed: int) -> Topic:
    """Measure both variances of every scheme with every activation, and compare them with theory."""
    variances, factors, theory = {}, {}, {}
    for activation in ACTIVATIONS:
        for label, scheme in SCHEMES.items():
            run = propagate(GRID, activation, scheme, seed=seed, batch=64)
            variances[activation, label] = run.forward, run.backward
            factors[activation, label] = np.array([factor(run.forward), factor(run.backward[::-1])])
            forward, backward = predict(GRID, activation, scheme)
            theory[activation, label] = np.array([factor(forward), factor(backward[::-1])])
    lines = [
        Lines(
            f"{activation}: {way}",
            {label: variances[activation, label][side] for label in SCHEMES},
            limits=(1e-6, 1e6),
        )
        for four in (list(ACTIVATIONS)[:4], list(ACTIVATIONS)[4:])
        for side, way in enumerate((FORWARD, BACKWARD))
        for activation in four
    ]
    matrices = [
        Matrix(f"{way}: factor per layer", list(SCHEMES), list(ACTIVATIONS), _table(factors, side))
        for side, way in enumerate((FORWARD, BACKWARD))
    ]
    text = (
        "10 layers of 256 units. Forward is the variance of the pre-activations, backward that of the gradients, which "
        "start at the last layer; the tables give the factor per layer in standard deviation: no colour is 1, blue "
        "loses, red explodes. Saturating activations hold the forward variance whatever the weights: their gradients "
        "tell. The lines leave their frames, which are all alike, where they explode or vanish."
    )
    return Topic(
        "pairs",
        "Every scheme with every activation",
        text,
        _pair_claims(factors, theory),
        [Picture(matrices, 2), Picture(lines, 4)],
    )


def _pair_claims(factors: Pairs, theory: Pairs) -> list[Claim]:
    off = [np.abs(np.log(factors[pair] / theory[pair])).max() for pair in factors]
    return [
        Claim(
            f"Theory foresees every one of the {len(factors)} pairs of scheme and activation, forward and backward",
            "largest deviation of a factor per layer from theory, as a share of it",
            float(np.expm1(max(off))),
            high=expm1(STRAY),
            expected=0.0,
            why=WHY_STRAY,
        ),
        *(_kept(activation, label, factors, theory) for activation, label in KEPT),
    ]


def _kept(activation: ActivationName, label: str, factors: Pairs, theory: Pairs) -> Claim:
    pair = factors[activation, label]
    worse = int(np.argmax(np.abs(np.log(pair))))
    return Claim(
        f"With {activation} {label.split(',')[0]} keeps both the signal and the gradient",
        FACTOR + ", the worse of the two",
        float(pair[worse]),
        low=exp(-STRAY),
        high=exp(STRAY),
        expected=float(theory[activation, label][worse]),
        why=WHY_STRAY,
    )


def _table(factors: Pairs, side: int) -> Array:
    return np.array([[factors[activation, label][side] for activation in ACTIVATIONS] for label in SCHEMES])


DEEP = [256] * 31
THREE: tuple[ActivationName, ...] = ("linear", "tanh", "relu")
FOUR = (LECUN, XAVIER, HE, ORTHOGONAL)


def side_by_side(seed: int) -> Topic:
    """Measure Xavier, He, LeCun and orthogonal weights under linear, tanh and relu."""
    runs = {
        (activation, label): propagate(DEEP, activation, SCHEMES[label], seed=seed)
        for activation in THREE
        for label in FOUR
    }
    panels = [
        Lines(f"{activation}: {way}", {label: getattr(runs[activation, label], way) for label in FOUR})
        for way in (FORWARD, BACKWARD)
        for activation in THREE
    ]
    text = (
        "30 layers of 256 units. Above the variance of the pre-activations, below that of the gradients. "
        "On layers as wide as their inputs Xavier and LeCun are the same numbers, so that their lines coincide."
    )
    return Topic("side-by-side", "Xavier, He, LeCun, orthogonal", text, _deep_claims(runs), [Picture(panels, 3)])


def _deep_claims(runs: dict[tuple[ActivationName, str], Signals]) -> list[Claim]:
    lengths = np.array([np.linalg.norm(z, axis=1) for z in runs["linear", ORTHOGONAL].preactivations])
    relu = {label: factor(runs["relu", label].forward) for label in FOUR}
    spread = straying(len(DEEP) - 1, DEEP[0])
    tanh = [abs(f - 1) for label in FOUR for f in _both(runs["tanh", label])]
    return [
        Claim(
            "Orthogonal weights keep the length of a signal in a linear network exactly",
            "largest relative change of an input's length, over all layers",
            float(np.abs(lengths / lengths[0] - 1).max()),
            high=1e-9,
            expected=0.0,
            why="rounding is 1e-15 or so; the least loss that counts is far above it",
        ),
        within("Of the four, only He keeps ReLU's signal", FACTOR, relu[HE], 1.0, spread),
        within(
            "Under ReLU the other three lose about sqrt(2) a layer",
            FACTOR + ", the largest of the three",
            max(f for label, f in relu.items() if label != HE),
            1 / sqrt(2),
            spread / sqrt(2),
        ),
        Claim(
            "tanh is lenient: none of the four loses or gains more than a tenth a layer",
            "largest distance of a factor per layer from 1, forward or backward",
            max(tanh),
            high=0.1,
            why="a tenth, as the sentence says; ten seeds found 0.067 to 0.07",
        ),
    ]


def _both(run: Signals) -> tuple[float, float]:
    return factor(run.forward), factor(run.backward[::-1])


TAPER = [1024, 1024, 724, 512, 362, 256, 181, 128]
SEEDS = 16
SPREAD = sqrt(5 * sum(1 / n for n in TAPER[1:-1]) / SEEDS)  # of the logarithm of a variance, from the first to the last
MODES: dict[str, Scheme] = {
    "fan_in": he_normal(mode="fan_in"),
    "fan_out": he_normal(mode="fan_out"),
    "fan_avg": xavier_normal(gain=2**0.5),
}


def fans(seed: int) -> Topic:
    """Measure fan_in and fan_out on a network whose layers grow narrower."""
    panels, totals = [], {}
    runs = {mode: _tapered(scheme, seed) for mode, scheme in MODES.items()}
    for side, way in enumerate((FORWARD, BACKWARD)):
        lines = {mode: geometric_mean(seeds[:, side]) for mode, seeds in runs.items()}
        bands = {mode: (seeds[:, side].min(axis=0), seeds[:, side].max(axis=0)) for mode, seeds in runs.items()}
        theory = {mode: predict(TAPER, "relu", scheme)[side] for mode, scheme in MODES.items()}
        panels.append(Lines(f"{way} variance", lines, bands, theory))
        totals[way] = {mode: float(line[-1] / line[0]) for mode, line in lines.items()}
    last_over_first = TAPER[-1] / TAPER[1]
    claims = [
        _total("fan_in keeps the forward variance", "last layer / first", totals[FORWARD]["fan_in"], 1.0),
        _total(
            "fan_in lets the backward variance run off by the ratio of the widths",
            "first layer / last",
            1 / totals[BACKWARD]["fan_in"],
            last_over_first,
        ),
        _total("fan_out keeps the backward variance", "first layer / last", 1 / totals[BACKWARD]["fan_out"], 1.0),
        _total(
            "fan_out lets the forward variance run off by the ratio of the widths",
            "last layer / first",
            totals[FORWARD]["fan_out"],
            1 / last_over_first,
        ),
    ]
    text = (
        f"ReLU layers of {', '.join(map(str, TAPER[1:]))} units, He's sigma by either fan, and by their mean (Xavier's "
        f"with gain sqrt(2)). {SEEDS} seeds: the line is the geometric mean, the band the least and the most, dots are "
        "theory. What runs off is only the ratio of the widths, 8 here, whatever the depth: either fan will do, as He "
        "et al. remark."
    )
    return Topic("fans", "fan_in against fan_out", text, claims, [Picture(panels, 2)])


def _tapered(scheme: Scheme, seed: int) -> Array:
    """Return the variances of each seed: an array of (seeds, 2, layers), forward and backward."""
    runs = (propagate(TAPER, "relu", scheme, seed=seed + s, batch=32) for s in range(SEEDS))
    return np.array([(run.forward, run.backward) for run in runs])


def _total(sentence: str, ratio: str, measured: float, expected: float) -> Claim:
    quantity = f"variance, {ratio}"
    room = exp(SPREADS * SPREAD)
    why = f"6 times what {SEEDS} seeds stray by, sqrt(5 (1/1024 + 1/724 + ...) / {SEEDS}) = {SPREAD:.1%}"
    return Claim(sentence, quantity, measured, low=expected / room, high=expected * room, expected=expected, why=why)
