"""Initialise neural-network weights on a CPU: in place, fast, and the same bits everywhere."""

from .checkpoints import write_checkpoint
from .config import show_config
from .constants import constant_, ones_, zeros_
from .destinations import EmptyArrayWarning
from .distributions import bits_, normal_, trunc_normal_, uniform_
from .fans import Fans, compute_fans
from .gains import calculate_gain
from .initializers import (
    glorot_normal_,
    glorot_uniform_,
    he_normal_,
    he_uniform_,
    kaiming_normal_,
    kaiming_uniform_,
    xavier_normal_,
    xavier_uniform_,
)
from .laws import Constant as constant
from .laws import Normal as normal
from .laws import TruncatedNormal as trunc_normal
from .laws import Uniform as uniform
from .laws import ones, zeros
from .matrix_initializers import delta_orthogonal_, dirac_, eye_, orthogonal_, sparse_
from .orthogonal_schemes import DeltaOrthogonal as delta_orthogonal
from .orthogonal_schemes import Orthogonal as orthogonal
from .patterns import Dirac as dirac
from .patterns import Eye as eye
from .patterns import Sparse as sparse
from .presets import from_jax, from_keras, from_tf1, from_torch
from .recipe import Recipe, Rule
from .reports import Report
from .scaled_initializers import lecun_normal_, lecun_uniform_, variance_scaling_
from .scaling import VarianceScaling as variance_scaling
from .scaling import (
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
from .schemes import Scheme
from .verdicts import Check, Verdict
from .verification import verify

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
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "lecun_normal",
    "lecun_normal_",
    "lecun_uniform",
    "lecun_uniform_",
    "normal",
    "normal_",
    "ones",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "show_config",
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
