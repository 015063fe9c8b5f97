"""The same distributions by NumPy, for the demo's comparison."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..sampling.destinations import Array
from .demo_checks import BLOCK, blocks
from .gpt2_shapes import Tensor

__all__ = ["numpy_fill"]


def numpy_fill(seed: int) -> Callable[[Array, Tensor], None]:
    """Return the fill of the same distributions by NumPy's fastest generator.

    NumPy has no 16-bit normals: it draws float32 ones, a block in the cache at a time, and casts them.
    """
    generator = np.random.Generator(np.random.SFC64(seed))
    scratch = np.zeros(BLOCK, np.float32)

    def fill_one(array: Array, tensor: Tensor) -> None:
        std = tensor.std
        if std == 0:
            array.fill(tensor.mean)
        elif array.itemsize > 2:
            generator.standard_normal(out=array, dtype=array.dtype)
            array *= std
        else:
            for block in blocks(array):
                draws = scratch[: block.size]
                generator.standard_normal(out=draws, dtype=np.float32)
                draws *= std
                block[...] = draws

    return fill_one
