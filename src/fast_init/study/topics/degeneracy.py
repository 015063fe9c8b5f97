"""The topic of lost degrees of freedom: singular values of many layers, equal starts, and unequal widths."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, pairwise
from math import exp, sqrt
from operator import mul

import numpy as np

from ...schemes.distributions import Constant
from ...schemes.orthogonal import Orthogonal
from ...schemes.scheme import Scheme
from ...schemes.variance_scaling import lecun_normal, xavier_normal
from ..findings import Claim, Lines, Picture, Topic
from ..networks.activations import Array
from ..networks.lineup import LECUN, ORTHOGONAL, XAVIER
from ..networks.propagation import propagate
from .measures import SPREADS, geometric_mean

__all__ = ["degeneracy", "unequal_widths"]

WIDTH = 128
DEPTH = 16
SKIP = "skip connections"
SEEDS = 16
ROOM = exp(SPREADS * DEPTH / WIDTH / sqrt(SEEDS))  # the factor by which a share may miss theory


def degeneracy(seed: int) -> Topic:
    """Measure how many directions a product of layers keeps, and whether equal units part."""
    kept = {label: _kept(layer, seed) for label, layer in LAYERS.items()}
    depths = np.arange(1.0, DEPTH + 1)
    theory = {
        LECUN: _gaussian(),
        ORTHOGONAL: np.ones(DEPTH),
        SKIP: 1 / (1 + depths * (2 / DEPTH + 1 / DEPTH**2) / (1 + 1 / DEPTH) ** 2),
    }
    claims = [
        _share("A product of Gaussian layers keeps ever fewer directions", LECUN, kept, theory, ROOM),
        _share("Orthogonal layers keep all of them", ORTHOGONAL, kept, theory, 1 + 1e-9),
        _share(
            "Skip connections, scaled by 1/sqrt(depth), keep a third",
            SKIP,
            kept,
            theory,
            ROOM,
        ),
        *_equal_starts(seed),
    ]
    text = (
        "Orhan and Pitkow: deep networks lose degrees of freedom, where units become linearly dependent or stay alike, "
        f"and skip connections help. Products of up to {DEPTH} linear layers of {WIDTH} units, {SEEDS} seeds. Kept is "
        "the participation ratio (sum s^2)^2 / (n sum s^4) of the singular values s: 1 if all are alike, 1/n if one "
        "is left. Free probability gives 1/(depth + 1) for endless Gaussian layers; these keep a little less. With "
        f"skip connections a layer is I + W / sqrt({DEPTH}). So the rule keeps the variance of a signal, not its "
        "variety."
    )
    panel = Lines("share of directions kept", kept, theory=theory, limits=(0.04, 1.3))
    return Topic("degeneracy", "Degrees of freedom", text, claims, [Picture([panel], 1)])


LAYERS: dict[str, Callable[[int, int], Array]] = {
    LECUN: lambda seed, k: _matrix(lecun_normal(), seed, k),
    ORTHOGONAL: lambda seed, k: _matrix(Orthogonal(), seed, k),
    SKIP: lambda seed, k: np.eye(WIDTH) + _matrix(lecun_normal(), seed, k) / sqrt(DEPTH),
}


def _matrix(scheme: Scheme, seed: int, k: int) -> Array:
    return scheme.fill_(np.empty((WIDTH, WIDTH)), seed=seed, name=f"layer.{k}")


def _kept(layer: Callable[[int, int], Array], seed: int) -> Array:
    """Return the participation ratio of the product of the first 1, 2, ... layers, the geometric mean over seeds."""
    ratios = np.empty((SEEDS, DEPTH))
    for s in range(SEEDS):
        product = np.eye(WIDTH)
        for k in range(DEPTH):
            product = layer(seed + s, k) @ product
            gram = product @ product.T  # its trace is the sum of s^2, that of its square the sum of s^4
            ratios[s, k] = np.trace(gram) ** 2 / np.square(gram).sum() / WIDTH
    return geometric_mean(ratios)


def _gaussian() -> Array:
    """Return E[tr S]^2 / (n E[tr S^2]) of S = P P^T, P the product of 1, 2, ... Gaussian layers of n = WIDTH units.

    Both follow from Wick's theorem: another layer G makes of the mean of (tr S)^2 / n^2 and of tr S^2 / n two other
    combinations of the two. For endless n the ratio is 1 / (depth + 1).
    """
    squared, square, ratios = 1.0, 1.0, []
    for _ in range(DEPTH):
        squared, square = squared + 2 * square / WIDTH**2, squared + square * (1 + 1 / WIDTH)
        ratios.append(squared / square)
    return np.array(ratios)


def _share(sentence: str, label: str, kept: dict[str, Array], theory: dict[str, Array], room: float) -> Claim:
    expected = float(theory[label][-1])
    why = f"6 times what {SEEDS} seeds stray by; one strays by about depth/n = {DEPTH / WIDTH:.0%}"
    if label == ORTHOGONAL:
        why = "rounding is 1e-15 or so"
    return Claim(
        sentence,
        f"share of directions kept by {DEPTH} layers",
        float(kept[label][-1]),
        low=expected / room,
        high=expected * room,
        expected=expected,
        why=why,
    )


def _equal_starts(seed: int) -> list[Claim]:
    """Return the claims on the gradient of the first layer's weights: equal units get equal gradients."""
    sizes, ranks = [WIDTH, WIDTH, WIDTH], {}
    for label, scheme in (("equal", Constant(1 / WIDTH)), ("random", lecun_normal())):
        run = propagate(sizes, "tanh", scheme, seed=seed)
        ranks[label] = float(np.linalg.matrix_rank(run.gradients[0].T @ run.inputs))
    return [
        Claim(
            "Units that start alike stay alike: all get the same gradient",
            f"rank of the gradient of {WIDTH} units' weights, all weights equal at the start",
            ranks["equal"],
            high=1.5,
            expected=1.0,
            why="equal rows have rank 1, two kinds of rows would have 2",
        ),
        Claim(
            "Random weights part them",
            f"rank of the gradient of {WIDTH} units' weights, a batch of 128",
            ranks["random"],
            low=0.9 * WIDTH,
            expected=float(WIDTH),
            why="the batch allows 128",
        ),
    ]


TAPER = [1024, 256, 64, 256, 1024, 64]
WIDENED = (4, 16, 64, 256, 1024)


def unequal_widths(seed: int) -> Topic:
    """Measure Xavier beside LeCun where layers differ in width, and the rule from 4 to 4096 inputs."""
    schemes: dict[str, Scheme] = {LECUN: lecun_normal(), XAVIER: xavier_normal()}
    forward = {
        label: geometric_mean(
            np.array([propagate(TAPER, "linear", scheme, seed=seed + s).forward for s in range(SEEDS)])
        )
        for label, scheme in schemes.items()
    }
    factors = [2 * a / (a + b) for a, b in pairwise(TAPER)]
    theory = {LECUN: np.ones(len(factors)), XAVIER: np.array(list(accumulate(factors, mul)))}
    deep = [propagate([n] * 4, "linear", lecun_normal(), seed=seed, batch=64).forward for n in WIDENED]
    last = np.array([forward[-1] for forward in deep])
    claims = [
        Claim(
            "LeCun's sigma, of the inputs alone, keeps the forward variance at any widths",
            "Var z of the last layer",
            float(forward[LECUN][-1]),
            low=0.5,
            high=2.0,
            expected=1.0,
            why=f"a layer of 64 units strays by sqrt(2/64) = 18%, {len(factors)} layers and {SEEDS} seeds by 10%",
        ),
        Claim(
            "Xavier's, of both, does not, by the product of 2 n_in / (n_in + n_out)",
            "largest Var z / least",
            float(forward[XAVIER].max() / forward[XAVIER].min()),
            low=1.5,
            expected=float(theory[XAVIER].max() / theory[XAVIER].min()),
            why="LeCun's are within 1.5 of one another",
        ),
        Claim(
            "Larger n, smaller weights, no explosion: three layers of 4 to 1024 units",
            "Var z of the last layer, 1024 units",
            float(last[-1]),
            low=0.5,
            high=2.0,
            expected=1.0,
            why="three layers of 1024 units stray by 8%; without the rule it is 1024^3 = 1e9",
        ),
    ]
    text = (
        f"Linear layers of {', '.join(map(str, TAPER[1:]))} units on {TAPER[0]} inputs, {SEEDS} seeds. On layers as "
        "wide as their inputs both are the same numbers; here they are not. Xavier gives up a part of the forward "
        "variance for a part of the backward one. Right, one network of three layers for each n: narrow ones stray."
    )
    panels = [
        Lines("forward variance, layers of unequal width", forward, theory=theory),
        Lines(
            "Var z after three layers, by n",
            {LECUN: last},
            theory={LECUN: np.ones_like(last)},
            x=np.array(WIDENED, np.float64),
            xlabel="n",
            log_x=True,
        ),
    ]
    return Topic("widths", "Unequal widths, and ever larger n", text, claims, [Picture(panels, 2)])
