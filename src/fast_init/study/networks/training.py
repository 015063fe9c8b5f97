"""Training with momentum: many seeds and learning rates of one network at once, as products of stacked matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np

from ...schemes.scheme import Scheme
from .activations import ACTIVATIONS, ActivationName, Array
from .data import Examples, Labels
from .patches import patches_of, sum_of_patches

__all__ = ["Training", "convolutional", "dense", "train"]

MOMENTUM = 0.9

Shapes = Sequence[tuple[int, ...]]  # of a network's weights: (outputs, inputs), or (outputs, inputs, 3, 3)


@dataclass(frozen=True, eq=False)
class Training:
    """What `train` saw: `losses` and `accuracies` of (rates, seeds, steps + 1), the first before any step.

    `losses` are mean cross entropies in units of chance's, ln(classes); infinite where they overflowed.
    """

    rates: tuple[float, ...]
    losses: Array
    accuracies: Array

    @property
    def best(self) -> int:
        """Return the position of the rate with the least final loss, in the mean over seeds."""
        return int(np.argmin(self.losses[..., -1].mean(axis=1)))


def dense(inputs: int, width: int, depth: int, classes: int) -> Shapes:
    """Return the shapes of the weights of a fully connected network of `depth` layers."""
    sizes = [inputs, *[width] * (depth - 1), classes]
    return [(b, a) for a, b in pairwise(sizes)]


def convolutional(side: int, channels: int, depth: int, classes: int) -> Shapes:
    """Return the shapes of depth - 1 convolutions of 3 x 3, and of the dense layer that reads all their pixels."""
    kernels = [(channels, a, 3, 3) for a in (1, *[channels] * (depth - 2))]
    return [*kernels, (classes, side * side * channels)]


def train(
    shapes: Shapes,
    activation: ActivationName,
    scheme: Scheme,
    examples: Examples,
    *,
    rates: Sequence[float],
    seeds: Sequence[int],
    steps: int,
) -> Training:
    """Train on all examples at once by gradient descent with momentum 0.9 on the cross entropy.

    Weights are filled as by `propagate`, from a seed and the name ``layer.k``; biases begin at 0.

    Parameters
    ----------
    shapes
        Those of `dense` or `convolutional`.
    activation
        A key of `ACTIVATIONS`, after every layer but the last.
    scheme
        What fills the weights.
    examples
        What is learnt.
    rates, seeds, steps
        Learning rates and seeds, each with each, and the number of steps.

    Returns
    -------
    Training
        The loss and the accuracy on the same examples, before each step and after the last.
    """
    runs = len(rates) * len(seeds)
    network = _Network(shapes, activation, scheme, seeds, np.repeat(rates, len(seeds)))
    inputs = np.broadcast_to(examples.inputs, (runs, *examples.inputs.shape))
    targets = np.eye(examples.classes)[examples.labels]
    losses, accuracies = [], []
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps + 1):
            logits = network.forward(inputs)
            shares, loss = _cross_entropy(logits, examples.labels)
            losses.append(loss / log(examples.classes))
            accuracies.append((logits.argmax(axis=-1) == examples.labels).mean(axis=-1))
            if step < steps:
                network.step((shares - targets) / len(targets))
    shape = len(rates), len(seeds), steps + 1
    return Training(tuple(rates), np.stack(losses, -1).reshape(shape), np.stack(accuracies, -1).reshape(shape))


def _cross_entropy(logits: Array, labels: Labels) -> tuple[Array, Array]:
    """Return the softmax and the mean loss of each run."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    sums = powers.sum(axis=-1, keepdims=True)
    loss = (np.log(sums[..., 0]) - shifted[:, np.arange(len(labels)), labels]).mean(axis=-1)
    return powers / sums, np.where(np.isnan(loss), np.inf, loss)


class _Network:
    """Stacks of matrices (runs, inputs, outputs), their biases and velocities."""

    def __init__(
        self, shapes: Shapes, activation: ActivationName, scheme: Scheme, seeds: Sequence[int], rates: Array
    ) -> None:
        self.shapes, self.f, self.rates = shapes, ACTIVATIONS[activation], rates[:, None, None]
        times = len(rates) // len(seeds), 1, 1
        self.weights = [
            np.tile([_matrix(scheme, shape, seed, f"layer.{k}") for seed in seeds], times)
            for k, shape in enumerate(shapes, start=1)
        ]
        self.biases = [np.zeros((len(rates), 1, shape[0])) for shape in shapes]
        self.speeds = [np.zeros_like(values) for pair in zip(self.weights, self.biases, strict=True) for values in pair]

    def forward(self, inputs: Array) -> Array:
        """Return the last layer's outputs, and keep what `step` needs."""
        self.read: list[Array] = []  # rows that met the matrices
        self.z: list[Array] = []
        x = inputs
        for k, (shape, w, b) in enumerate(zip(self.shapes, self.weights, self.biases, strict=True)):
            x = self.f.function(x) if k else x
            rows = patches_of(x) if len(shape) == 4 else x.reshape(len(w), len(x[0]), -1)
            self.read.append(rows.reshape(len(w), -1, w.shape[1]))
            self.z.append((self.read[-1] @ w + b).reshape(*rows.shape[:-1], shape[0]))
            x = self.z[-1]
        return x

    def step(self, gradient: Array) -> None:
        """Move weights and biases; the gradient is that of the last outputs."""
        slopes: list[Array] = []
        for k in range(len(self.shapes) - 1, -1, -1):
            g = gradient.reshape(len(gradient), -1, gradient.shape[-1])
            slopes[:0] = [self.read[k].swapaxes(1, 2) @ g, g.sum(axis=1, keepdims=True)]
            if k:
                back = g @ self.weights[k].swapaxes(1, 2)
                z = self.z[k - 1]
                back = sum_of_patches(back, z.shape) if len(self.shapes[k]) == 4 else back.reshape(z.shape)
                gradient = back * self.f.derivative(z)
        moved = [values for pair in zip(self.weights, self.biases, strict=True) for values in pair]
        for values, speed, slope in zip(moved, self.speeds, slopes, strict=True):
            speed *= MOMENTUM
            speed -= self.rates * slope
            values += speed


def _matrix(scheme: Scheme, shape: tuple[int, ...], seed: int, name: str) -> Array:
    """Return the weights as (inputs, outputs), the inputs of a kernel in the order of `patches_of`."""
    weights = scheme.fill_(np.empty(shape), seed=seed, name=name)
    return np.moveaxis(weights, 1, -1).reshape(shape[0], -1).T
