"""The branch of a layer that is no attention, forward and backward: one MLP, or experts of which a token gets some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from .activations import ACTIVATIONS, Array
from .roles import Family

__all__ = ["Back", "Branch", "Weights", "experts", "linear", "mlp"]

Weights: TypeAlias = Mapping[str, Array]  # of a layer, by role; matrices are (outputs, inputs)
Back: TypeAlias = Callable[[Array], Array]  # from the gradient of an output to that of the input
Branch: TypeAlias = Callable[[Array, Weights, Family], tuple[Array, Back]]


def linear(x: Array, weights: Weights, role: str) -> Array:
    """Return a linear layer of x, with its bias if there is one."""
    return np.asarray(x @ weights[role].T + weights.get(f"{role} bias", 0.0))


def mlp(x: Array, weights: Weights, family: Family) -> tuple[Array, Back]:
    """Return the MLP of x, gated if there is a gate, and its way back."""
    f = ACTIVATIONS[family.activation]
    z = linear(x, weights, "gate" if "gate" in weights else "up")
    up = linear(x, weights, "up") if "gate" in weights else None
    hidden = f.function(z)

    def back(g: Array) -> Array:
        h = g @ weights["down"]
        if up is None:
            return (h * f.derivative(z)) @ weights["up"]
        return (h * up * f.derivative(z)) @ weights["gate"] + (h * hidden) @ weights["up"]

    return linear(hidden if up is None else hidden * up, weights, "down"), back


def experts(x: Array, weights: Weights, family: Family) -> tuple[Array, Back]:
    """Return the sum of the MLPs that the router chooses for a token, and its way back.

    They are `family.experts_per_token`, those of the largest logits, and their shares are the softmax of these. Experts
    are stacked: `experts gate up` is (experts, units of the gate and then those of up, inputs).
    """
    router = weights["router"]
    logits = x @ router.T
    least = np.sort(logits, axis=-1)[..., -min(family.experts_per_token, len(router)), None]
    shares = np.exp(np.where(logits >= least, logits, -np.inf) - logits.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    total, parts = np.zeros(x.shape), []
    for e, (gate_up, down) in enumerate(zip(weights["experts gate up"], weights["experts down"], strict=True)):
        gate, up = np.split(gate_up, 2)
        chosen = logits[..., e] >= least[..., 0]
        y, back = mlp(x[chosen], {"gate": gate, "up": up, "down": down}, family)
        total[chosen] += shares[chosen, e, None] * y
        parts.append((chosen, y, back))

    def all_back(g: Array) -> Array:
        to_x, to_shares = np.zeros(x.shape), np.zeros(shares.shape)
        for e, (chosen, y, back) in enumerate(parts):
            to_x[chosen] += back(shares[chosen, e, None] * g[chosen])
            to_shares[chosen, e] = (g[chosen] * y).sum(axis=-1)
        to_logits = shares * (to_shares - (to_shares * shares).sum(axis=-1, keepdims=True))
        return np.asarray(to_x + to_logits @ router)

    return total, all_back
