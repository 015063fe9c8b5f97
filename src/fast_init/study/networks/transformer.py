"""A transformer's layers forward and backward in NumPy, to measure signals at step 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import TypeAlias

import numpy as np

from .activations import ACTIVATIONS, Array
from .roles import Family

__all__ = ["Weights", "normed", "signals_through"]

Weights: TypeAlias = Mapping[str, Array]  # of a layer, by role; matrices are (outputs, inputs)
Back: TypeAlias = Callable[[Array], Array]  # from the gradient of an output to that of the input


def signals_through(
    layers: Sequence[Weights], family: Family, inputs: Array, gradient: Array
) -> tuple[list[Array], list[Array]]:
    """Return the residual stream before the layers and after each, and the gradients with respect to these.

    Inputs and the gradient, which starts after the last layer, are (sequences, tokens, width). Attention has one head
    of keys and values of as many units as `k` has rows, and as many heads of queries as `q` has times these rows.
    """
    stream, backs = [inputs], []
    for weights in layers:
        x, halves = stream[-1], []
        for branch, norm in ((_attention, "norm 1"), (_mlp, "norm 2")):
            x, back = _residual(x, branch, weights, norm, family)
            halves.append(back)
        stream.append(x)
        backs.append(halves)
    gradients = [gradient]
    for attention, mlp in reversed(backs):
        gradients.append(attention(mlp(gradients[-1])))
    return stream, gradients[::-1]


Branch: TypeAlias = Callable[[Array, Weights, Family], tuple[Array, Back]]


def _residual(x: Array, branch: Branch, weights: Weights, norm: str, family: Family) -> tuple[Array, Back]:
    if family.post_norm:
        y, back = branch(x, weights, family)
        z, norm_back = normed(x + y, weights, norm, family)

        def post(g: Array) -> Array:
            h = norm_back(g)
            return h + back(h)

        return z, post
    n, norm_back = normed(x, weights, norm, family)
    y, back = branch(n, weights, family)
    return x + y, lambda g: g + norm_back(back(g))


def normed(x: Array, weights: Weights, norm: str, family: Family) -> tuple[Array, Back]:
    """Return the family's norm of x over its last axis, and its way back; the gain is 1 where there is no weight."""
    gain = weights.get(norm, np.ones(x.shape[-1]))
    centre = x - x.mean(axis=-1, keepdims=True) if family.centred else x
    scale = 1 / np.sqrt(np.square(centre).mean(axis=-1, keepdims=True) + family.epsilon)
    n = centre * scale

    def back(g: Array) -> Array:
        h = g * gain
        d = scale * (h - n * (h * n).mean(axis=-1, keepdims=True))
        return np.asarray(d - d.mean(axis=-1, keepdims=True) if family.centred else d)

    return np.asarray(n * gain + weights.get(f"{norm} bias", 0.0)), back


def _linear(x: Array, weights: Weights, role: str) -> Array:
    return np.asarray(x @ weights[role].T + weights.get(f"{role} bias", 0.0))


def _mlp(x: Array, weights: Weights, family: Family) -> tuple[Array, Back]:
    f = ACTIVATIONS[family.activation]
    z = _linear(x, weights, "gate" if "gate" in weights else "up")
    up = _linear(x, weights, "up") if "gate" in weights else None
    hidden = f.function(z)

    def back(g: Array) -> Array:
        h = g @ weights["down"]
        if up is None:
            return (h * f.derivative(z)) @ weights["up"]
        return (h * up * f.derivative(z)) @ weights["gate"] + (h * hidden) @ weights["up"]

    return _linear(hidden if up is None else hidden * up, weights, "down"), back


def _attention(x: Array, weights: Weights, family: Family) -> tuple[Array, Back]:
    q, k, v = (_linear(x, weights, role) for role in "qkv")
    size, scale = k.shape[-1], 1 / sqrt(k.shape[-1])
    heads = q.reshape(*q.shape[:-1], -1, size)
    logits = np.einsum("btgh,bsh->bgts", heads, k) * scale
    if family.causal:
        logits = np.where(np.tri(x.shape[1], dtype=bool), logits, -np.inf)
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    mixed = np.einsum("bgts,bsh->btgh", shares, v).reshape(q.shape)

    def back(g: Array) -> Array:
        h = (g @ weights["o"]).reshape(heads.shape)
        d = np.einsum("btgh,bsh->bgts", h, v)
        d = shares * (d - (d * shares).sum(axis=-1, keepdims=True)) * scale
        to_q = np.einsum("bgts,bsh->btgh", d, k).reshape(q.shape)
        to_k = np.einsum("bgts,btgh->bsh", d, heads)
        to_v = np.einsum("bgts,btgh->bsh", shares, h)
        return np.asarray(to_q @ weights["q"] + to_k @ weights["k"] + to_v @ weights["v"])

    return _linear(mixed, weights, "o"), back
