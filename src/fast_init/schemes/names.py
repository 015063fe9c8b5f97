"""The words that arguments of schemes are: for type checkers, and for the checks of each at run time."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["Mode", "Nonlinearity", "ScalingDistribution", "WaveOrder"]

Mode: TypeAlias = Literal["fan_in", "fan_out", "fan_avg", "fan_geo_avg"]
ScalingDistribution: TypeAlias = Literal["normal", "uniform", "truncated_normal"]
WaveOrder: TypeAlias = Literal["interleaved", "halves", "grid"]
Nonlinearity: TypeAlias = Literal[
    "linear",
    "identity",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "selu",
    "gelu",
    "silu",
    "swish",
    "mish",
    "elu",
    "softplus",
]
