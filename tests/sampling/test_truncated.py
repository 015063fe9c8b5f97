"""The truncated normal: its bits, its bounds, its law, from narrow intervals to far tails."""

from __future__ import annotations

from math import inf, sqrt
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import fast_init as fi
from fast_init import _core
from fast_init.sampling.calls import DrawPlan
from fast_init.sampling.destinations import float_dtype
from fast_init.sampling.truncation import truncated_plan, truncation_of
from fast_init.schemes.distributions import TruncatedNormal
from support import reference_truncated
from support.counters import counter_of
from support.draws import FLOATS, Array, as_bits, truncated

INTERVALS = [
    *[(-2.0, 2.0), (-3.0, 5.0), (-1.0, inf), (-inf, 0.5), (-9.0, 9.0), (-0.01, 0.3), (-1e-4, 1e-4), (0.6, 3.0)],
    *[(0.0, inf), (0.0, 0.05), (0.69, 0.71), (0.7, inf), (2.0, 3.0), (5.0, inf), (-inf, -8.0), (8.0, 8.001)],
    *[(30.0, inf), (-0.501, -0.5)],
]
BOTH = pytest.mark.parametrize("dtype", FLOATS[:2], ids=["float32", "float64"])
EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
SIZES = [pytest.param(1 << 16, id="2^16"), pytest.param(1 << 22, id="2^22", marks=pytest.mark.slow)]


def planned(a: float, b: float, dtype: np.dtype[Any], mean: float = 0.0, std: float = 1.0) -> DrawPlan:
    return truncated_plan(truncation_of(mean, std, a, b, "sigma"), float_dtype(dtype))


def by_reference(found: DrawPlan, a: float, b: float, dtype: np.dtype[Any], **where: Any) -> Array:
    near, far = (-b, -a) if a + b < 0 and found.distribution == _core.TRUNCATED_TAIL else (a, b)
    kind = "center" if found.distribution == _core.TRUNCATED_CENTER else "tail"
    origin, scale, lowest, highest, *_ = found.parameters
    numbers = origin, scale, lowest, highest
    return np.asarray(reference_truncated.draw(dtype.type, kind=kind, interval=(near, far), numbers=numbers, **where))


@pytest.mark.parametrize("interval", INTERVALS)
@EACH
def test_reference_gives_the_same_bits(interval: tuple[float, float], dtype: np.dtype[Any]) -> None:
    a, b = interval
    found = planned(a, b, dtype, 0.25, 1.5)
    want = by_reference(found, a, b, dtype, seed=5, stream=0, first=0, count=2000)
    got = truncated(dtype, 2000, a, b, mean=0.25, std=1.5, bounds="sigma")
    assert (as_bits(got) == as_bits(want)).all()


@settings(max_examples=30)
@given(
    a=st.floats(-6, 12),
    width=st.floats(1e-3, 20),
    first=st.integers(0, 2**66 - 4000),
    seed=st.integers(0, 2**64 - 1),
)
def test_reference_at_any_interval_and_index(a: float, width: float, first: int, seed: int) -> None:
    for dtype in FLOATS[:2]:
        begin = first % (2**66 if dtype.itemsize == 4 else 2**65) if first < 2**64 else 2**40 + first % 2**40
        found = planned(a, a + width, dtype)
        want = by_reference(found, a, a + width, dtype, seed=seed, stream=9, first=begin, count=200)
        got = np.empty(200, dtype)
        _core.fill(got, found, seed, 9, begin, (), 1)
        assert (as_bits(got) == as_bits(want)).all()


@pytest.mark.parametrize("word", [-(2**31), -(2**31) + 1, -(2**31) + 4095, 2**31 - 4097, 2**31 - 4096, 2**31 - 1])
@pytest.mark.parametrize(("a", "b"), [(-inf, 8.0), (1.0, inf)])
@pytest.mark.parametrize("number", [0, 3])
def test_the_outermost_words_are_continued(word: int, number: int, a: float, b: float) -> None:
    """Elements whose word is as wanted, found by inverting Philox."""
    for trial in range(1000):
        block = [trial, 0x12345678, trial, 0x9ABCDEF0]
        block[number] = word % 2**32
        w0, w1, w2, w3 = counter_of(block, [3, 0])
        if w1 < 1 << 28:
            break
    index, stream = w0 | w1 << 32, w2 | w3 << 32
    first = index // 16 * 64 + index % 16 + 16 * number
    dtype = FLOATS[0]
    found = planned(a, b, dtype)
    value = np.empty(1, dtype)
    _core.fill(value, found, 3, stream, first, (), 1)
    want = by_reference(found, a, b, dtype, seed=3, stream=stream, first=first, count=1)
    assert (as_bits(value) == as_bits(want)).all()
    if a == -inf and word == -(2**31):
        assert value[0] < -6.3  # Phi(-6.3) = 1.5e-10 < 2^-32


@pytest.mark.parametrize("interval", INTERVALS)
@BOTH
def test_quantile_function_against_extended_precision(interval: tuple[float, float], dtype: np.dtype[Any]) -> None:
    """The error, in ulps of the larger of 1/8 of the interval's scale and the value, of what the words stand for."""
    a, b = interval
    got = truncated(dtype, 300, a, b, bounds="sigma")
    bits = 32 if dtype.itemsize == 4 else 64
    words, _ = reference_truncated.words(bits, 5, 0, np.arange(300, dtype=np.uint64))
    central = planned(a, b, dtype).distribution == _core.TRUNCATED_CENTER
    scale = min(b - a, 1.0)
    ulp = 2.0 ** (-24 if bits == 32 else -53)
    with mp.workdps(60):
        for word, value in zip(words.tolist(), got.astype(np.float64).tolist(), strict=True):
            share = (mp.mpf(word) + 0.5) / 2**bits + 0.5 if central else abs(mp.mpf(word) + 0.5) / 2 ** (bits - 1)
            low, high = (reference_truncated.tail(x) for x in ((a, b) if a + b >= 0 or central else (-b, -a)))
            missed = reference_truncated.tail(value if central or a + b >= 0 else -value) - (low - share * (low - high))
            error = abs(missed) / mp.npdf(value)
            assert error < 8 * ulp * (scale + 2 * abs(value)), (word, value)


@pytest.mark.parametrize("interval", INTERVALS)
@EACH
def test_no_value_outside_and_none_piled_on_a_bound(interval: tuple[float, float], dtype: np.dtype[Any]) -> None:
    a, b = interval
    n = 1 << 18
    values = truncated(dtype, n, a, b).astype(np.float64)
    assert values.min() >= a
    assert values.max() <= b
    steps = np.unique(values)
    for bound, nearest in ((a, steps[0]), (b, steps[-1])):
        if np.isfinite(bound) and steps.size > 64:
            at, beyond = (values == nearest).sum(), (steps[:33] if nearest == steps[0] else steps[-33:])
            neighbours = np.isin(values, beyond).sum() / 33  # of about the same density, or less at a far end
            assert at <= 4 * neighbours + 10, bound


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("interval", INTERVALS)
@EACH
def test_law_against_scipy(interval: tuple[float, float], dtype: np.dtype[Any], n: int) -> None:
    """Kolmogorov and Smirnov's distance, with the steps of the dtype: each value stands for its half-way cell."""
    a, b = interval
    law = stats.truncnorm(a, b)
    x, counts = np.unique(truncated(dtype, n, a, b).astype(np.float64), return_counts=True)
    up, down = (np.nextafter(x.astype(dtype), dtype.type(end)).astype(np.float64) for end in (inf, -inf))
    above, below = law.cdf((x + up) / 2), law.cdf((x + down) / 2)
    above[up > b], below[down < a] = 1, 0  # the outermost cells reach to the bounds
    steps = np.cumsum(counts) / n
    distance = max((steps - above).max(), (below - np.concatenate([[0], steps[:-1]])).max())
    assert stats.kstwobign.sf(distance * sqrt(n)) > 1e-6


@pytest.mark.parametrize("interval", INTERVALS)
def test_moments_of_the_record(interval: tuple[float, float]) -> None:
    mean, std, kurtosis = TruncatedNormal(1.0, 2.0, *interval, "sigma").moments
    with mp.workdps(60):
        a, b = (mp.mpf(max(-40, min(x, 60))) for x in interval)
        pieces = sorted([a, *(x for x in (mp.mpf(k) / 4 for k in range(-40, 200)) if a < x < b), b])
        largest = mp.npdf(min(max(a, 0), b))
        share = mp.quad(lambda x: mp.npdf(x) / largest, pieces)
        m = mp.quad(lambda x: x * mp.npdf(x) / largest, pieces) / share
        second, fourth = (mp.quad(lambda x, k=k: (x - m) ** k * mp.npdf(x) / largest, pieces) / share for k in (2, 4))
        want = float(1 + 2 * m), float(2 * mp.sqrt(second)), float(fourth / second**2)
    assert (mean, std, kurtosis) == pytest.approx(want, rel=1e-12)


def test_the_constant_of_truncated_normal_schemes() -> None:
    """The standard deviation of a standard normal cut at 2: 1 - 2 * 2 phi(2) / (2 Phi(2) - 1), rooted; as in JAX."""
    with mp.workdps(40):
        want = mp.sqrt(1 - 4 * mp.npdf(2) / mp.erf(mp.sqrt(2)))
    assert fi.variance_scaling(1.0, "fan_in", "truncated_normal").distribution_for((1, 1)) == fi.trunc_normal(
        0.0, 1 / float(want), -2.0, 2.0, "sigma"
    )
    assert float(want) == 0.87962566103423978
