"""A model of Llama's shape in Flax nnx."""

from __future__ import annotations

from typing import Any

import jax
from flax import nnx

import fast_init as fi

__all__ = ["SIZES", "Llama", "recipe"]

SIZES = {"layers": 12, "width": 1280, "hidden": 3456, "heads": 20, "vocabulary": 32_000}  # 319 million parameters


class Attention(nnx.Module):  # type: ignore[misc]
    """Attention without rotation: what counts here are the weights."""

    def __init__(self, width: int, heads: int, rngs: Any) -> None:
        self.heads = heads
        self.q, self.k, self.v, self.o = (nnx.Linear(width, width, use_bias=False, rngs=rngs) for _ in range(4))

    def __call__(self, x: Any) -> Any:
        q, k, v = (part(x).reshape(*x.shape[:-1], self.heads, -1) for part in (self.q, self.k, self.v))
        return self.o(jax.nn.dot_product_attention(q, k, v, is_causal=True).reshape(x.shape))


class Mlp(nnx.Module):  # type: ignore[misc]
    """A gated feed-forward network."""

    def __init__(self, width: int, hidden: int, rngs: Any) -> None:
        self.gate, self.up = (nnx.Linear(width, hidden, use_bias=False, rngs=rngs) for _ in range(2))
        self.down = nnx.Linear(hidden, width, use_bias=False, rngs=rngs)

    def __call__(self, x: Any) -> Any:
        return self.down(jax.nn.silu(self.gate(x)) * self.up(x))


class Block(nnx.Module):  # type: ignore[misc]
    """A layer."""

    def __init__(self, width: int, hidden: int, heads: int, rngs: Any) -> None:
        self.attention, self.mlp = Attention(width, heads, rngs), Mlp(width, hidden, rngs)
        self.attention_norm, self.mlp_norm = (nnx.RMSNorm(width, rngs=rngs) for _ in range(2))

    def __call__(self, x: Any) -> Any:
        x = x + self.attention(self.attention_norm(x))
        return x + self.mlp(self.mlp_norm(x))


class Llama(nnx.Module):  # type: ignore[misc]
    """A language model, whose head has its own weights."""

    def __init__(self, *, layers: int, width: int, hidden: int, heads: int, vocabulary: int, rngs: Any) -> None:
        self.embed = nnx.Embed(vocabulary, width, rngs=rngs)
        self.layers = nnx.List([Block(width, hidden, heads, rngs) for _ in range(layers)])
        self.norm = nnx.RMSNorm(width, rngs=rngs)
        self.head = nnx.Linear(width, vocabulary, use_bias=False, rngs=rngs)

    def __call__(self, tokens: Any) -> Any:
        x = self.embed(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


def recipe() -> fi.Recipe:
    """Return Llama's own initialisation."""
    return fi.Recipe([("*norm/scale", fi.ones()), ("*", fi.normal(0.0, 0.02))])
