"""Who is compared: fast_init, NumPy's generators, and libraries that may not be installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np
from numpy.random import PCG64, SFC64, Generator, Philox

from fast_init import Scheme

from . import mkl
from .contest import Array, Call, Contestant

SEED = 42
NumpyBits: TypeAlias = SFC64 | PCG64 | Philox
NUMPY_BITS: tuple[type[NumpyBits], ...] = (SFC64, PCG64, Philox)
MISSING: dict[str, str] = {}  # peer -> why


@contextmanager
def peer(name: str) -> Iterator[None]:
    """Leave the peer out, and say why, if it cannot be imported or loaded."""
    try:
        yield
    except (ImportError, OSError) as error:
        MISSING[name] = str(error).splitlines()[0]


def ours(
    name: str, function: Callable[..., object], array: Array, scheme: Scheme, threads: int | None = 1, **options: Any
) -> Contestant:
    """Return fast_init's function on the array; threads None: all."""
    return Contestant(
        name, lambda: function(array, seed=SEED, threads=threads, **options), scheme, array, same_again=True
    )


def numpy_generators(
    array: Array, scheme: Scheme, method: str = "standard_normal", factor: float = 1.0, shift: float = 0.0
) -> list[Contestant]:
    """Return NumPy's Generator on each of its bit generators: it draws, and scales and shifts if it must."""
    return [
        Contestant(
            f"NumPy {bits.__name__}", numpy_call(Generator(bits(SEED)), array, method, factor, shift), scheme, array
        )
        for bits in NUMPY_BITS
    ]


def numpy_call(generator: Generator, array: Array, method: str, factor: float = 1.0, shift: float = 0.0) -> Call:
    """Return a draw into the array and, beside a factor of 1 and a shift of 0, a pass for each."""
    draw: Callable[..., object] = getattr(generator, method)
    dtype = array.dtype

    def passes() -> None:
        draw(out=array, dtype=dtype)
        np.multiply(array, factor, out=array)
        if shift:
            np.add(array, shift, out=array)

    return passes if (factor, shift) != (1.0, 0.0) else lambda: draw(out=array, dtype=dtype)


def torch_init(name: str, array: Array, scheme: Scheme, function: str = "normal_") -> Contestant:
    """Return torch.nn.init's function, on one thread, on the array's memory."""
    import torch

    torch.set_num_threads(1)
    bfloat16 = array.dtype.name == "bfloat16"
    tensor = torch.from_numpy(array.view(np.int16)).view(torch.bfloat16) if bfloat16 else torch.from_numpy(array)
    fill = getattr(torch.nn.init, function)
    return Contestant(name, lambda: fill(tensor), scheme, array)


def mkl_gaussians(array: Array, scheme: Scheme, generators: tuple[str, ...]) -> list[Contestant]:
    """Return each method of oneMKL on each of the generators."""
    return [
        Contestant(f"oneMKL {generator} {method}", mkl.gaussian(generator, method, array), scheme, array)
        for generator in generators
        for method in mkl.GAUSSIANS
    ]


def mkl_uniform(array: Array, scheme: Scheme) -> Contestant:
    """Return oneMKL's uniform numbers on Philox."""
    return Contestant("oneMKL PHILOX4X32X10", mkl.uniform("PHILOX4X32X10", array), scheme, array)


def randomgen_sfc64(array: Array, scheme: Scheme) -> Contestant:
    """Return NumPy's Generator on randomgen's bits."""
    import randomgen

    bits = Generator(randomgen.SFC64(SEED))
    return Contestant("randomgen SFC64", numpy_call(bits, array, "standard_normal"), scheme, array)


def jax_normal(elements: int, scheme: Scheme) -> Contestant:
    """Return JAX's float32 normals: a new array each time, of the same key."""
    import jax

    jax.config.update("jax_platforms", "cpu")
    key, sample = jax.random.key(SEED), jax.jit(jax.random.normal, static_argnums=1)
    return Contestant("JAX threefry (all threads)", lambda: sample(key, (elements,)).block_until_ready(), scheme)
