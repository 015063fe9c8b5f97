"""Initialise neural-network weights on a CPU: in place, fast, and the same bits everywhere."""

from .config import show_config
from .distributions import bits_, constant_, normal_, ones_, uniform_, zeros_
from .fans import Fans, compute_fans
from .gains import calculate_gain
from .initializers import (
    glorot_normal_,
    glorot_uniform_,
    he_normal_,
    he_uniform_,
    kaiming_normal_,
    kaiming_uniform_,
    lecun_normal_,
    lecun_uniform_,
    xavier_normal_,
    xavier_uniform_,
)

__all__ = [
    "Fans",
    "bits_",
    "calculate_gain",
    "compute_fans",
    "constant_",
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
    "show_config",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
