"""SIREN, networks of sines."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import finite, positive_int
from ...schemes.distributions import Uniform
from ...schemes.variance_scaling import VarianceScaling
from ..recipe import Recipe
from ..rule import Rule
from .layers import every

__all__ = ["siren"]


def siren(in_features: int = 2, hidden_features: int = 256, omega: float = 30.0) -> Recipe:
    """Return the recipe of SIREN: x -> sin(omega (W x + b)), whose pre-activations stay standard normal.

    - first weight: U(-1 / n, 1 / n), n = in_features
    - other weights, of the linear layer at the end too: U(-sqrt(6 / fan_in) / omega, sqrt(6 / fan_in) / omega)
    - biases: U(-1 / sqrt(n), 1 / sqrt(n)), n being in_features, then hidden_features: PyTorch's default

    Source: Sitzmann et al., arXiv 2006.09661, section 3.2 and supplement 1.5; their code, vsitzmann/siren,
    explore_siren.ipynb, SineLayer.init_weights and Siren.__init__, and modules.py, first_layer_sine_init and sine_init.

    Parameters
    ----------
    in_features
        Coordinates of a point.
    hidden_features
        Width of all hidden layers.
    omega
        omega_0 of hidden layers, 30 in the paper; that of the first does not matter here.

    Returns
    -------
    Recipe
        For the names of the authors' Siren: net.0.linear, net.1.linear, ..., and at the end net.N.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import siren
    >>> recipe = siren(in_features=2, hidden_features=256)
    >>> recipe.rule_for("net.0.linear.weight").scheme
    uniform(a=-0.5, b=0.5)
    >>> round(recipe.rule_for("net.1.linear.weight").scheme.std_for((256, 256)), 6)  # sqrt(2 / 256) / 30
    0.002946
    """
    first, rest = positive_int("in_features", in_features), positive_int("hidden_features", hidden_features)
    if not finite("omega", omega) > 0:
        raise ValueError(f"omega is {omega!r}; it must be positive: pass 30, as the paper has")
    hidden = VarianceScaling(2 / omega / omega, "fan_in", "uniform")
    return Recipe(
        [
            Rule("net.0.linear.weight", Uniform(-1 / first, 1 / first)),
            Rule("net.0.linear.bias", Uniform(-1 / sqrt(first), 1 / sqrt(first))),
            *every(hidden, "net.*.linear.weight", "net.{l}.weight"),
            *every(Uniform(-1 / sqrt(rest), 1 / sqrt(rest)), "net.*.linear.bias", "net.{l}.bias"),
        ]
    )
