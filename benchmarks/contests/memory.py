"""Where the numbers go: new memory, strided views, blocks of larger tensors, the second-level cache."""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np
from numpy.random import Generator

import fast_init as fi

from ..contest import Array, Contestant, warm
from ..peers import NUMPY_BITS, SEED, NumpyBits, ours

NORMAL = fi.normal()


def fresh(n: int) -> list[Contestant]:
    """Allocation and fill: the system must find and clear the pages, which nobody can avoid."""
    scale = np.float32(0.02)
    scheme = fi.normal(std=0.02)

    def written() -> Array:
        a = np.empty(n, np.float32)
        a.fill(0.0)
        return a

    def idiom(bits: type[NumpyBits]) -> Contestant:
        generator = Generator(bits(SEED))
        return Contestant(f"NumPy {bits.__name__}", lambda: generator.standard_normal(n, np.float32) * scale, scheme)

    return [
        Contestant(
            "fast_init",
            lambda: fi.normal_(np.empty(n, np.float32), 0.0, 0.02, seed=SEED),
            scheme,
            same_again=True,
        ),
        Contestant("np.empty + fill", written, fi.zeros()),
        *map(idiom, NUMPY_BITS),
    ]


def strided(n: int) -> list[Contestant]:
    """A square of n elements, a square number: contiguous, the left half of another, transposed."""
    side = isqrt(n)
    whole = np.ones((side, 2 * side), np.float32)
    square = np.ones((side, side), np.float32)
    return [
        ours("contiguous", fi.normal_, square, NORMAL),
        ours("column block", fi.normal_, whole[:, :side], NORMAL),
        ours("transposed", fi.normal_, square.T, NORMAL),
    ]


def shards(n: int) -> list[Contestant]:
    """Blocks of a tensor with rows of 8192: whole rows, and columns that start at a tile or do not."""
    whole = warm(n, np.float32)
    entered = [ours("contiguous", fi.normal_, whole, NORMAL)]
    for columns, start in ((8192, 0), (1024, 1024), (256, 256), (64, 64), (64, 100)):
        block = whole.reshape(-1, columns)
        place: dict[str, Any] = {"global_shape": (2 * len(block), 8192), "offset": (len(block), start)}
        entered.append(ours(f"{columns} columns from {start}", fi.normal_, block, NORMAL, **place))
    return entered


def cached(n: int) -> list[Contestant]:
    """Arithmetic alone."""
    a = warm(n, np.float32)
    return [ours("normal_", fi.normal_, a, NORMAL), ours("bits_", fi.bits_, a.view(np.uint32), fi.uniform())]
