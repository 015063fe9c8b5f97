"""Decoder-only transformers: which matrix has which role, by the names of several libraries.

A law by depth and width needs the role of a matrix and, in its formulas, the layer ``l``, which every pattern of a
block captures. So a recipe here is a scheme for each role, and holds for every library whose names are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from ...schemes.distributions import ones, zeros
from ...schemes.scheme import Scheme
from ..recipe import Recipe
from ..rule import Rule
from .layers import linear, norm

__all__ = ["BRANCH_ENDS", "INNER", "DecoderRole", "decoder"]

DecoderRole: TypeAlias = Literal[
    "embedding", "query_key", "value", "qkv", "attention_out", "gate", "up", "down", "head"
]

INNER: Final[tuple[DecoderRole, ...]] = ("query_key", "value", "qkv", "gate", "up")
BRANCH_ENDS: Final[tuple[DecoderRole, ...]] = ("attention_out", "down")  # whose outputs are added to the residual

# Embeddings and heads: transformers' Llama, GPT-2 and GPT-NeoX, torchtitan, OLMo, Megatron-Core.
EMBEDDINGS = (
    *("*embed_tokens", "*wte", "*wpe", "*embed_in", "*tok_embeddings"),
    *("*word_embeddings", "*position_embeddings"),
)
HEADS = ("lm_head", "embed_out", "transformer.ff_out", "output_layer")
# Of a block, after the component of its number: "layers.{l}", "h.{l}" or "blocks.{l}".
BLOCKS: dict[str, dict[DecoderRole, tuple[str, ...]]] = {
    "*layers.{l}": {
        "query_key": ("self_attn.[qk]_proj", "attention.qkv_linear.w[qk]"),
        "value": ("self_attn.v_proj", "attention.qkv_linear.wv"),
        "qkv": ("attention.query_key_value", "attention.qkv_linear.wqkv", "self_attention.linear_qkv"),
        "attention_out": ("self_attn.o_proj", "attention.dense", "attention.wo", "self_attention.linear_proj"),
        "gate": ("mlp.gate_proj", "feed_forward.w1"),
        "up": ("mlp.up_proj", "mlp.dense_h_to_4h", "feed_forward.w3", "mlp.linear_fc1"),
        "down": ("mlp.down_proj", "mlp.dense_4h_to_h", "feed_forward.w2", "mlp.linear_fc2"),
    },
    "*h.{l}": {
        "qkv": ("attn.c_attn",),
        "attention_out": ("attn.c_proj",),
        "up": ("mlp.c_fc",),
        "down": ("mlp.c_proj",),
    },
    "*blocks.{l}": {
        "query_key": ("[qk]_proj",),
        "value": ("v_proj",),
        "qkv": ("att_proj",),
        "attention_out": ("attn_out",),
        "up": ("ff_proj",),
        "down": ("ff_out",),
    },
}


def decoder(
    schemes: Mapping[DecoderRole, Scheme], sizes: Mapping[str, float] | None = None, *, tied_to: str | None = None
) -> Recipe:
    """Return the recipe of a decoder with a scheme for each role; norms 1 and 0, biases 0.

    A role without a scheme has no rules. If tied, to the name of the token embedding, a head has its values and scheme.
    """
    blocks = [
        rule
        for block, roles in BLOCKS.items()
        for role, modules in roles.items()
        if role in schemes
        for rule in linear(schemes[role], *(f"{block}.{module}" for module in modules))
    ]
    heads = linear(schemes["head" if tied_to is None else "embedding"], *HEADS)
    heads[::2] = [replace(weight, tied_to=tied_to) for weight in heads[::2]]
    fused = [Rule("*.layer_norm_weight", ones()), Rule("*.layer_norm_bias", zeros())]  # Megatron's, in the next layer
    return Recipe(
        [*blocks, *linear(schemes["embedding"], *EMBEDDINGS), *heads, *norm("*norm", "*ln_[12f]"), *fused], sizes
    )
