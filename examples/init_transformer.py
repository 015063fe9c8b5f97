"""Initialise the weights of a small transformer as GPT-2 does, each from the stream of its own name."""

from __future__ import annotations

import numpy as np

from fast_init import normal_, ones_, zeros_

LAYERS, WIDTH, VOCABULARY, CONTEXT, SEED, STD = 4, 256, 8192, 512, 42, 0.02

shapes: dict[str, tuple[int, ...]] = {"wte.weight": (VOCABULARY, WIDTH), "wpe.weight": (CONTEXT, WIDTH)}
for layer in range(LAYERS):
    for norm in ("ln_1", "ln_2"):
        shapes |= {f"h.{layer}.{norm}.weight": (WIDTH,), f"h.{layer}.{norm}.bias": (WIDTH,)}
    for linear, ins, outs in (("attn.c_attn", 1, 3), ("attn.c_proj", 1, 1), ("mlp.c_fc", 1, 4), ("mlp.c_proj", 4, 1)):
        shapes[f"h.{layer}.{linear}.weight"] = (ins * WIDTH, outs * WIDTH)
        shapes[f"h.{layer}.{linear}.bias"] = (outs * WIDTH,)

weights = {name: np.empty(shape, np.float32) for name, shape in shapes.items()}
for name, array in weights.items():
    if name.endswith(".bias"):
        zeros_(array)
    elif ".ln_" in name:
        ones_(array)
    else:
        std = STD / (2 * LAYERS) ** 0.5 if name.endswith(".c_proj.weight") else STD
        normal_(array, std=std, seed=SEED, name=name)
    print(f"{name:24} {array.shape!s:12} mean {array.mean():+.5f}  std {array.std():.5f}")
