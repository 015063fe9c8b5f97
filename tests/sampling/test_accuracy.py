"""How far radius, cosine and sine are from the true ones, on the arithmetic of the reference.

The kernels give the reference's bits (test_stream.py), so its errors are theirs. float32: every value that a
word can be converted to, with ``pytest -m slow``, and one in 499 here; float64: a dense sample, against
extended precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from support import reference

Array = np.ndarray[Any, Any]

STEPS = [pytest.param(499, id="sample"), pytest.param(1, id="exhaustive", marks=pytest.mark.slow)]
LOG_OF_2 = np.longdouble("0.693147180559945309417232121458176568")
PI = np.longdouble("3.141592653589793238462643383279502884")


def magnitudes(step: int, low: float) -> Iterator[Array]:
    """All float32 values from `low` to 2^31, or one in `step` of them, a few million at a time."""
    first, last = (int(np.float32(x).view(np.uint32)) for x in (low, 2.0**31))
    bits = range(first, last + 1, step)
    for k in range(0, len(bits), 1 << 21):
        yield np.array(bits[k : k + (1 << 21)], np.uint32).view(np.float32)


def radius(x: Array, bits: int) -> Array:
    """Steps 2 and 3 of docs/stream.md."""
    real: Any = x.dtype.type
    m, exponent = np.frexp(x)
    low = m < 0.75
    f, e = np.where(low, m * real(2), m) - real(1), (exponent - low - (bits - 1)).astype(real)
    square = reference.fma(e, real(-2 * LOG_OF_2), f * reference.horner(f"log{bits}", f))
    return np.asarray(np.sqrt(square))


def turned(t: Array, bits: int) -> tuple[Array, Array]:
    """The cosine and the sine of step 5, with r = 1."""
    return reference.horner(f"cos{bits}", t * t), t * reference.horner(f"sin{bits}", t * t)


@pytest.mark.parametrize("step", STEPS)
def test_radius_of_every_float32(step: int) -> None:
    worst = 0.0
    for x in magnitudes(step, 2.0**-32):
        want = np.sqrt(np.maximum(-2 * np.log(x.astype(np.float64) * 2.0**-31), 0))
        error = np.abs(radius(x, 32) - want) / np.spacing(want.astype(np.float32))
        worst = max(worst, float(error[want > 0].max(initial=0.0)))
    print(f"radius, float32: {worst:.3f} ulp")
    assert worst < 2.5


@pytest.mark.parametrize("step", STEPS)
def test_turn_of_every_float32(step: int) -> None:
    """In units of 2^-24, the ulp of [1/2, 1); the sign of the angle changes the sign of the sine alone."""
    worst = [0.0, 0.0]
    for k in magnitudes(step, 1.0):
        t = k * np.float32(2.0**-32)
        angle = np.pi * t.astype(np.float64)
        for i, (got, want) in enumerate(zip(turned(t, 32), (np.cos(angle), np.sin(angle)), strict=True)):
            worst[i] = max(worst[i], float(np.abs(got - want).max() * 2**24))
    print(f"cosine, sine, float32: {worst[0]:.3f}, {worst[1]:.3f} x 2^-24")
    assert max(worst) < 3


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="no extended precision to compare with")
def test_float64_by_dense_sampling() -> None:
    generator = np.random.default_rng(1)
    n = 1 << 19
    words = generator.integers(0, 1 << 63, n, dtype=np.int64)
    tiny = generator.integers(1, 1 << 20, n // 8, dtype=np.int64)
    near_one = np.iinfo(np.int64).max - (np.int64(1) << generator.integers(0, 62, n // 8, dtype=np.int64))
    x = np.concatenate([words, tiny, near_one]).astype(np.float64)
    want = np.sqrt(np.maximum(-2 * np.log(x.astype(np.longdouble) * np.longdouble(2.0**-63)), 0))
    error = np.abs(radius(x, 64) - want)[want > 0] / np.spacing(want[want > 0].astype(np.float64))
    t = np.concatenate([words, -words, tiny]).astype(np.float64) * 2.0**-64
    angle = PI * t.astype(np.longdouble)
    cosine, sine = turned(t, 64)
    turn = [float(np.abs(got - want).max() * 2**53) for got, want in ((cosine, np.cos(angle)), (sine, np.sin(angle)))]
    print(f"float64: radius {float(error.max()):.3f} ulp; cosine, sine {turn[0]:.3f}, {turn[1]:.3f} x 2^-53")
    assert error.max() < 2.5
    assert max(turn) < 3
