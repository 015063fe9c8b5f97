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
from support.draws import BFLOAT16, FLOATS, Array, as_bits

INTERVALS = [
    *[(-2.0, 2.0), (-3.0, 5.0), (-1.0, inf), (-inf, 0.5), (-9.0, 9.0), (-0.01, 0.3), (-1e-4, 1e-4), (0.6, 3.0)],
    *[(0.0, inf), (0.0, 0.05), (0.69, 0.71), (0.7, inf), (2.0, 3.0), (5.0, inf), (-inf, -8.0), (8.0, 8.001)],
    *[(30.0, inf), (-0.501, -0.5)],
]
BOTH = pytest.mark.parametrize("dtype", FLOATS[:2], ids=["float32", "float64"])
SIZES = [pytest.param(1 << 16, id="2^16"), pytest.param(1 << 22, id="2^22", marks=pytest.mark.slow)]
EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))

IN_FLOAT32 = pytest.mark.parametrize("dtype", [FLOATS[0], *FLOATS[2:]], ids=lambda dtype: str(dtype.name))


def drawn(dtype: np.dtype[Any], n: int, a: float, b: float, seed: int = 5, **options: Any) -> Array:
    return fi.trunc_normal_(np.empty(n, dtype), a=a, b=b, seed=seed, **options)


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
    got = drawn(dtype, 2000, a, b, mean=0.25, std=1.5, bounds="sigma")
    assert (as_bits(got) == as_bits(want)).all()


@settings(max_examples=30, deadline=None)
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
    got = drawn(dtype, 300, a, b, bounds="sigma")
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
    values = drawn(dtype, n, a, b).astype(np.float64)
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
    x, counts = np.unique(drawn(dtype, n, a, b).astype(np.float64), return_counts=True)
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


@BOTH
def test_wide_bounds_give_the_bits_of_normal(dtype: np.dtype[Any]) -> None:
    want = fi.normal_(np.empty(1000, dtype), 0.1, 0.02, seed=5)
    assert (drawn(dtype, 1000, -2, 2, mean=0.1, std=0.02) == want).all()
    assert (drawn(dtype, 1000, -inf, inf, mean=0.1, std=0.02) == want).all()


@EACH
def test_a_flat_density_is_uniform(dtype: np.dtype[Any]) -> None:
    """Of the family's uniform, rounded: b comes as often as values near it are rounded to it."""
    values = drawn(dtype, 1000, 0.0, 0.03125, mean=0.0, std=6e4)
    family = np.float64 if dtype == np.float64 else np.float32
    assert (values == fi.uniform_(np.empty(1000, family), 0.0, 0.03125, seed=5).astype(dtype)).all()


@pytest.mark.parametrize("std", [1e6, 1e4])  # flat, and not quite
def test_two_values_of_the_dtype_share_a_flat_density(std: float) -> None:
    values = drawn(BFLOAT16, 10_000, 1, 1.0078125, mean=0.0, std=std)
    assert set(values.astype(float)) == {1, 1.0078125}
    assert abs(np.mean(values == 1) - 0.5) < 6 * 0.5 / 100


@IN_FLOAT32
def test_a_flat_density_ends_at_values_within_its_bounds(dtype: np.dtype[Any]) -> None:
    """Bounds just inside of values of the dtype: what would be rounded to these is clamped to the next."""
    step = float(np.nextafter(dtype.type(1), dtype.type(2))) - 1
    values = drawn(dtype, 10_000, 1 + step / 8, 1 + 3.9 * step, mean=0.0, std=6e4).astype(float)
    assert set(values) == {1 + step, 1 + 2 * step, 1 + 3 * step}


@IN_FLOAT32
@pytest.mark.parametrize(("mean", "a", "b", "only"), [(0.4, 0.3, 1.7, 1), (0.6, -0.9, 0.7, 0), (0.5, 0.4, 1.2, 1)])
def test_bounds_that_are_far_away_in_sigmas_and_near_in_the_dtype(
    dtype: np.dtype[Any], mean: float, a: float, b: float, only: int
) -> None:
    """In steps from 1: a normal of so small a std would be the mean rounded to the dtype, and outside."""
    step = float(np.nextafter(dtype.type(1), dtype.type(2))) - 1
    mean, a, b, value = (1 + x * step for x in (mean, a, b, only))
    assert (drawn(dtype, 1000, a, b, mean=mean, std=1e-12 * step) == value).all()


def test_intervals_that_mirror_each_other_give_values_that_do() -> None:
    for a, b in [(2.0, 3.0), (8.0, inf), (0.69, 0.71)]:
        assert (drawn(FLOATS[0], 1000, a, b) == -drawn(FLOATS[0], 1000, -b, -a)).all()


def test_absolute_bounds_are_sigmas_times_std_from_the_mean() -> None:
    absolute = drawn(FLOATS[1], 1000, 0.5 - 2 * 0.25, 0.5 + 3 * 0.25, mean=0.5, std=0.25)
    assert (absolute == drawn(FLOATS[1], 1000, -2, 3, mean=0.5, std=0.25, bounds="sigma")).all()


def test_a_tail_whose_bound_is_at_zero_keeps_its_digits() -> None:
    """N(-1000, 1) above 0: exponential with mean 1 / 1000, where 1000 + x would round to 16 steps."""
    x = drawn(FLOATS[0], 1 << 16, 0.0, inf, mean=-1000.0).astype(np.float64)
    assert np.unique(x).size > 60_000
    assert stats.kstest(x, stats.truncnorm(1000, inf, -1000, 1).cdf).pvalue > 1e-6


@EACH
def test_no_spread(dtype: np.dtype[Any]) -> None:
    assert (drawn(dtype, 10, -1, 2, mean=0.5, std=0.0) == 0.5).all()


def test_the_sign_of_a_zero_bound_is_a_parameter_too() -> None:
    lowest = [truncated_plan(truncation_of(0.0, 1.0, a, 1.0, "absolute"), float_dtype(FLOATS[0])) for a in (0.0, -0.0)]
    assert [float(np.copysign(1, plan.parameters[2])) for plan in lowest] == [1.0, -1.0]


EXTREME: list[tuple[str, dict[str, Any], tuple[float, float]]] = [  # dtype, arguments, the bounds that hold, in sigmas
    ("float16", {"a": -9e4, "b": 9e4, "std": 3e4}, (-65504 / 3e4, 65504 / 3e4)),
    ("float16", {"a": 0.0, "b": inf, "std": 6e4}, (0.0, 65504 / 6e4)),
    ("float32", {"a": -inf, "b": 1e39, "std": 3e38}, (-3.4028235e38 / 3e38, 3.4028235e38 / 3e38)),
    ("float32", {"a": 3.3e38, "b": inf, "std": 1e37}, (33.0, 34.028235)),
    ("float64", {"a": -1e308, "b": 1e308, "mean": 1e308, "std": 1e308}, (-2.0, 0.0)),
    ("float64", {"a": -9.0, "b": 9.0, "bounds": "sigma", "std": 1e308}, (-1.7976931348623157, 1.7976931348623157)),
]


@pytest.mark.parametrize(("name", "options", "bounds"), EXTREME, ids=str)
def test_an_interval_is_cut_at_the_largest_values_of_the_dtype(
    name: str, options: dict[str, Any], bounds: tuple[float, float]
) -> None:
    x = fi.trunc_normal_(np.empty(1 << 16, name), seed=5, **options)
    assert np.isfinite(x).all()
    z = x.astype(np.float64) / options["std"] - options.get("mean", 0.0) / options["std"]
    z += (
        np.random.default_rng(1).uniform(-0.5, 0.5, z.size)
        * np.spacing(np.nextafter(x, x.dtype.type(0))).astype(np.float64)
        / options["std"]
    )
    assert stats.kstest(z, stats.truncnorm(*bounds).cdf).pvalue > 1e-6


@settings(max_examples=300, deadline=None)
@given(
    dtype=st.sampled_from(FLOATS),
    mean=st.floats(allow_nan=False, allow_infinity=False),
    std=st.floats(min_value=0, allow_infinity=False),
    a=st.floats(allow_nan=False),
    b=st.floats(allow_nan=False),
    bounds=st.sampled_from(["absolute", "sigma"]),
)
def test_every_value_is_finite_and_within_the_bounds_or_there_is_none(
    dtype: np.dtype[Any], mean: float, std: float, a: float, b: float, bounds: Any
) -> None:
    x = np.full(300, 7, dtype)
    try:
        fi.trunc_normal_(x, mean, std, a, b, bounds=bounds, seed=1)
    except ValueError:
        assert (x == 7).all()
        return
    values = x.astype(np.float64)
    assert np.isfinite(values).all()
    if bounds == "absolute":
        assert ((values >= a) & (values <= b)).all()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"std": 0.02, "a": 1e308, "b": inf}, "more than 1.8e308 standard deviations from the mean"),
        ({"std": 1e-300, "a": -inf, "b": -1e308}, "more than 1.8e308 standard deviations from the mean"),
        ({"a": 1e39, "b": inf, "dtype": "float32"}, "no float32 lies between them"),
        ({"a": 7e4, "b": 9e4, "dtype": "float16"}, "no float16 lies between them"),
    ],
    ids=str,
)
def test_intervals_that_hold_no_value(options: dict[str, Any], text: str) -> None:
    x = np.full(3, 7, options.get("dtype", "float64"))
    with pytest.raises(ValueError, match=text):
        fi.trunc_normal_(x, **{key: value for key, value in options.items() if key != "dtype"}, seed=1)
    assert (x == 7).all()


@pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
def test_no_std_is_the_mean_whatever_bounds_in_sigmas_say(dtype: np.dtype[Any]) -> None:
    assert (drawn(dtype, 10, -1, 2, mean=5.0, std=0.0, bounds="sigma") == 5).all()
