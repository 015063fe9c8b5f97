"""PyTorch: tensors on any device, DTensors and modules, filled with the bits that NumPy arrays get.

Examples
--------
>>> import fast_init.torch
>>> w = fast_init.torch.he_normal_(torch.empty(64, 128), nonlinearity="relu", seed=42, name="w")
>>> bool((w.numpy() == fast_init.he_normal_(np.empty((64, 128), np.float32), seed=42, name="w")).all())
True
"""

from .accelerate import accelerate
from .building import build
from .constants import constant_, dirac_, eye_, ones_, zeros_
from .he import he_normal_, he_uniform_, kaiming_normal_, kaiming_uniform_
from .materialize import init_, materialize_
from .normal import normal_, trunc_normal_
from .orthogonal import delta_orthogonal_, orthogonal_, sparse_
from .placements import shard_of
from .recording import record
from .recordings import Recording
from .uniform import bits_, uniform_
from .variance_scaling import lecun_normal_, lecun_uniform_, variance_scaling_
from .xavier import glorot_normal_, glorot_uniform_, xavier_normal_, xavier_uniform_

__all__ = [
    "Recording",
    "accelerate",
    "bits_",
    "build",
    "constant_",
    "delta_orthogonal_",
    "dirac_",
    "eye_",
    "glorot_normal_",
    "glorot_uniform_",
    "he_normal_",
    "he_uniform_",
    "init_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "materialize_",
    "normal_",
    "ones_",
    "orthogonal_",
    "record",
    "shard_of",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "variance_scaling_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
