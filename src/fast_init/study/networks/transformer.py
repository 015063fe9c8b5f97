"""A transformer's layers forward and backward in NumPy, to measure signals at step 0."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from .activations import Array
from .mlp import Back, Branch, Weights, experts, linear, mlp
from .roles import Family

__all__ = ["normed", "signals_through"]


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
        for branch, norm in ((_attention, "norm 1"), (experts if "router" in weights else mlp, "norm 2")):
            x, back = _residual(x, branch, weights, norm, family)
            halves.append(back)
        stream.append(x)
        backs.append(halves)
    gradients = [gradient]
    for first, second in reversed(backs):
        gradients.append(first(second(gradients[-1])))
    return stream, gradients[::-1]


def _residual(x: Array, branch: Branch, weights: Weights, norm: str, family: Family) -> tuple[Array, Back]:
    if family.post_norm:
        y, back = branch(x, weights, family)
        z, norm_back = normed(x + y, weights, norm, family)

        def post(g: Array) -> Array:
            h = norm_back(g)
            return h + back(h)

        return z, post
    n, before = normed(x, weights, norm, family) if family.pre_norm else (x, _same)
    y, back = branch(n, weights, family)
    y, after = normed(y, weights, f"post {norm}", family) if f"post {norm}" in weights else (y, _same)
    return x + y, lambda g: g + before(back(after(g)))


def _same(g: Array) -> Array:
    return g


def normed(x: Array, weights: Weights, norm: str, family: Family) -> tuple[Array, Back]:
    """Return the family's norm of x over its last axis, and its way back; the gain is 1 where there is no weight."""
    gain = weights[norm] + family.unit_offset if norm in weights else np.ones(x.shape[-1])
    centre = x - x.mean(axis=-1, keepdims=True) if family.centred else x
    scale = 1 / np.sqrt(np.square(centre).mean(axis=-1, keepdims=True) + family.epsilon)
    n = centre * scale

    def back(g: Array) -> Array:
        h = g * gain
        d = scale * (h - n * (h * n).mean(axis=-1, keepdims=True))
        return np.asarray(d - d.mean(axis=-1, keepdims=True) if family.centred else d)

    return np.asarray(n * gain + weights.get(f"{norm} bias", 0.0)), back


def _attention(x: Array, weights: Weights, family: Family) -> tuple[Array, Back]:
    q, k, v = (linear(x, weights, role) for role in "qkv")
    q, q_back = _head_norm(q, weights, "q norm", family)
    k, k_back = _head_norm(k, weights, "k norm", family)
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
        return np.asarray(q_back(to_q) @ weights["q"] + k_back(to_k) @ weights["k"] + to_v @ weights["v"])

    return linear(mixed, weights, "o"), back


def _head_norm(x: Array, weights: Weights, norm: str, family: Family) -> tuple[Array, Back]:
    """Norm each of as many units as the norm has weights: those of a head, or all."""
    if norm not in weights:
        return x, _same
    heads = (*x.shape[:-1], -1, len(weights[norm]))
    y, back = normed(x.reshape(heads), weights, norm, family)
    return y.reshape(x.shape), lambda g: back(g.reshape(heads)).reshape(x.shape)
