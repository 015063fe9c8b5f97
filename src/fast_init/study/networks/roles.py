"""Which tensor of a transformer does what, by its name, and how models of that naming compute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from ...recipes.matching import FirstMatch
from .activations import ActivationName

__all__ = ["FAMILIES", "Family", "Place", "family_of", "gemma_of", "places_of"]


class Place(NamedTuple):
    """What a tensor does, and in which layer; None outside of the layers."""

    role: str
    layer: int | None


@dataclass(frozen=True)
class Family:
    """Models that name their tensors alike: pairs of a role and a pattern, the first that matches holds."""

    name: str
    patterns: tuple[tuple[str, str], ...]
    activation: ActivationName
    epsilon: float
    centred: bool  # layer norms; else RMS norms
    pre_norm: bool = True  # a branch reads the norm of the residual stream
    post_norm: bool = False  # the norm of the sum is the residual stream
    causal: bool = True
    inputs_first: bool = False  # matrices are (inputs, outputs)
    unit_offset: bool = False  # norms multiply by 1 + weight
    scaled_embedding: bool = False  # by the square root of its width
    experts_per_token: int = 2  # where there are experts; their shares sum to 1


DECODER = (
    *((role, f"*layers.{{l}}.self_attn.{role}_proj.weight") for role in "qkvo"),
    *((f"{role} norm", f"*layers.{{l}}.self_attn.{role}_norm.weight") for role in "qk"),
    *((role, f"*layers.{{l}}.mlp.{role}_proj.weight") for role in ("gate", "up", "down")),
    ("router", "*layers.{l}.mlp.gate.weight"),
    ("experts gate up", "*layers.{l}.mlp.experts.gate_up_proj"),
    ("experts down", "*layers.{l}.mlp.experts.down_proj"),
    ("embedding", "*embed_tokens.weight"),
    ("head", "lm_head.weight"),
    ("final norm", "norm.weight"),
    ("final norm", "*.norm.weight"),
)
AFTER = (
    ("post norm 1", "*layers.{l}.post_attention_layernorm.weight"),
    ("post norm 2", "*layers.{l}.post_feedforward_layernorm.weight"),
)

FAMILIES = (
    Family(
        "Llama-like",
        (
            ("norm 1", "*layers.{l}.input_layernorm.weight"),
            ("norm 2", "*layers.{l}.post_attention_layernorm.weight"),
            *((role, f"*layers.{{l}}.attention.*w{role}.weight") for role in "qkvo"),  # torchtitan's names
            ("gate", "*layers.{l}.feed_forward.w1.weight"),
            ("down", "*layers.{l}.feed_forward.w2.weight"),
            ("up", "*layers.{l}.feed_forward.w3.weight"),
            ("norm 1", "*layers.{l}.attention_norm.weight"),
            ("norm 2", "*layers.{l}.ffn_norm.weight"),
            ("embedding", "*tok_embeddings.weight"),
            ("head", "output.weight"),
            *DECODER,
        ),
        "silu",
        1e-6,
        centred=False,
    ),
    Family("OLMo-2-like", (*AFTER, *DECODER), "silu", 1e-6, centred=False, pre_norm=False),
    Family(
        "Gemma-2-like",
        (
            ("norm 1", "*layers.{l}.input_layernorm.weight"),
            ("norm 2", "*layers.{l}.pre_feedforward_layernorm.weight"),
            *AFTER,
            *DECODER,
        ),
        "gelu",
        1e-6,
        centred=False,
        unit_offset=True,
        scaled_embedding=True,
    ),
    Family(
        "GPT-2-like",
        (
            ("qkv", "*h.{l}.attn.c_attn.weight"),
            ("o", "*h.{l}.attn.c_proj.weight"),
            ("up", "*h.{l}.mlp.c_fc.weight"),
            ("down", "*h.{l}.mlp.c_proj.weight"),
            ("norm 1", "*h.{l}.ln_1.weight"),
            ("norm 2", "*h.{l}.ln_2.weight"),
            ("embedding", "*wte.weight"),
            ("positions", "*wpe.weight"),
            ("final norm", "*ln_f.weight"),
            ("head", "lm_head.weight"),
        ),
        "gelu",
        1e-5,
        centred=True,
        inputs_first=True,
    ),
    Family(
        "BERT-like",
        (
            ("q", "*encoder.layer.{l}.attention.self.query.weight"),
            ("k", "*encoder.layer.{l}.attention.self.key.weight"),
            ("v", "*encoder.layer.{l}.attention.self.value.weight"),
            ("o", "*encoder.layer.{l}.attention.output.dense.weight"),
            ("up", "*encoder.layer.{l}.intermediate.dense.weight"),
            ("down", "*encoder.layer.{l}.output.dense.weight"),
            ("norm 1", "*encoder.layer.{l}.attention.output.LayerNorm.weight"),
            ("norm 2", "*encoder.layer.{l}.output.LayerNorm.weight"),
            ("embedding", "*embeddings.word_embeddings.weight"),
            ("positions", "*embeddings.position_embeddings.weight"),
            ("token types", "*embeddings.token_type_embeddings.weight"),
            ("embedding norm", "*embeddings.LayerNorm.weight"),
            ("head", "cls.predictions.decoder.weight"),
        ),
        "gelu",
        1e-12,
        centred=True,
        post_norm=True,
        causal=False,
    ),
)


def places_of(family: Family, names: Iterable[str]) -> dict[str, Place]:
    """Return the place of each name that the family knows; a bias has its weight's role, with the word bias.

    Examples
    --------
    >>> places_of(FAMILIES[3], ["transformer.h.3.mlp.c_fc.bias", "score.weight"])
    {'transformer.h.3.mlp.c_fc.bias': Place(role='up bias', layer=3)}
    """
    first, found = FirstMatch(pattern for _, pattern in family.patterns), {}
    for name in names:
        bias = name.endswith(".bias")
        if (match := first.find(f"{name.removesuffix('.bias')}.weight" if bias else name)) is not None:
            role = family.patterns[match.place][0]
            layer = match.captured.get("l")
            found[name] = Place(f"{role} bias" if bias else role, None if layer is None else int(layer))
    return found


def family_of(names: Iterable[str]) -> tuple[Family, dict[str, Place]] | None:
    """Return the family that knows the most of these names, with their places; None if none knows a layer's."""
    names = list(names)
    best = max(((family, places_of(family, names)) for family in FAMILIES), key=lambda pair: len(pair[1]))
    return best if any(place.layer is not None for place in best[1].values()) else None


def gemma_of(family: Family) -> Family:
    """Return the family whose models have Llama's names and norms that multiply by 1 + weight."""
    return replace(family, name="Gemma-like", activation="gelu", unit_offset=True, scaled_embedding=True)
