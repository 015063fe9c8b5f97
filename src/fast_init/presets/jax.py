"""The initialisers of jax.nn.initializers and the defaults of Flax's layers.

Sources: jax/_src/nn/initializers.py, JAX 0.10; flax/linen and flax/nnx, Flax 0.12.
"""

from __future__ import annotations

from ..schemes.distributions import Constant, Normal, TruncatedNormal, Uniform, ones, zeros
from ..schemes.orthogonal import DeltaOrthogonal, Orthogonal
from ..schemes.variance_scaling import VarianceScaling
from .shared import FAMILIES, IO, Table, scaled

__all__ = ["JAX"]

INITIALIZERS: Table = {
    **FAMILIES,
    **{
        f"{other}_{law}": FAMILIES[f"{name}_{law}"]
        for name, other in {"he": "kaiming", "glorot": "xavier"}.items()
        for law in ("normal", "uniform")
    },
    "zeros": zeros,
    "ones": ones,
    "constant": lambda value: Constant(value),
    "uniform": lambda scale=0.01: Uniform(0.0, scale),
    "normal": lambda stddev=0.01: Normal(0.0, stddev),
    "truncated_normal": lambda stddev=0.01, lower=-2.0, upper=2.0: TruncatedNormal(0.0, stddev, lower, upper, "sigma"),
    "variance_scaling": lambda scale, mode, distribution, layout=IO: VarianceScaling(scale, mode, distribution, layout),
    "orthogonal": lambda scale=1.0, layout=IO: Orthogonal(scale, layout),
    "delta_orthogonal": lambda scale=1.0, layout=IO: DeltaOrthogonal(scale, layout),
}

LINEN = ["Dense", "Conv", "ConvLocal", "ConvTranspose", "Einsum"]
RECURRENT = ["LSTMCell", "OptimizedLSTMCell", "GRUCell", "SimpleCell"]
ATTENTION = ["MultiHeadDotProductAttention", "MultiHeadAttention", "SelfAttention"]
NORMS = ["BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm"]
# DenseGeneral's initialiser sees a matrix, all inputs x all outputs, so its fans are true ones.
PROJECTIONS = {"query": "ioo", "key": "ioo", "value": "ioo", "out": "iio"}

KERNELS: Table = {
    **dict.fromkeys([*LINEN, "Linear", *RECURRENT], FAMILIES["lecun_normal"]),  # Linear is nnx's Dense
    **dict.fromkeys(
        ["DenseGeneral", "LinearGeneral"],
        lambda layout: VarianceScaling(1.0, "fan_in", "truncated_normal", layout),
    ),
}
LAYERS: Table = {
    **KERNELS,
    **{f"{layer}.kernel": make for layer, make in KERNELS.items()},
    **dict.fromkeys([f"{layer}.recurrent_kernel" for layer in RECURRENT], lambda: Orthogonal(1.0, IO)),
    **{
        f"{layer}.{projection}": scaled(1.0, "fan_in", "truncated_normal", layout)
        for layer in ATTENTION
        for projection, layout in PROJECTIONS.items()
    },
    **dict.fromkeys([f"{layer}.bias" for layer in [*KERNELS, *ATTENTION, *NORMS]], zeros),
    **dict.fromkeys([f"{layer}.scale" for layer in [*NORMS, "RMSNorm"]], ones),
    "Embed": scaled(1.0, "fan_in", "normal", "oi"),  # variance 1 / features: in_axis=-2 and out_axis=0 are one axis
    "PReLU": lambda negative_slope_init=0.01: Constant(negative_slope_init),
}

JAX: Table = {**INITIALIZERS, **LAYERS}
