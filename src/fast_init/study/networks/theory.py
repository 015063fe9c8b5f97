"""What theory expects of `propagate`: the variances of a network of infinitely wide layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...schemes.scheme import Scheme
from .activations import ACTIVATIONS, Activation, ActivationName, Array

__all__ = ["predict"]

Z = np.linspace(-9, 9, 4000)  # an even number, which leaves out 0, where relu's slope jumps
DENSITY = np.exp(-(Z**2) / 2)
DENSITY /= DENSITY.sum()


def predict(sizes: Sequence[int], activation: ActivationName, scheme: Scheme) -> tuple[Array, Array]:
    """Return the forward and backward variance that each layer of `propagate`'s network is expected to have.

    A pre-activation is then normal, of variance n_in sigma^2 E[x^2]; a gradient has the variance
    n_out sigma^2 E[f'(z)^2] times that of the layer after it. For relu and sigma^2 = 2 / n_in both keep it:
    that is He et al.'s derivation, of which this is the form for any activation.

    Parameters
    ----------
    sizes, activation, scheme
        Those of `propagate`; the scheme's values have mean 0.

    Returns
    -------
    tuple
        Two arrays of len(sizes) - 1 variances.

    Raises
    ------
    ValueError
        The weights have a mean.

    Examples
    --------
    >>> forward, backward = predict([64, 64, 64, 64], "relu", lecun_normal())
    >>> forward.round(4), backward.round(4)  # half as much from layer to layer
    (array([1.  , 0.5 , 0.25]), array([0.25, 0.5 , 1.  ]))
    """
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    distribution = scheme.distribution_for(shapes[0])
    mean = distribution.moments[0] if distribution else 0.0
    if mean != 0:
        raise ValueError(f"scheme is {scheme!r}, of mean {mean:.3g}; the theory is of mean 0: pass such a scheme")
    sigmas = [scheme.std_for(shape) for shape in shapes]
    with np.errstate(over="ignore", invalid="ignore"):
        return _variances(sizes, sigmas, ACTIVATIONS[activation])


def _variances(sizes: Sequence[int], sigmas: Sequence[float], f: Activation) -> tuple[Array, Array]:
    forward = [sizes[0] * sigmas[0] ** 2]
    for n_in, sigma in zip(sizes[1:-1], sigmas[1:], strict=True):
        forward.append(n_in * sigma**2 * _mean_square(f.function, forward[-1]))
    backward = [1.0]
    for n_out, sigma, variance in zip(sizes[:1:-1], sigmas[:0:-1], forward[-2::-1], strict=True):
        backward.append(n_out * sigma**2 * _mean_square(f.derivative, variance) * backward[-1])
    return np.array(forward), np.array(backward[::-1])


def _mean_square(function: Callable[[Array], Array], variance: float) -> float:
    """Return E[f(z)^2] for z ~ N(0, variance)."""
    return float(DENSITY @ function(np.sqrt(variance) * Z) ** 2)
