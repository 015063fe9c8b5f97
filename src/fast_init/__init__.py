"""Initialise neural-network weights on a CPU: in place, fast, and the same bits everywhere."""

from typing import Any

from .checkpoints.writing import write_checkpoint
from .init import (
    bits_,
    constant_,
    delta_orthogonal_,
    dirac_,
    eye_,
    glorot_normal_,
    glorot_uniform_,
    he_normal_,
    he_uniform_,
    kaiming_normal_,
    kaiming_uniform_,
    lecun_normal_,
    lecun_uniform_,
    normal_,
    ones_,
    orthogonal_,
    sparse_,
    trunc_normal_,
    uniform_,
    variance_scaling_,
    xavier_normal_,
    xavier_uniform_,
    zeros_,
)
from .presets import from_jax, from_keras, from_tf1, from_torch
from .recipes.formula import formula
from .recipes.recipe import Recipe
from .recipes.report import Report
from .recipes.rule import Rule
from .sampling.config import show_config
from .sampling.destinations import EmptyArrayWarning
from .schemes.check import Check
from .schemes.distributions import Constant as constant
from .schemes.distributions import Normal as normal
from .schemes.distributions import TruncatedNormal as trunc_normal
from .schemes.distributions import Uniform as uniform
from .schemes.distributions import ones, zeros
from .schemes.fans import Fans, compute_fans
from .schemes.gains import calculate_gain
from .schemes.icnr import Icnr as icnr
from .schemes.literal import Literal as literal
from .schemes.log_of_uniform import LogOfUniform as log_of_uniform
from .schemes.log_uniform import InvSoftplusLogUniform as inv_softplus_log_uniform
from .schemes.log_uniform import LogUniform as log_uniform
from .schemes.orthogonal import DeltaOrthogonal as delta_orthogonal
from .schemes.orthogonal import Orthogonal as orthogonal
from .schemes.ramps import LogArange as log_arange
from .schemes.ramps import Ramp as ramp
from .schemes.scheme import Scheme
from .schemes.sinusoids import Sinusoidal as sinusoidal
from .schemes.structured import Dirac as dirac
from .schemes.structured import Eye as eye
from .schemes.structured import Sparse as sparse
from .schemes.variance_scaling import VarianceScaling as variance_scaling
from .schemes.variance_scaling import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    kaiming_normal,
    kaiming_uniform,
    lecun_normal,
    lecun_uniform,
    xavier_normal,
    xavier_uniform,
)
from .verification.verdict import Verdict
from .verification.verify import verify

__all__ = [
    "Check",
    "EmptyArrayWarning",
    "Fans",
    "Recipe",
    "Report",
    "Rule",
    "Scheme",
    "Verdict",
    "bits_",
    "calculate_gain",
    "compute_fans",
    "constant",
    "constant_",
    "delta_orthogonal",
    "delta_orthogonal_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "formula",
    "from_jax",
    "from_keras",
    "from_tf1",
    "from_torch",
    "glorot_normal",
    "glorot_normal_",
    "glorot_uniform",
    "glorot_uniform_",
    "he_normal",
    "he_normal_",
    "he_uniform",
    "he_uniform_",
    "icnr",
    "inv_softplus_log_uniform",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "lecun_normal",
    "lecun_normal_",
    "lecun_uniform",
    "lecun_uniform_",
    "literal",
    "log_arange",
    "log_of_uniform",
    "log_uniform",
    "normal",
    "normal_",
    "ones",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "ramp",
    "show_config",
    "sinusoidal",
    "sparse",
    "sparse_",
    "trunc_normal",
    "trunc_normal_",
    "uniform",
    "uniform_",
    "variance_scaling",
    "variance_scaling_",
    "verify",
    "write_checkpoint",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros",
    "zeros_",
]


ROOMS = ("jax", "keras", "recipes", "study", "torch")  # public, and imported when they are asked for


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("fast_init")
    if name not in ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return [*__all__, *ROOMS]
