"""The activations of the study: each a function and its derivative, both of the pre-activation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any, Literal, TypeAlias

import numpy as np

__all__ = ["ACTIVATIONS", "Activation", "ActivationName", "Array"]

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
ActivationName: TypeAlias = Literal["linear", "relu", "leaky_relu", "tanh", "sigmoid", "gelu", "silu", "selu"]

SLOPE = 0.01  # of leaky_relu
ALPHA, LAMBDA = 1.6732632423543772, 1.0507009873554805  # of selu: Klambauer et al. (2017)
GELU_SCALE, GELU_CUBE = sqrt(2 / pi), 0.044715


@dataclass(frozen=True)
class Activation:
    """An activation: `function` and `derivative` map an array of any shape to a new one, element by element.

    Examples
    --------
    >>> ACTIVATIONS["relu"].function(np.array([-1.0, 2.0]))
    array([0., 2.])
    >>> ACTIVATIONS["tanh"].derivative(np.array([0.0]))
    array([1.])
    """

    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


def _logistic(z: Array) -> Array:
    return 0.5 * (1 + np.tanh(z / 2))


def _logistic_slope(z: Array) -> Array:
    """Keep the digits of a slope far below that of float64's 1 - 1e-16."""
    e: Array = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def _gelu_tanh(z: Array) -> Array:
    return np.tanh(GELU_SCALE * (z + GELU_CUBE * z**3))


def _gelu_slope(z: Array) -> Array:
    t = _gelu_tanh(z)
    return 0.5 * (1 + t) + 0.5 * z * (1 - t**2) * GELU_SCALE * (1 + 3 * GELU_CUBE * z**2)


def _selu(z: Array) -> Array:
    return LAMBDA * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0)))


def _selu_slope(z: Array) -> Array:
    return LAMBDA * np.where(z > 0, 1, ALPHA * np.exp(np.minimum(z, 0)))


ACTIVATIONS: dict[ActivationName, Activation] = {
    "linear": Activation(np.copy, np.ones_like),
    "relu": Activation(lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": Activation(lambda z: np.where(z > 0, z, SLOPE * z), lambda z: np.where(z > 0, 1.0, SLOPE)),
    "tanh": Activation(np.tanh, lambda z: 4 * _logistic_slope(2 * z)),
    "sigmoid": Activation(_logistic, _logistic_slope),
    "gelu": Activation(lambda z: 0.5 * z * (1 + _gelu_tanh(z)), _gelu_slope),  # the tanh form, GPT-2's
    "silu": Activation(lambda z: z * _logistic(z), lambda z: _logistic(z) + z * _logistic_slope(z)),
    "selu": Activation(_selu, _selu_slope),
}
