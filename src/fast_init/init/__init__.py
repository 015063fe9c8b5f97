"""The functions with an underscore, in place, as in torch.nn.init: each applies a record."""

from .bits import bits_
from .constants import constant_, ones_, zeros_
from .he import he_normal_, he_uniform_, kaiming_normal_, kaiming_uniform_
from .lecun import lecun_normal_, lecun_uniform_
from .normal import normal_, trunc_normal_
from .orthogonal import delta_orthogonal_, orthogonal_
from .structured import dirac_, eye_, sparse_
from .uniform import uniform_
from .variance_scaling import variance_scaling_
from .xavier import glorot_normal_, glorot_uniform_, xavier_normal_, xavier_uniform_

__all__ = [
    "bits_",
    "constant_",
    "delta_orthogonal_",
    "dirac_",
    "eye_",
    "glorot_normal_",
    "glorot_uniform_",
    "he_normal_",
    "he_uniform_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "variance_scaling_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
