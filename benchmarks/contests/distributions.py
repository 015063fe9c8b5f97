"""Large buffers in use already: normal, uniform and truncated normal numbers, one thread unless named."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

import fast_init as fi

from .. import mkl
from ..contest import Contestant, warm
from ..peers import (
    jax_normal,
    mkl_gaussians,
    mkl_uniform,
    numpy_generators,
    ours,
    peer,
    randomgen_sfc64,
    torch_init,
)

NORMAL = fi.normal()
UNIFORM = fi.uniform()
PHILOX = ("PHILOX4X32X10",)


def normal_float32(n: int) -> list[Contestant]:
    """Standard normals into one buffer, and what it costs to write it at all."""
    a = warm(n, np.float32)
    b = warm(n, np.float32)
    words = a.view(np.uint32)
    entered = [
        ours("fast_init", fi.normal_, a, NORMAL),
        ours("fast_init, 2 threads", fi.normal_, a, NORMAL, 2),
        ours("he_normal_", fi.he_normal_, a.reshape(-1, 4096), fi.he_normal()),
        ours("bits_", fi.bits_, words, UNIFORM),
        ours("bits_, 2 threads", fi.bits_, words, UNIFORM, 2),
        Contestant("np.fill", lambda: a.fill(0.0), fi.zeros(), a),
        Contestant("memcpy", lambda: np.copyto(a, b), fi.ones(), a),
        *numpy_generators(a, NORMAL),
    ]
    with peer("torch"):
        entered.append(torch_init("torch", a, NORMAL))
    with peer("oneMKL"):
        entered += mkl_gaussians(a, NORMAL, tuple(mkl.GENERATORS))
    with peer("randomgen"):
        entered.append(randomgen_sfc64(a, NORMAL))
    with peer("jax"):
        entered.append(jax_normal(n, NORMAL))
    return entered


def normal_float64(n: int) -> list[Contestant]:
    """The same in double precision."""
    a = warm(n, np.float64)
    entered = [ours("fast_init", fi.normal_, a, NORMAL), *numpy_generators(a, NORMAL)]
    with peer("oneMKL"):
        entered += mkl_gaussians(a, NORMAL, PHILOX)
    with peer("torch"):
        entered.append(torch_init("torch", a, NORMAL))
    return entered


def normal_16_bit(n: int) -> list[Contestant]:
    """Does rounding to 16 bits cost anything?"""
    entered = [ours(dtype, fi.normal_, warm(n, dtype), NORMAL) for dtype in ("float32", "float16")]
    with peer("ml_dtypes"):
        import ml_dtypes

        entered.append(ours("bfloat16", fi.normal_, warm(n, ml_dtypes.bfloat16), NORMAL))
        with peer("torch"):
            entered.append(torch_init("torch bfloat16", warm(n, ml_dtypes.bfloat16), NORMAL))
    return entered


def normal_on_one_level(n: int) -> list[Contestant]:
    """fast_init on the level that the contest forces."""
    a = warm(n, np.float32)
    return [ours("fast_init", fi.normal_, a, NORMAL), *numpy_generators(a, NORMAL)]


def uniform_float32(n: int) -> list[Contestant]:
    """On [0, 1), where NumPy has no pass to scale."""
    a = warm(n, np.float32)
    entered = [ours("fast_init", fi.uniform_, a, UNIFORM), *numpy_generators(a, UNIFORM, "random")]
    with peer("oneMKL"):
        entered.append(mkl_uniform(a, UNIFORM))
    return entered


def truncated(n: int, dtype: npt.DTypeLike) -> list[Contestant]:
    """Bounds in sigmas: around the mean, one-sided, far; torch's has the same bounds."""
    a = warm(n, dtype)
    entered = [ours("normal_", fi.normal_, a, NORMAL)]
    for low, high in ((-2.0, 2.0), (-3.0, 3.0), (0.0, inf), (8.0, inf)):
        bounds: dict[str, Any] = {"a": low, "b": high, "bounds": "sigma"}
        entered.append(ours(f"[{low:g}, {high:g}]", fi.trunc_normal_, a, fi.trunc_normal(**bounds), **bounds))
    with peer("torch"):
        entered.append(torch_init("torch [-2, 2]", a, fi.trunc_normal(), "trunc_normal_"))
    return entered
