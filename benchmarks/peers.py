"""Who is compared: fast_init on one thread and on all, and NumPy's generators at the same job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from numpy.random import PCG64, SFC64, Generator, Philox

import fast_init

from .laws import Array, Law, normal_law, uniform_law

Fill = Callable[[Array], Array]

SEED = 42
NUMPY_BITS = (SFC64, PCG64, Philox)


@dataclass(frozen=True)
class Job:
    """One job done in place by fast_init, given a seed and threads, and by a NumPy Generator; both obey `law`."""

    ours: Callable[..., Array]
    theirs: Callable[[Generator, Array], Array]
    law: Law


OURS: dict[str, Callable[[Job], Fill]] = {
    "fast_init-1": lambda job: partial(job.ours, seed=SEED, threads=1),
    "fast_init-all": lambda job: partial(job.ours, seed=SEED),
}


def numpy_fill(bits: type[SFC64 | PCG64 | Philox], job: Job) -> Fill:
    """The job by a NumPy Generator on these bits."""
    return partial(job.theirs, Generator(bits(SEED)))


THEIRS: dict[str, Callable[[Job], Fill]] = {f"numpy-{b.__name__}": partial(numpy_fill, b) for b in NUMPY_BITS}
PEERS = OURS | THEIRS


def normal_job(std: float, ours: Callable[..., Array] | None = None) -> Job:
    """Draw N(0, std^2): by `ours`, which knows its std, or by `normal_`."""
    theirs = _numpy_standard_normal if std == 1.0 else partial(_numpy_normal, std=std)
    return Job(ours or partial(fast_init.normal_, std=std), theirs, normal_law(std))


def uniform_job(a: float, b: float, ours: Callable[..., Array] | None = None) -> Job:
    """Draw U[a, b): by `ours`, which knows its bounds, or by `uniform_`."""
    theirs = _numpy_random if (a, b) == (0.0, 1.0) else partial(_numpy_uniform, a=a, width=b - a)
    return Job(ours or partial(fast_init.uniform_, a=a, b=b), theirs, uniform_law(a, b))


def _numpy_standard_normal(generator: Generator, array: Array) -> Array:
    return generator.standard_normal(out=array, dtype=array.dtype)


def _numpy_normal(generator: Generator, array: Array, std: float) -> Array:
    generator.standard_normal(out=array, dtype=array.dtype)
    array *= std
    return array


def _numpy_random(generator: Generator, array: Array) -> Array:
    return generator.random(out=array, dtype=array.dtype)


def _numpy_uniform(generator: Generator, array: Array, a: float, width: float) -> Array:
    generator.random(out=array, dtype=array.dtype)
    array *= width
    array += a
    return array
