"""The initialisers of keras.initializers and the defaults of Keras's layers.

Sources: keras/src/initializers/*.py and the constructors in keras/src/layers, Keras 3.15.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from ..schemes.distributions import Constant, Normal, TruncatedNormal, Uniform, ones, zeros
from ..schemes.names import Mode, ScalingDistribution
from ..schemes.orthogonal import Orthogonal
from ..schemes.scheme import Scheme
from ..schemes.variance_scaling import VarianceScaling
from .shared import FAMILIES, IO, Table, chosen, identity, scaled

__all__ = ["KERAS", "MODES", "orthogonal", "variance_scaling"]

KerasMode: TypeAlias = Literal["fan_in", "fan_out", "fan_avg"]
KerasDistribution: TypeAlias = Literal["truncated_normal", "normal", "untruncated_normal", "uniform"]

MODES: dict[str, Mode] = {"fan_in": "fan_in", "fan_out": "fan_out", "fan_avg": "fan_avg"}
DISTRIBUTIONS: dict[str, ScalingDistribution] = {  # theirs: ours
    "truncated_normal": "truncated_normal",
    "normal": "truncated_normal",  # sic
    "untruncated_normal": "normal",
    "uniform": "uniform",
}


def variance_scaling(
    scale: float = 1.0,
    mode: KerasMode = "fan_in",
    distribution: KerasDistribution = "truncated_normal",
    layout: str = IO,
) -> Scheme:
    """Return Keras's and TensorFlow's VarianceScaling."""
    fan, law = chosen("mode", mode, MODES), chosen("distribution", distribution, DISTRIBUTIONS)
    return VarianceScaling(scale, fan, law, layout)


def orthogonal(gain: float = 1.0, layout: str = IO) -> Scheme:
    """Return Keras's and TensorFlow's Orthogonal."""
    return Orthogonal(gain, layout)


CLASSES: Table = {
    **{name.title().replace("_", ""): make for name, make in FAMILIES.items()},
    "Constant": lambda value=0.0: Constant(value),
    "Identity": identity,
    "Ones": ones,
    "Orthogonal": orthogonal,
    "RandomNormal": lambda mean=0.0, stddev=0.05: Normal(mean, stddev),
    "RandomUniform": lambda minval=-0.05, maxval=0.05: Uniform(minval, maxval),
    "TruncatedNormal": lambda mean=0.0, stddev=0.05: TruncatedNormal(mean, stddev, -2.0, 2.0, "sigma"),
    "VarianceScaling": variance_scaling,
    "Zeros": zeros,
}
INITIALIZERS: Table = {
    **CLASSES,
    **{re.sub(r"\B([A-Z])", r"_\1", name).lower(): make for name, make in CLASSES.items()},
    "IdentityInitializer": CLASSES["Identity"],
    "OrthogonalInitializer": CLASSES["Orthogonal"],
    "normal": CLASSES["RandomNormal"],
    "one": ones,
    "uniform": CLASSES["RandomUniform"],
    "zero": zeros,
}

DENSE = ["Dense", "EinsumDense"]
SIZES = ("1D", "2D", "3D")
CONVOLUTIONS = [f"Conv{n}{transpose}" for n in SIZES for transpose in ("", "Transpose")]
DEPTHWISE = ["DepthwiseConv1D", "DepthwiseConv2D"]
SEPARABLE = ["SeparableConv1D", "SeparableConv2D"]
GATED = ["LSTM", "LSTMCell", *(f"ConvLSTM{n}" for n in SIZES)]  # a part of whose bias is 1
RECURRENT = ["SimpleRNN", "SimpleRNNCell", "GRU", "GRUCell"]
ATTENTION = ["MultiHeadAttention", "GroupQueryAttention"]
PROJECTIONS = {"query": "ioo", "key": "ioo", "value": "ioo", "attention_output": "iio"}

KERNELS: Table = {
    **dict.fromkeys(["Dense", *CONVOLUTIONS, *DEPTHWISE, *GATED, *RECURRENT], FAMILIES["glorot_uniform"]),
    "EinsumDense": lambda layout: VarianceScaling(1.0, "fan_avg", "uniform", layout),  # the equation decides
}
LAYERS: Table = {
    **KERNELS,
    **{f"{layer}.kernel": make for layer, make in KERNELS.items()},
    **dict.fromkeys([f"{layer}.depthwise_kernel" for layer in SEPARABLE], FAMILIES["glorot_uniform"]),
    **dict.fromkeys([f"{layer}.pointwise_kernel" for layer in SEPARABLE], FAMILIES["glorot_uniform"]),
    **dict.fromkeys([f"{layer}.recurrent_kernel" for layer in [*GATED, *RECURRENT]], lambda: orthogonal()),
    **dict.fromkeys(
        [f"{layer}.bias" for layer in [*DENSE, *CONVOLUTIONS, *DEPTHWISE, *SEPARABLE, *RECURRENT, *ATTENTION]], zeros
    ),
    **{
        f"{layer}.{projection}": scaled(1.0, "fan_avg", "uniform", layout)
        for layer in ATTENTION
        for projection, layout in PROJECTIONS.items()
    },
    **dict.fromkeys(["Embedding", "ReversibleEmbedding"], lambda: Uniform(-0.05, 0.05)),
    **{
        f"{layer}Normalization.{weight}": make
        for layer in ("Batch", "Layer", "Group")
        for weight, make in {"gamma": ones, "beta": zeros}.items()
    },
    "BatchNormalization.moving_mean": zeros,
    "BatchNormalization.moving_variance": ones,
    "RMSNormalization.scale": ones,
    "PReLU.alpha": zeros,
}

KERAS: Table = {**INITIALIZERS, **LAYERS}
