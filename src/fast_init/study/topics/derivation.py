"""The topic of where 1/sqrt(n) and the 2 come from: Var z = n Var w, ReLU's half, and where sigmoid is steep."""

from __future__ import annotations

from math import erf, log, sqrt

import numpy as np

from ...schemes.distributions import Normal
from ..findings import Claim, Lines, Matrix, Picture, Topic
from ..networks.activations import ACTIVATIONS, Array
from ..networks.lineup import LECUN, SMALL, UNIT
from ..networks.propagation import Signals, propagate
from .measures import within

__all__ = ["derivation"]

SIZES = (4, 16, 64, 256, 1024, 4096)
N = 256  # inputs of the layer whose z is shown
BATCH = 128
NEAR_END = 0.01  # an output below it, or above 1 less it, is saturated
END = log(1 / NEAR_END - 1)  # |z| beyond which it is
SIGMAS = {SMALL: (0.01, 0.0), LECUN: (1.0, -0.5), UNIT: (1.0, 0.0)}  # c and p of sigma = c n^p
Z = np.linspace(-8, 8, 321)


def derivation(seed: int) -> Topic:
    """Measure the steps of the derivation, and what sigma and n make of sigmoid."""
    runs = {(label, n): _layer(n, _sigma(label, n), seed) for label in SIGMAS for n in SIZES}
    rule = {n: runs[LECUN, n].forward[0] for n in SIZES}
    relu = {n: float(np.square(np.maximum(runs[LECUN, n].preactivations[0], 0)).mean()) for n in SIZES}
    claims = [*_variance_claims(rule, relu, runs), *_sigmoid_claims(runs, seed)]
    text = (
        "z = w1 x1 + ... + wn xn. The terms are independent, of mean 0, and each has the variance Var w E[x^2], so "
        "that Var z = n Var w E[x^2]: linear layers keep a variance if Var w = 1/n. ReLU keeps the half of z that "
        "is above 0, so that E[x^2] is half of Var z, and Var w = 2/n makes up for it. Backward the same sum runs over "
        "the outputs: n is fan_out there, and Glorot's mean of both is the middle way. What the sigma does to sigmoid: "
        "its slope s (1 - s) is above 0.1 only for z within [-2, 2], where a standard normal is 95.45% of the time; "
        "sigma = 0.01 leaves z where the slope is best, but so close to 0 that all units say 0.5."
    )
    shares = Matrix(
        f"outputs below {NEAR_END} or above {1 - NEAR_END}, by n",
        list(SIGMAS),
        [str(n) for n in SIZES],
        np.array([[_saturated(runs[label, n]) for n in SIZES] for label in SIGMAS]),
        shares=True,
    )
    pictures = [Picture([_growth(runs), _densities(), shares], 3)]
    return Topic("derivation", "Why 1/sqrt(n), and why the 2", text, claims, pictures)


def _sigma(label: str, n: int) -> float:
    c, p = SIGMAS[label]
    return float(c * n**p)


def _layer(n: int, sigma: float, seed: int) -> Signals:
    """Return standard normal inputs through one layer of 256 units."""
    return propagate([n, N], "sigmoid", Normal(std=sigma), seed=seed, batch=BATCH)


def _saturated(run: Signals) -> float:
    return float((np.abs(run.preactivations[0]) > END).mean())


def _spread(n: int) -> float:
    """Return the standard deviation of the variance of z, as a share of it."""
    return sqrt(2 * (1 / (BATCH * N) + 1 / (n * N) + 1 / (n * BATCH)))


def _variance_claims(
    rule: dict[int, float], relu: dict[int, float], runs: dict[tuple[str, int], Signals]
) -> list[Claim]:
    farthest = max(SIZES, key=lambda n: abs(rule[n] - 1) / _spread(n))
    largest = SIZES[-1]
    half = relu[largest] / rule[largest]
    unit = float(runs[UNIT, largest].forward[0])
    return [
        within(
            f"Var z = n Var w: with 1/sqrt(n) it is 1 for every n from {SIZES[0]} to {largest}",
            f"Var z, the most unlikely of all n ({farthest})",
            rule[farthest],
            1.0,
            _spread(farthest),
        ),
        within(
            f"Without the rule z grows with n: sigma = 1 and {largest} inputs",
            "Var z",
            unit,
            float(largest),
            largest * _spread(largest),
        ),
        within(
            "ReLU halves the mean square, so that 2/n keeps what 1/n keeps of a linear layer",
            f"E[relu(z)^2] / Var z, {largest} inputs",
            half,
            0.5,
            sqrt(3 / 4 / N / BATCH),
        ),
    ]


def _sigmoid_claims(runs: dict[tuple[str, int], Signals], seed: int) -> list[Claim]:
    slope = ACTIVATIONS["sigmoid"].derivative
    slopes = {label: float(slope(runs[label, N].preactivations[0]).mean()) for label in SIGMAS}
    inside = float((np.abs(Normal().fill_(np.empty(100_000), seed=seed, name="inputs")) <= 2).mean())
    share = erf(sqrt(2))
    outputs = float(runs[SMALL, N].activations[0].std())
    return [
        within(
            "A standard normal is within [-2, 2] 95.45% of the time",
            "share of 100,000 draws",
            inside,
            share,
            sqrt(share * (1 - share) / 100_000),
        ),
        _slope(f"Under sigma = 1 the slope s (1 - s) is small: {N} inputs", slopes[UNIT], 1.0 * sqrt(N), high=0.05),
        _slope("Under 1/sqrt(n) it is near the most it can be, 0.25", slopes[LECUN], 1.0, low=0.2),
        _slope("Under sigma = 0.01 it is the most it can be", slopes[SMALL], 0.01 * sqrt(N), low=0.245),
        Claim(
            "but sigmoid then says next to the same of every input",
            "standard deviation of the outputs",
            outputs,
            high=0.05,
            expected=0.25 * 0.01 * sqrt(N),
            why="under 1/sqrt(n) it is 0.21",
        ),
        Claim(
            "Large n and sigma = 1 push nearly all outputs to 0 and 1",
            f"share below {NEAR_END} or above {1 - NEAR_END}, {SIZES[-1]} inputs",
            _saturated(runs[UNIT, SIZES[-1]]),
            low=0.9,
            expected=1 - erf(END / sqrt(2 * SIZES[-1])),
            why="nearly all is nine tenths",
        ),
        Claim(
            "Under 1/sqrt(n) none to speak of, whatever n",
            f"largest share below {NEAR_END} or above {1 - NEAR_END}",
            max(_saturated(runs[LECUN, n]) for n in SIZES),
            high=0.005,
            expected=1 - erf(END / sqrt(2)),
            why="a standard normal is beyond 4.6 in 4 of a million; 4 inputs make the tails heavier",
        ),
    ]


def _slope(sentence: str, measured: float, std: float, **bounds: float) -> Claim:
    """Return a claim on the mean slope, beside that of z of this standard deviation."""
    expected = float(_density(std) @ ACTIVATIONS["sigmoid"].derivative(Z))
    return Claim(sentence, "mean slope", measured, expected=expected, why="the most is 0.25", **bounds)


def _density(std: float) -> Array:
    """Return the share of z near each point of Z."""
    edges = np.linspace(Z[0] - 0.025, Z[-1] + 0.025, len(Z) + 1)
    below = np.array([erf(edge / std / sqrt(2)) / 2 for edge in edges])
    return np.diff(below)


def _growth(runs: dict[tuple[str, int], Signals]) -> Lines:
    n = np.array(SIZES, np.float64)
    found = {label: np.array([runs[label, size].forward[0] for size in SIZES]) for label in SIGMAS}
    theory = {label: n * np.array([_sigma(label, size) ** 2 for size in SIZES]) for label in SIGMAS}
    return Lines(
        "Var z by n",
        found,
        theory=theory,
        x=n,
        xlabel="n, inputs of the layer",
        log_x=True,
    )


def _densities() -> Lines:
    """Return the densities of z, each with its peak at 1, and four times the slope."""
    lines = {label: np.exp(-((Z / _sigma(label, N)) ** 2) / 2 / N) for label in SIGMAS}
    return Lines(
        f"density of z for n = {N}, and the slope s (1 - s)",
        {**lines, "slope of sigmoid": 4 * ACTIVATIONS["sigmoid"].derivative(Z)},
        x=Z,
        xlabel="z (each curve has its peak at 1)",
        log=False,
    )
