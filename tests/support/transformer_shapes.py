"""Shapes of transformers under the names of their libraries, of any depth and width."""

from __future__ import annotations

__all__ = ["gpt2_shapes", "llama_shapes"]

Shapes = dict[str, tuple[int, ...]]


def gpt2_shapes(layers: int, d: int) -> Shapes:
    """Return GPT-2's, whose matrices are (inputs, outputs)."""
    shapes: Shapes = {"transformer.wte.weight": (1000, d), "transformer.wpe.weight": (64, d)}
    for k in range(layers):
        h = f"transformer.h.{k}"
        shapes |= {f"{h}.{norm}.{kind}": (d,) for norm in ("ln_1", "ln_2") for kind in ("weight", "bias")}
        sizes = {"attn.c_attn": (d, 3 * d), "attn.c_proj": (d, d), "mlp.c_fc": (d, 4 * d), "mlp.c_proj": (4 * d, d)}
        for module, size in sizes.items():
            shapes |= {f"{h}.{module}.weight": size, f"{h}.{module}.bias": size[1:]}
    return {**shapes, "transformer.ln_f.weight": (d,), "transformer.ln_f.bias": (d,)}


def llama_shapes(layers: int, d: int, *, keys: int, f: int) -> Shapes:
    """Return Llama's, with `keys` rows of k and v and `f` units in the MLP."""
    shapes: Shapes = {"model.embed_tokens.weight": (1000, d)}
    for k in range(layers):
        layer = f"model.layers.{k}"
        shapes |= {f"{layer}.self_attn.{role}_proj.weight": (d, d) for role in "qo"}
        shapes |= {f"{layer}.self_attn.{role}_proj.weight": (keys, d) for role in "kv"}
        shapes |= {f"{layer}.mlp.{role}_proj.weight": (f, d) for role in ("gate", "up")}
        shapes |= {f"{layer}.mlp.down_proj.weight": (d, f)}
        shapes |= {f"{layer}.{norm}_layernorm.weight": (d,) for norm in ("input", "post_attention")}
    return {**shapes, "model.norm.weight": (d,), "lm_head.weight": (1000, d)}
