"""Stacks of attention and MLP whose query, key and value are tensors of their own, as fairseq and BART name them."""

from __future__ import annotations

from ...schemes.scheme import Scheme
from ..rule import Rule
from .layers import linear

__all__ = ["EMBEDDINGS_AND_HEADS", "stack"]

EMBEDDINGS_AND_HEADS = ("*embed_tokens", "*embed_positions", "*shared", "lm_head", "*output_projection")


def stack(layers: str, query_key: Scheme, others: Scheme) -> list[Rule]:
    """Return the rules of the matrices in layers, such as ``*encoder.layers``; the others are value, outputs, MLP."""
    outputs = (f"{layers}.*attn.v_proj", f"{layers}.*attn.o_proj", f"{layers}.*attn.out_proj")
    return [
        *linear(query_key, f"{layers}.*attn.[qk]_proj"),
        *linear(others, *outputs, f"{layers}.*fc[12]", f"{layers}.*.mlp.*_proj"),
    ]
