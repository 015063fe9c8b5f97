"""What a call costs from one element on: distributions and schemes, warm and fresh, against NumPy at the same job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isqrt, sqrt
from typing import TypeAlias

import numpy as np
from numpy.random import Generator

import fast_init as fi

from ..contest import Array, Call, Contest, Contestant, size_label, warm
from ..peers import NUMPY_BITS, SEED, NumpyBits, numpy_generators, ours, peer, torch_init

Passes: TypeAlias = tuple[str, float, float]  # NumPy's method, the factor and the shift after it


@dataclass(frozen=True)
class Job:
    """What is drawn: fast_init finds a scheme's numbers from the shape, NumPy is given them by (fan_out, fan_in)."""

    name: str
    ours: Callable[..., Array]
    scheme: fi.Scheme
    passes: Callable[[int, int], Passes]


NORMAL = Job("normal", fi.normal_, fi.normal(), lambda *_: ("standard_normal", 1.0, 0.0))
UNIFORM = Job("uniform", fi.uniform_, fi.uniform(), lambda *_: ("random", 1.0, 0.0))
WARM = (
    NORMAL,
    UNIFORM,
    Job(
        "uniform [-0.5, 1)",
        partial(fi.uniform_, a=-0.5, b=1.0),
        fi.uniform(-0.5, 1.0),
        lambda *_: ("random", 1.5, -0.5),
    ),
    Job("he_normal", fi.he_normal_, fi.he_normal(), lambda _, n: ("standard_normal", sqrt(2 / n), 0.0)),
    Job(
        "xavier_normal",
        fi.xavier_normal_,
        fi.xavier_normal(),
        lambda fan_out, fan_in: ("standard_normal", sqrt(2 / (fan_in + fan_out)), 0.0),
    ),
    Job("lecun_normal", fi.lecun_normal_, fi.lecun_normal(), lambda _, n: ("standard_normal", sqrt(1 / n), 0.0)),
    Job("he_uniform", fi.he_uniform_, fi.he_uniform(), lambda _, n: ("random", 2 * sqrt(6 / n), -sqrt(6 / n))),
)
FRESH = (NORMAL, UNIFORM)  # NumPy has no pass after the draw
DTYPES = ("float32", "float64")


def warm_memory(n: int, job: Job, dtype: str) -> list[Contestant]:
    """Contestants into a matrix, four times as wide as high, whose memory is in use already."""
    a = warm(n, dtype).reshape(*shape_of(n))
    return [
        ours("fast_init", job.ours, a, job.scheme),
        ours("fast_init, all threads", job.ours, a, job.scheme, None),
        *numpy_generators(a, job.scheme, *job.passes(*a.shape)),
    ]


def fresh_memory(n: int, job: Job, dtype: str) -> list[Contestant]:
    """Contestants into a new array each; the allocator may hand small ones the memory of earlier ones."""
    shape, kind = shape_of(n), np.dtype(dtype)
    method, *_ = job.passes(*shape)

    def by_us(threads: int | None) -> Call:
        return lambda: job.ours(np.empty(shape, kind), seed=SEED, threads=threads)

    def by_numpy(bits: type[NumpyBits]) -> Call:
        draw = getattr(Generator(bits(SEED)), method)
        return lambda: draw(shape, kind)

    return [
        Contestant("fast_init", by_us(1), job.scheme, same_again=True),
        Contestant("fast_init, all threads", by_us(None), job.scheme, same_again=True),
        *(Contestant(f"NumPy {bits.__name__}", by_numpy(bits), job.scheme) for bits in NUMPY_BITS),
    ]


def shape_of(n: int) -> tuple[int, int]:
    """Return the shape of a matrix of n elements, n a power of 4."""
    rows = max(1, isqrt(n) // 2)
    return rows, n // rows


def contests(sizes: tuple[int, ...]) -> list[Contest]:
    """Every job of every dtype at every size; a measurement takes about 10 ms or one call."""
    return [
        Contest(f"{prefix}{job.name} {dtype}, {size_label(n)}", n, partial(enter, job=job, dtype=dtype), repeats(n))
        for enter, jobs, prefix in ((warm_memory, WARM, ""), (fresh_memory, FRESH, "fresh "))
        for job in jobs
        for dtype in DTYPES
        for n in sizes
    ]


def repeats(n: int) -> int:
    """Return how many calls NumPy does in about 10 ms."""
    return max(1, 10_000_000 // (1000 + 7 * n))


def small(n: int) -> list[Contestant]:
    """One call with nothing given but the seed."""
    a = warm(n, np.float32)
    entered = [
        Contestant("fast_init", lambda: fi.normal_(a, seed=SEED), NORMAL.scheme, a, same_again=True),
        *numpy_generators(a, NORMAL.scheme),
    ]
    with peer("torch"):
        entered.append(torch_init("torch.nn.init", a, NORMAL.scheme))
    return entered
