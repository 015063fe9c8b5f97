"""JAX: arrays on any mesh and pytrees of weights, with the bits that NumPy arrays get. Needs the extra `jax`.

Examples
--------
>>> import fast_init.jax
>>> w = fast_init.jax.array((64, 128), "float32", fast_init.he_normal(), seed=42, name="w")
>>> bool((np.asarray(w) == fast_init.he_normal().new((64, 128), seed=42, name="w")).all())
True
"""

from .arrays import array
from .initializers import Initializer as initializer
from .trees import init

__all__ = ["array", "init", "initializer"]
