"""Rules for the parameters of a kind of layer, of which ready recipes are made."""

from __future__ import annotations

from ...schemes.distributions import ones, zeros
from ...schemes.scheme import Scheme
from ..rule import Rule

__all__ = ["every", "linear", "norm"]


def every(scheme: Scheme, *patterns: str) -> list[Rule]:
    """Return a rule with the scheme for each pattern."""
    return [Rule(pattern, scheme) for pattern in patterns]


def linear(scheme: Scheme, *modules: str) -> list[Rule]:
    """Return rules for modules with a weight and a bias, which is zeros."""
    return [rule for module in modules for rule in (Rule(f"{module}.weight", scheme), Rule(f"{module}.bias", zeros()))]


def norm(*modules: str) -> list[Rule]:
    """Return rules for modules whose weight is ones, their bias zeros."""
    return linear(ones(), *modules)
