"""The functions of torch.nn.init and the defaults of torch.nn's layers.

Sources: torch/nn/init.py and the reset_parameters of torch/nn/modules/*.py, PyTorch 2.13.
"""

from __future__ import annotations

from math import sqrt

from ..sampling.numbers import positive_int
from ..schemes.distributions import Constant, Normal, TruncatedNormal, Uniform, ones, zeros
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode
from ..schemes.orthogonal import Orthogonal
from ..schemes.scheme import Scheme
from ..schemes.structured import Dirac, Eye, Sparse
from ..schemes.variance_scaling import VarianceScaling, he_normal, he_uniform, xavier_normal, xavier_uniform
from .shared import Maker, Table, chosen

__all__ = ["TORCH"]

MODES: dict[str, Mode] = {"fan_in": "fan_in", "fan_out": "fan_out"}
SIZES = ("1d", "2d", "3d")


def _kaiming(he: Maker) -> Maker:
    return lambda a=0.0, mode="fan_in", nonlinearity="leaky_relu", layout=DEFAULT_LAYOUT: he(
        a, chosen("mode", mode, MODES), nonlinearity, layout=layout
    )


INITIALIZERS: Table = {
    "uniform_": lambda a=0.0, b=1.0: Uniform(a, b),
    "normal_": lambda mean=0.0, std=1.0: Normal(mean, std),
    "trunc_normal_": lambda mean=0.0, std=1.0, a=-2.0, b=2.0: TruncatedNormal(mean, std, a, b, "absolute"),
    "constant_": lambda val: Constant(val),
    "ones_": ones,
    "zeros_": zeros,
    "eye_": lambda: Eye(),
    "dirac_": lambda groups=1: Dirac(groups),
    "xavier_uniform_": lambda gain=1.0, layout=DEFAULT_LAYOUT: xavier_uniform(gain, layout=layout),
    "xavier_normal_": lambda gain=1.0, layout=DEFAULT_LAYOUT: xavier_normal(gain, layout=layout),
    "kaiming_uniform_": _kaiming(he_uniform),
    "kaiming_normal_": _kaiming(he_normal),
    "orthogonal_": lambda gain=1.0, layout=DEFAULT_LAYOUT: Orthogonal(gain, layout),
    "sparse_": lambda sparsity, std=0.01: Sparse(sparsity, std),
}
LATER = ("trunc_normal_", "ones_", "zeros_")  # than the underscore; torch has the older names of the others, and warns
DEPRECATED: Table = {name[:-1]: make for name, make in INITIALIZERS.items() if name not in LATER}


def _within_root(what: str, n: int) -> Scheme:
    """U(-1 / sqrt(n), 1 / sqrt(n))."""
    limit = 1 / sqrt(positive_int(what, n))
    return Uniform(-limit, limit)


def _linear(layout: str = DEFAULT_LAYOUT) -> Scheme:
    """kaiming_uniform_(a=sqrt(5)), which is U(-1 / sqrt(fan_in), 1 / sqrt(fan_in))."""
    return he_uniform(sqrt(5), layout=layout)


LINEAR = ["Linear", *(f"Conv{transpose}{n}" for transpose in ("", "Transpose") for n in SIZES)]
RECURRENT = [f"{kind}{cell}" for kind in ("RNN", "LSTM", "GRU") for cell in ("", "Cell")]
BATCHES = [f"{kind}{n}" for kind in ("BatchNorm", "InstanceNorm") for n in SIZES]
NORMS = [*BATCHES, "SyncBatchNorm", "GroupNorm", "LayerNorm"]

WEIGHTS: Table = {
    **dict.fromkeys(LINEAR, _linear),
    "Bilinear": lambda layout="oie": VarianceScaling(1 / 3, "fan_in", "uniform", layout),  # the first input's size
    **dict.fromkeys(["Embedding", "EmbeddingBag"], lambda: Normal(0.0, 1.0)),
    **dict.fromkeys([*NORMS, "RMSNorm"], ones),
    "PReLU": lambda init=0.25: Constant(init),
}
LAYERS: Table = {
    **WEIGHTS,
    **{f"{layer}.weight": make for layer, make in WEIGHTS.items()},
    **dict.fromkeys(
        [f"{layer}.bias" for layer in [*LINEAR, "Bilinear"]], lambda fan_in: _within_root("fan_in", fan_in)
    ),
    **dict.fromkeys([f"{layer}.bias" for layer in NORMS], zeros),
    **dict.fromkeys(RECURRENT, lambda hidden_size: _within_root("hidden_size", hidden_size)),
    **{
        f"MultiheadAttention.{weight}": INITIALIZERS["xavier_uniform_"]
        for weight in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight")
    },
    "MultiheadAttention.in_proj_bias": zeros,
    **dict.fromkeys(["MultiheadAttention.bias_k", "MultiheadAttention.bias_v"], INITIALIZERS["xavier_normal_"]),
    "MultiheadAttention.out_proj.weight": _linear,
    "MultiheadAttention.out_proj.bias": zeros,
    "Transformer": INITIALIZERS["xavier_uniform_"],  # its parameters of two axes or more
}

TORCH: Table = {**INITIALIZERS, **DEPRECATED, **LAYERS}
