"""calculate_gain: PyTorch's table, and the derived gains integrated again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import erf, exp, expm1, log1p, pi, sqrt, tanh
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy.integrate import quad

import fast_init as fi
from fast_init import calculate_gain
from fast_init.schemes.gains import SQUARED_GAINS
from fast_init.schemes.names import Nonlinearity


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


ACTIVATIONS: dict[Nonlinearity, Callable[[float], float]] = {
    "relu": lambda z: max(z, 0.0),
    "gelu": lambda z: z * (1 + erf(z / sqrt(2))) / 2,
    "silu": lambda z: z * sigmoid(z),
    "swish": lambda z: z * sigmoid(z),
    "mish": lambda z: z * tanh(log1p(exp(z))),
    "elu": lambda z: z if z > 0 else expm1(z),
    "softplus": lambda z: log1p(exp(z)),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derived_gains_keep_the_second_moment(name: Nonlinearity) -> None:

    def integrand(z: float) -> float:
        return ACTIVATIONS[name](z) ** 2 * exp(-z * z / 2) / sqrt(2 * pi)

    moment = quad(integrand, -12, 0)[0] + quad(integrand, 0, 12)[0]
    assert calculate_gain(name) == pytest.approx(1 / sqrt(moment), rel=1e-9)


EXACT: dict[str, Callable[[mp.mpf], mp.mpf]] = {
    "gelu": lambda z: z * mp.ncdf(z),
    "silu": lambda z: z / (1 + mp.exp(-z)),
    "mish": lambda z: z * mp.tanh(mp.log1p(mp.exp(z))),
    "elu": lambda z: z if z > 0 else mp.expm1(z),
    "softplus": lambda z: mp.log1p(mp.exp(z)),
}


@pytest.mark.parametrize("name", EXACT)
def test_derived_gains_to_the_last_digit(name: str) -> None:
    """A digit of a gain is one of every weight."""
    with mp.workdps(30):
        pieces = [-14, -8, -4, -2, -1, 0, 1, 2, 4, 8, 14]
        moment = mp.quad(lambda z: EXACT[name](z) ** 2 * mp.npdf(z), pieces)
    assert SQUARED_GAINS[name] == 1 / float(moment)


def test_gelus_moment_in_closed_form() -> None:
    assert 1 / SQUARED_GAINS["gelu"] == pytest.approx(1 / 3 + 1 / (2 * sqrt(3) * pi), rel=4e-16)


def test_conventional_gains() -> None:
    assert calculate_gain("tanh") == 5 / 3
    assert calculate_gain("selu") == 3 / 4
    assert calculate_gain("relu") == sqrt(2)
    for name in ("linear", "identity", "sigmoid", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose3d"):
        assert calculate_gain(name) == 1


@pytest.mark.parametrize(
    ("slope", "gain"), [(None, sqrt(2 / 1.0001)), (0, sqrt(2)), (1, 1.0), (-1, 1.0), (0.2, sqrt(2 / 1.04))]
)
def test_leaky_relu(slope: float | None, gain: float) -> None:
    assert calculate_gain("leaky_relu", slope) == pytest.approx(gain, rel=1e-15)


def test_a_parameter_that_a_nonlinearity_does_not_take_is_ignored() -> None:
    assert calculate_gain("tanh", 7.0) == 5 / 3


@pytest.mark.parametrize("number", [Decimal("0.25"), Fraction(1, 4), np.float32(0.25)])
def test_any_number_is_a_slope_a_gain_and_a_std(number: Any) -> None:
    assert calculate_gain("leaky_relu", number) == calculate_gain("leaky_relu", 0.25)
    assert fi.he_normal(number) == fi.he_normal(0.25)
    assert fi.xavier_normal(number) == fi.xavier_normal(0.25)
    assert fi.orthogonal(number) == fi.orthogonal(0.25)
    assert fi.normal(0.0, number) == fi.normal(0.0, 0.25)
