"""Fourier features, random frequencies of an encoding of coordinates."""

from __future__ import annotations

from ...schemes.distributions import Normal
from ...schemes.variance_scaling import VarianceScaling
from ..recipe import Recipe
from .layers import every

__all__ = ["fourier_features"]


def fourier_features(scale: float = 10.0) -> Recipe:
    """Return the recipe of Gaussian Fourier features x -> (cos(2 pi B x), sin(2 pi B x)) and the network after them.

    - B, which is not trained: N(0, scale^2)
    - weights of the network: a normal law cut at two sigmas, of the variance 2 / (fan_in + fan_out) after the cut; its
      biases: N(0, 1e-4)

    Source: Tancik et al., "Fourier features let networks learn high frequency functions in low dimensional domains",
    arXiv 2006.10739; tancik/fourier-feature-networks, Demo.ipynb: B = random.normal(...) * scale, scale 1, 10 or 100;
    the network has the defaults of JAX's stax.Dense, glorot_normal, which JAX cuts, and normal(1e-2).

    Parameters
    ----------
    scale
        Standard deviation of the frequencies: 10 suits the paper's images.

    Returns
    -------
    Recipe
        For PyTorch's layout, outputs first, of names that end in B, ``layers.{l}.weight`` and ``layers.{l}.bias``.

    Raises
    ------
    TypeError, ValueError
        scale is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import fourier_features
    >>> fourier_features(scale=10).rule_for("encoding.B").scheme
    normal(mean=0.0, std=10.0)
    """
    return Recipe(
        [
            *every(Normal(0.0, scale), "B", "*.B"),
            *every(VarianceScaling(1.0, "fan_avg", "truncated_normal"), "layers.{l}.weight", "*.layers.{l}.weight"),
            *every(Normal(0.0, 0.01), "layers.{l}.bias", "*.layers.{l}.bias"),
        ]
    )
