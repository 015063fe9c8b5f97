"""A recipe with a rule of every kind, and the shapes of its model."""

from __future__ import annotations

from typing import Any

import numpy as np

import fast_init as fi
from fast_init import Recipe, Rule
from support.draws import Array

RECIPE = Recipe(
    [
        ("*.bias", fi.zeros()),
        Rule("wte.weight", fi.normal(std=0.02), padding_row=3),
        Rule("head.weight", fi.normal(std=0.02), padding_row=3, tied_to="wte.weight"),
        ("*.c_proj.weight", fi.orthogonal()),
        Rule("*.experts.weight", fi.he_normal(), layout="eoi"),
        ("h.[01].weight", fi.uniform(-1, 1)),
        ("*", fi.trunc_normal(std=0.1, bounds="sigma")),
    ]
)
SHAPES = {
    "wte.weight": (20, 8),
    "h.0.weight": (8, 8),
    "h.2.weight": (8, 8),
    "h.0.attn.c_proj.weight": (8, 8),
    "h.0.attn.c_proj.bias": (8,),
    "h.0.experts.weight": (4, 6, 8),
    "head.weight": (20, 8),
}


def model(dtype: Any = np.float32, fill: float = 7.0) -> dict[str, Array]:
    return {name: np.full(shape, fill, dtype) for name, shape in SHAPES.items()}
