"""The questions of docs/performance.md: who fills what, side by side.

A contest is a dict of contestants, each a call that fills an array of `elements` elements once. Peers that
are not installed are left out and named in `MISSING`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import fast_init
from fast_init.sampling.threads import DEFAULT_THREADS

from . import mkl
from .laws import Array
from .peers import NUMPY_BITS, SEED

Call = Callable[[], object]
Calls = dict[str, Call]

MISSING: dict[str, str] = {}  # peer -> why


@dataclass(frozen=True)
class Contest:
    """Calls that are timed in turn; `repeat` of them make one measurement where one is too short."""

    name: str
    elements: int
    calls: Calls
    repeat: int = 1


@contextmanager
def peer(name: str) -> Iterator[None]:
    """Leave the peer out, and say why, if it cannot be imported or loaded."""
    try:
        yield
    except (ImportError, OSError) as error:
        MISSING[name] = str(error).splitlines()[0]


def ours(function: Callable[..., object], array: Array, threads: int, **options: Any) -> Call:
    return lambda: function(array, seed=SEED, threads=threads, **options)


def warm(elements: int, dtype: Any) -> Array:
    return np.ones(elements, dtype)


def numpy_calls(array: Array, method: str = "standard_normal") -> Calls:
    draws = {f"NumPy {bit.__name__}": getattr(np.random.Generator(bit(SEED)), method) for bit in NUMPY_BITS}
    return {name: into(draw, array) for name, draw in draws.items()}


def into(draw: Callable[..., Array], array: Array) -> Call:
    dtype = array.dtype
    return lambda: draw(out=array, dtype=dtype)


def torch_call(array: Array, name: str = "normal_", bfloat16: bool = False) -> Call:
    import torch

    torch.set_num_threads(1)
    tensor = torch.from_numpy(array)
    if bfloat16:
        tensor = tensor.view(torch.bfloat16)
    function = getattr(torch.nn.init, name)
    return lambda: function(tensor)


def bfloat16(elements: int) -> Array:
    import ml_dtypes

    return warm(elements, ml_dtypes.bfloat16)


def normal_float32(n: int) -> Contest:
    """Standard normals into one float32 buffer, and what it costs to write it at all."""
    a = warm(n, np.float32)
    b = warm(n, np.float32)
    calls: Calls = {
        "fast_init": ours(fast_init.normal_, a, 1),
        "fast_init, 2 threads": ours(fast_init.normal_, a, 2),
        "he_normal_": ours(fast_init.he_normal_, a.reshape(-1, 4096), 1),
        "bits_": ours(fast_init.bits_, a.view(np.uint32), 1),
        "bits_, 2 threads": ours(fast_init.bits_, a.view(np.uint32), 2),
        "np.fill": lambda: a.fill(0.0),
        "memcpy": lambda: np.copyto(a, b),
        **numpy_calls(a),
    }
    with peer("torch"):
        calls["torch"] = torch_call(a)
    with peer("oneMKL"):
        for generator in mkl.GENERATORS:
            for method in mkl.GAUSSIANS:
                calls[f"oneMKL {generator} {method}"] = mkl.gaussian(generator, method, a)
    with peer("randomgen"):
        import randomgen

        draw = np.random.Generator(randomgen.SFC64(SEED)).standard_normal
        calls["randomgen SFC64"] = lambda: draw(out=a, dtype=np.float32)
    with peer("jax"):
        import jax

        jax.config.update("jax_platforms", "cpu")
        key, sample = jax.random.key(SEED), jax.jit(jax.random.normal, static_argnums=1)
        calls["JAX threefry (all threads)"] = lambda: sample(key, (n,)).block_until_ready()
    return Contest("normal float32", n, calls)


def normal_float64(n: int) -> Contest:
    a = warm(n, np.float64)
    calls = {"fast_init": ours(fast_init.normal_, a, 1), **numpy_calls(a)}
    with peer("oneMKL"):
        for method in mkl.GAUSSIANS:
            calls[f"oneMKL PHILOX4X32X10 {method}"] = mkl.gaussian("PHILOX4X32X10", method, a)
    with peer("torch"):
        calls["torch"] = torch_call(a)
    return Contest("normal float64", n, calls)


def normal_16_bit(n: int) -> Contest:
    calls: Calls = {
        "float32": ours(fast_init.normal_, warm(n, np.float32), 1),
        "float16": ours(fast_init.normal_, warm(n, np.float16), 1),
    }
    with peer("ml_dtypes"):
        calls["bfloat16"] = ours(fast_init.normal_, bfloat16(n), 1)
    with peer("torch"):
        calls["torch bfloat16"] = torch_call(warm(n, np.int16), bfloat16=True)
    return Contest("normal 16-bit", n, calls)


def uniform_float32(n: int) -> Contest:
    a = warm(n, np.float32)
    calls = {"fast_init": ours(fast_init.uniform_, a, 1), **numpy_calls(a, "random")}
    with peer("oneMKL"):
        calls["oneMKL PHILOX4X32X10"] = mkl.uniform("PHILOX4X32X10", a)
    return Contest("uniform float32", n, calls)


def normal_forced(n: int) -> Contest:
    """Run with FAST_INIT_ISA=avx2."""
    a = warm(n, np.float32)
    return Contest("normal float32, AVX2", n, {"fast_init": ours(fast_init.normal_, a, 1), **numpy_calls(a)})


def scaling(n: int) -> Contest:
    """1, 2, 4 ... threads up to the default."""
    a = warm(n, np.float32)
    counts = sorted({*(1 << k for k in range(DEFAULT_THREADS.bit_length())), DEFAULT_THREADS})
    calls = {f"{k} threads": ours(fast_init.normal_, a, k) for k in counts}
    return Contest(f"threads, {n >> 20} Mi", n, calls, repeat=max(1, (1 << 24) // n))


def fresh_memory(n: int) -> Contest:
    generators = {b.__name__: np.random.Generator(b(SEED)) for b in NUMPY_BITS}
    scale = np.float32(0.02)

    def numpy_idiom(generator: np.random.Generator) -> Call:
        return lambda: generator.standard_normal(n, np.float32) * scale

    return Contest(
        "fresh float32",
        n,
        {
            "fast_init": lambda: fast_init.normal_(np.empty(n, np.float32), 0.0, 0.02, seed=SEED),
            "np.empty + fill": lambda: np.empty(n, np.float32).fill(0.0),
            **{f"NumPy {name}": numpy_idiom(generator) for name, generator in generators.items()},
        },
    )


def strided(n: int) -> Contest:
    side = int(n**0.5)
    whole = np.ones((side, 2 * side), np.float32)
    square = np.ones((side, side), np.float32)
    return Contest(
        "strided float32",
        side * side,
        {
            "contiguous": ours(fast_init.normal_, square, 1),
            "column block": ours(fast_init.normal_, whole[:, :side], 1),
            "transposed": ours(fast_init.normal_, square.T, 1),
        },
    )


def small(n: int) -> Contest:
    a = warm(n, np.float32)
    calls: Calls = {"fast_init": lambda: fast_init.normal_(a, seed=SEED), **numpy_calls(a)}
    with peer("torch"):
        calls["torch.nn.init"] = torch_call(a)
    return Contest(f"small, {n}", n, calls, repeat=20000 // (1 + n // 50))


def cached(n: int) -> Contest:
    """In the second-level cache: arithmetic alone."""
    a = warm(n, np.float32)
    calls = {"normal_": ours(fast_init.normal_, a, 1), "bits_": ours(fast_init.bits_, a.view(np.uint32), 1)}
    return Contest("cached float32", n, calls, repeat=500)
