"""Roles of Gemma, Qwen3, DeepSeek-V3, Mamba, CLIP, ConvNeXt and Swin, by each file in tests/data/models."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np

from support.draws import Array
from support.roles import Role, constant, drawn

UNIFORM = sqrt(3)  # largest magnitude in standard deviations


def decoder(std: float, norms: float = 1) -> list[Role]:
    return [
        drawn(r"(.*\.)?(embed_tokens|\w*_proj|kv_a_proj_with_mqa|lm_head|score|gate)\.weight", std),
        drawn(r".*\.experts\.(gate_up|down)_proj", std),
        constant(r"(.*\.)?\w*norm\.weight", norms),
        constant(r".*\.(bias|e_score_correction_bias)", 0),
    ]


def logarithms(shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(np.log(np.arange(1, shape[-1] + 1)), shape)


def inverse_softplus(a: float, b: float, floor: float) -> tuple[float, float, float]:
    """Mean, standard deviation and largest magnitude of log(exp(dt) - 1), by a million places of a uniform number."""
    places = (np.arange(1_000_000) + 0.5) / 1_000_000
    y = np.log(np.expm1(np.maximum(np.exp(log(a) + places * log(b / a)), floor)))
    return float(y.mean()), float(y.std()), float(np.abs(y).max() / y.std())


def mamba(std: float, time_step: tuple[float, float, float], dt_scale: float = 1, layers: int = 1) -> list[Role]:
    def default(shape: Any) -> float:
        return 1 / sqrt(3 * np.prod(shape[1:]))

    return [
        drawn(r"(.*\.)?(embeddings|lm_head|in_proj|x_proj)\.weight", std),
        drawn(r".*conv1d\.weight", default, UNIFORM),
        drawn(r".*out_proj\.weight", lambda shape: default(shape) / sqrt(layers), UNIFORM),
        drawn(r".*dt_proj\.weight", lambda shape: default(shape) * dt_scale, UNIFORM),
        (r".*(dt_proj\.bias|dt_bias)", *inverse_softplus(*time_step)),
        (r".*A_log", logarithms, None, 0),
        constant(r".*\.D|(.*\.)?norm(_f)?\.weight", 1),
        constant(r".*\.bias", 0),
    ]


def tower(name: str, width: int, layers: int) -> list[Role]:
    """Of CLIP, all times a half."""
    return [
        drawn(rf"{name}_model\..*\.(q_proj|k_proj|v_proj|fc2)\.weight", 0.5 / sqrt(2 * layers * width)),
        drawn(rf"{name}_model\..*\.out_proj\.weight", 0.5 / sqrt(width)),
        drawn(rf"{name}_model\..*\.fc1\.weight", 0.5 / sqrt(2 * width)),
    ]


CLIP: list[Role] = [
    *tower("text", 16, 2),
    *tower("vision", 24, 3),
    drawn(r"text_model\..*_embedding\.weight", 0.01),
    drawn(r"vision_model\..*_embedding\.weight", 0.02),  # 0.04 * 0.5
    drawn(r"vision_model\..*class_embedding|visual_projection\.weight|classifier\.weight", 0.5 / sqrt(24)),
    drawn(r"text_projection\.weight", 0.5 / sqrt(16)),
    constant(r".*(norm\d?|layrnorm)\.weight", 1),
    constant(r".*\.bias", 0),
    constant("logit_scale", 2.0),
]


def convnext(std: float, layer_scale: float) -> list[Role]:
    norms = r"(stem\.1|(.*\.)?norm|.*downsample\.0|.*layernorm|.*downsampling_layer\.0|hidden_states_norms\.\w+)"
    return [
        constant(r".*(gamma|layer_scale_parameter)", layer_scale),
        constant(rf"{norms}\.weight", 1),
        constant(r".*\.bias", 0),
        drawn(r".*\.weight", std),
    ]


SWIN: list[Role] = [
    drawn(r"patch_embed\.proj\.(weight|bias)", 1 / sqrt(3 * 48), UNIFORM),  # 3 channels, 4 x 4 pixels
    constant(r"(.*\.)?norm\d?\.weight", 1),
    constant(r".*\.bias", 0),
    drawn(r".*(\.weight|relative_position_bias_table)", 0.02),
]
SWIN_OF_TRANSFORMERS: list[Role] = [
    constant(r".*(position_embeddings|mask_token|relative_position_bias_table|bias)", 0),
    constant(r".*norm(_before|_after)?\.weight", 1),
    drawn(r".*\.weight", 0.02),
]
ROLES: dict[str, list[Role]] = {
    "clip": CLIP,
    "convnext": convnext(0.02, 1e-6),
    "convnext_transformers": convnext(0.05, 0.01),
    "deepseek_v3": decoder(0.006),
    "gemma": decoder(0.02, norms=0),
    "gemma2": decoder(0.03, norms=0),
    "gemma3": decoder(0.02, norms=0),
    "mamba": mamba(0.1, (0.001, 0.1, 1e-4)),
    "mamba2": mamba(0.1, (0.001, 0.1, 1e-4)),
    "mamba_rescaled": mamba(0.02, (0.001, 0.05, 0.002), dt_scale=0.5, layers=4),
    "qwen3": decoder(0.02),
    "qwen3_moe": decoder(0.04),
    "swin": SWIN,
    "swin_transformers": SWIN_OF_TRANSFORMERS,
}
PADDED = {"gemma": 0, "gemma2": 0, "gemma3": 3}
TIED = {
    "gemma": {"lm_head.weight": "model.embed_tokens.weight"},
    "gemma2": {"lm_head.weight": "model.embed_tokens.weight"},
    "mamba": {"lm_head.weight": "backbone.embeddings.weight"},
}
