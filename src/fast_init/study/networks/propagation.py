"""A signal and a gradient through a network whose weights this package has filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal
from ...schemes.scheme import Scheme
from .activations import ACTIVATIONS, ActivationName, Array

__all__ = ["BATCH", "Signals", "propagate"]

BATCH = 128


@dataclass(frozen=True, eq=False)
class Signals:
    """What `propagate` found. Item k of each tuple is layer k + 1, an array of shape (batch, sizes[k + 1]).

    `preactivations` are z_k, `activations` are f(z_k), `gradients` are those with respect to z_k.
    """

    sizes: tuple[int, ...]
    activation: ActivationName
    scheme: Scheme
    inputs: Array
    preactivations: tuple[Array, ...]
    activations: tuple[Array, ...]
    gradients: tuple[Array, ...]

    @property
    def forward(self) -> Array:
        """Return the variance of the pre-activations of each layer, over its units and the batch."""
        return _variances(self.preactivations)

    @property
    def backward(self) -> Array:
        """Return the variance of the gradients of each layer, over its units and the batch."""
        return _variances(self.gradients)


def propagate(
    sizes: Sequence[int], activation: ActivationName, scheme: Scheme, *, seed: int = 0, batch: int = BATCH
) -> Signals:
    """Send a batch of standard normal inputs forward through a network, and standard normal gradients back.

    The network is fully connected and without biases: z_k = W_k x_(k-1) and x_k = f(z_k), in float64. W_k has the
    shape (sizes[k], sizes[k-1]) and is filled from the seed and the name ``layer.k``; inputs and gradients are
    drawn by `normal_` under the names ``inputs`` and ``gradients``. The gradient starts at z of the last layer.

    Parameters
    ----------
    sizes
        Inputs, then the units of each layer: at least two numbers, each at least 1.
    activation
        A key of `ACTIVATIONS`.
    scheme
        What fills the weights, such as ``he_normal()``.
    seed
        From 0 to 2**64 - 1.
    batch
        Number of inputs, at least 1.

    Returns
    -------
    Signals
        Infinite or NaN where float64 overflows.

    Raises
    ------
    ValueError, TypeError
        An argument has a value it must not have.

    Examples
    --------
    >>> signals = propagate([784, 512, 512, 512], "relu", he_normal())
    >>> [z.shape for z in signals.preactivations]
    [(128, 512), (128, 512), (128, 512)]
    >>> bool(abs(signals.forward / 2 - 1).max() < 0.2)  # 2 is sizes[0] * (2 / sizes[0]); He's sigma keeps it
    True
    """
    sizes = _sizes(sizes)
    batch = positive_int("batch", batch)
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation is {activation!r}; it must be one of {', '.join(ACTIVATIONS)}: pass one of these")
    if not isinstance(scheme, Scheme):
        raise TypeError(f"scheme is {scheme!r}; it must be a record such as he_normal(): call the function")
    f = ACTIVATIONS[activation]
    inputs = Normal().fill_(np.empty((batch, sizes[0])), seed=seed, name="inputs")
    shapes = zip(sizes[1:], sizes[:-1], strict=True)
    weights = [
        scheme.fill_(np.empty(shape), seed=seed, name=f"layer.{k}", on_empty="ignore")
        for k, shape in enumerate(shapes, start=1)
    ]
    preactivations: list[Array] = []
    activations = [inputs]
    with np.errstate(over="ignore", invalid="ignore"):
        for w in weights:
            preactivations.append(activations[-1] @ w.T)
            activations.append(f.function(preactivations[-1]))
        gradients = [Normal().fill_(np.empty_like(preactivations[-1]), seed=seed, name="gradients")]
        for w, z in zip(weights[:0:-1], preactivations[-2::-1], strict=True):
            gradients.append((gradients[-1] @ w) * f.derivative(z))
    return Signals(
        sizes, activation, scheme, inputs, tuple(preactivations), tuple(activations[1:]), tuple(gradients[::-1])
    )


def _sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    checked = tuple(positive_int("a layer's size", size) for size in sizes)
    if len(checked) < 2:
        raise ValueError(f"sizes is {list(checked)}; a network needs inputs and a layer: pass at least two sizes")
    return checked


def _variances(layers: tuple[Array, ...]) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.array([layer.var() for layer in layers])
