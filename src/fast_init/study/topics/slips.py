"""The topic of slips: sentences of textbooks that are wrong by a square root, a layer or a sample of twelve."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt

import numpy as np

from ...schemes.distributions import Normal
from ...schemes.scheme import Scheme
from ...schemes.variance_scaling import VarianceScaling, he_normal, lecun_normal
from ...verification.verify import verify
from ..findings import Bars, Claim, Lines, Picture, Topic
from ..networks.activations import Array
from ..networks.lineup import HE, LECUN
from ..networks.propagation import propagate
from .measures import histogram, within

__all__ = ["slips"]

RASHID = [784, 100, 10]  # inputs, hidden units, outputs
BATCH = 128
SIZES = (4, 16, 64, 256, 1024)
POWERS = {LECUN: -0.5, "variance = 1/sqrt(n)": -0.25, "sigma = 1/n": -1.0}  # of n, for sigma
UNITS = 100
SMALL_MATRIX, LARGE_MATRIX = (3, 4), (64, 128)
DRAWS = 4000
NEAR = 0.45, 0.55  # what "variance = 0.5, ok" may mean
PRINTED = 0.306  # the variance of the printed 3 x 4 matrix


def slips(seed: int) -> Topic:
    """Measure the variance of z under each reading of the rule, and what the variance of 12 numbers says."""
    next_layer = VarianceScaling(1.0, "fan_out", "normal")
    found = {
        label: np.array([_variance([n, UNITS], Normal(std=float(n) ** power), seed) for n in SIZES])
        for label, power in POWERS.items()
    }
    twelve, many = _variances(SMALL_MATRIX, DRAWS, seed), _variances(LARGE_MATRIX, 200, seed)
    claims = [
        _z("n is the number of inputs of a layer", RASHID, lecun_normal(), seed, 1.0),
        _z("With n of the next layer z is nearly 3 times as wide as it should be", RASHID, next_layer, seed, 7.84),
        _z("A variance of 1/sqrt(n) lets z grow: with 100 inputs", [100, UNITS], Normal(std=100**-0.25), seed, 10.0),
        _z("A variance of 1/sqrt(n) lets z grow: with 784 inputs", [784, UNITS], Normal(std=784**-0.25), seed, 28.0),
        _z("A sigma of 1/n lets z shrink: with 100 inputs", [100, UNITS], Normal(std=0.01), seed, 0.01),
        *_twelve(twelve, seed),
        *_printed(seed),
    ]
    text = (
        "The rule is: standard deviation 1/sqrt(n), n the inputs of the layer that the weights belong to. Read as the "
        "next layer's size, as a variance, or as inversely proportional to n it does something else. Below, the "
        f"variance of {DRAWS} matrices of 3 x 4 under He's scheme beside that of matrices of 64 x 128, both in the "
        f"scale where 0.5 is right: a printed matrix whose variance is {PRINTED} is as good as any, and twelve numbers "
        "cannot tell He's sigma from Xavier's."
    )
    pictures = [Picture([_by_n(found), _bars("3 x 4", twelve), _bars("64 x 128", many)], 3)]
    return Topic("slips", "Slips of the pen", text, claims, pictures)


def _variance(sizes: list[int], scheme: Scheme, seed: int) -> float:
    return float(propagate(sizes, "sigmoid", scheme, seed=seed, batch=BATCH).forward[0])


def _z(sentence: str, sizes: list[int], scheme: Scheme, seed: int, expected: float) -> Claim:
    """Return the claim that the first layer's Var z is as expected."""
    quantity = f"Var z of {sizes[1]} units, {sizes[0]} inputs"
    spread = sqrt(2 * (1 / (BATCH * sizes[1]) + 1 / (sizes[0] * sizes[1]) + 1 / (sizes[0] * BATCH)))
    return within(sentence, quantity, _variance(sizes, scheme, seed), expected, spread * expected)


def _variances(shape: tuple[int, int], draws: int, seed: int) -> Array:
    """Return the variance of the elements of each of so many matrices under He's scheme, in units where 0.5 is due."""
    unit: Array = np.empty((draws, *shape))
    variances: Array = Normal(std=sqrt(0.5)).fill_(unit, seed=seed, name="slips").var(axis=(1, 2))
    return variances


def _twelve(twelve: Array, seed: int) -> list[Claim]:
    near = _share_within(11, 12 * NEAR[0] / 0.5, 12 * NEAR[1] / 0.5)
    below = _share_within(11, 0.0, 12 * PRINTED / 0.5)
    quantity = f"share of {DRAWS} draws of 3 x 4"
    return [
        within(
            "The variance of 12 such numbers is rarely close to 0.5",
            f"{quantity} whose variance is from {NEAR[0]} to {NEAR[1]}",
            float(((twelve >= NEAR[0]) & (twelve <= NEAR[1])).mean()),
            near,
            sqrt(near * (1 - near) / DRAWS),
        ),
        within(
            f"A variance of {PRINTED} is nothing unusual",
            f"{quantity} whose variance is at most {PRINTED}",
            float((twelve <= PRINTED).mean()),
            below,
            sqrt(below * (1 - below) / DRAWS),
        ),
        Claim(
            "verify of 12 numbers cannot tell half the variance from the right one",
            "share of 200 draws of 3 x 4 with sigma = sqrt(1/n) that pass as He's",
            _passed(SMALL_MATRIX, seed),
            low=0.9,
            why="a check with a false alarm in a million lets through what is this likely",
        ),
        Claim(
            "verify of 8192 numbers can",
            "share of 200 draws of 64 x 128 with sigma = sqrt(1/n) that pass as He's",
            _passed(LARGE_MATRIX, seed),
            high=0.05,
            expected=0.0,
            why="the variance of 8192 numbers strays by 1.6%, and half of it is 32 times as far away",
        ),
    ]


def _printed(seed: int) -> list[Claim]:
    """Return the claims on the sigma of 64 x 128 and on He's beside Xavier's, each drawn from its own seed."""
    he = he_normal().fill_(np.empty(LARGE_MATRIX), seed=seed, name="slips.he")
    xavier = lecun_normal().fill_(np.empty(LARGE_MATRIX), seed=seed, name="slips.xavier")
    spread = sqrt(1 / (2 * he.size))  # of a standard deviation, as a share of it
    sigma = sqrt(2 / LARGE_MATRIX[1])
    return [
        within("128 inputs have sigma 0.125", "std of 64 x 128", float(he.std()), sigma, spread * sigma),
        within(
            "He's sigma is sqrt(2) times sqrt(1/n)",
            "ratio of the standard deviations of two matrices of 64 x 128, of different draws",
            float(he.std() / xavier.std()),
            sqrt(2),
            2 * spread,
        ),
    ]


def _passed(shape: tuple[int, int], seed: int) -> float:
    draws = (lecun_normal().fill_(np.empty(shape), seed=seed, name=f"slips.{k}") for k in range(200))
    return float(np.mean([bool(verify(draw, he_normal())) for draw in draws]))


def _share_within(degrees: int, low: float, high: float) -> float:
    """Return P(low < x < high) for chi-squared x, by the midpoints of 10,000 steps."""
    x = low + (np.arange(10_000) + 0.5) / 10_000 * (high - low)
    scale = exp(-lgamma(degrees / 2) - degrees / 2 * log(2))
    return float((x ** (degrees / 2 - 1) * np.exp(-x / 2)).mean() * (high - low) * scale)


def _by_n(found: dict[str, Array]) -> Lines:
    n = np.array(SIZES, np.float64)
    theory = dict(zip(found, (np.ones_like(n), np.sqrt(n), 1 / n), strict=True))
    return Lines("Var z by the number of inputs", found, theory=theory, x=n, xlabel="n", log_x=True)


def _bars(title: str, variances: Array) -> Bars:
    return histogram(f"variance of {title}; 0.5 is right", variances, (0.0, 1.25), HE, bins=50)
