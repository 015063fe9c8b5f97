"""The initialisers of TensorFlow 1: tf.contrib.layers, tf.*_initializer and tf.initializers.

Sources: tensorflow/contrib/layers/python/layers/initializers.py and tensorflow/python/ops/init_ops.py of TensorFlow
1.15, as read: no TensorFlow 1 runs on a current Python.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..schemes.distributions import Constant, Normal, TruncatedNormal, Uniform, ones, zeros
from ..schemes.names import Mode
from ..schemes.orthogonal import DeltaOrthogonal
from ..schemes.scheme import Scheme
from ..schemes.variance_scaling import TRUNCATED_STD, VarianceScaling
from .keras import MODES, orthogonal, variance_scaling
from .shared import FAMILIES, IO, Table, chosen, identity

__all__ = ["TF1"]

ContribMode: TypeAlias = Literal["FAN_IN", "FAN_OUT", "FAN_AVG"]

UPPER: dict[str, Mode] = {name.upper(): mode for name, mode in MODES.items()}


def contrib(factor: float = 2.0, mode: ContribMode = "FAN_IN", uniform: bool = False, layout: str = IO) -> Scheme:
    """Return contrib's: its normal has sigma = sqrt(1.3 factor / n) before it is cut at two sigmas."""
    fan = chosen("mode", mode, UPPER)
    if uniform:
        return VarianceScaling(factor, fan, "uniform", layout)
    return VarianceScaling(1.3 * TRUNCATED_STD**2 * factor, fan, "truncated_normal", layout)


CORE: Table = {
    "zeros": zeros,
    "ones": ones,
    "constant": lambda value=0.0: Constant(value),
    "random_uniform": lambda minval=0.0, maxval=None: Uniform(minval, 1.0 if maxval is None else maxval),
    "random_normal": lambda mean=0.0, stddev=1.0: Normal(mean, stddev),
    "truncated_normal": lambda mean=0.0, stddev=1.0: TruncatedNormal(mean, stddev, -2.0, 2.0, "sigma"),
    "uniform_unit_scaling": lambda factor=1.0, layout=IO: VarianceScaling(factor**2, "fan_in", "uniform", layout),
    "orthogonal": orthogonal,
    "identity": identity,
    "glorot_normal": FAMILIES["glorot_normal"],
    "glorot_uniform": FAMILIES["glorot_uniform"],
}

TF1: Table = {
    **FAMILIES,
    **CORE,
    **{f"{name}_initializer": make for name, make in CORE.items()},
    "variance_scaling": variance_scaling,
    "convolutional_delta_orthogonal": lambda gain=1.0, layout=IO: DeltaOrthogonal(gain, layout),
    "get_variable": FAMILIES["glorot_uniform"],
    "variance_scaling_initializer": contrib,
    "xavier_initializer": lambda uniform=True, layout=IO: contrib(1.0, "FAN_AVG", uniform, layout),
    "xavier_initializer_conv2d": lambda uniform=True, layout=IO: contrib(1.0, "FAN_AVG", uniform, layout),
}
