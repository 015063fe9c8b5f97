"""The truncated normal at its bounds: of the dtype, far away, flat, at zero and beyond the largest values."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import fast_init as fi
from fast_init.sampling.destinations import float_dtype
from fast_init.sampling.truncation import truncated_plan, truncation_of
from support.draws import BFLOAT16, FLOATS, truncated

BOTH = pytest.mark.parametrize("dtype", FLOATS[:2], ids=["float32", "float64"])
EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
IN_FLOAT32 = pytest.mark.parametrize("dtype", [FLOATS[0], *FLOATS[2:]], ids=lambda dtype: str(dtype.name))


@BOTH
def test_wide_bounds_give_the_bits_of_normal(dtype: np.dtype[Any]) -> None:
    want = fi.normal_(np.empty(1000, dtype), 0.1, 0.02, seed=5)
    assert (truncated(dtype, 1000, -2, 2, mean=0.1, std=0.02) == want).all()
    assert (truncated(dtype, 1000, -inf, inf, mean=0.1, std=0.02) == want).all()


@EACH
def test_a_flat_density_is_uniform(dtype: np.dtype[Any]) -> None:
    """Of the family's uniform, rounded: b comes as often as values near it are rounded to it."""
    values = truncated(dtype, 1000, 0.0, 0.03125, mean=0.0, std=6e4)
    family = np.float64 if dtype == np.float64 else np.float32
    assert (values == fi.uniform_(np.empty(1000, family), 0.0, 0.03125, seed=5).astype(dtype)).all()


@pytest.mark.parametrize("std", [1e6, 1e4])  # flat, and not quite
def test_two_values_of_the_dtype_share_a_flat_density(std: float) -> None:
    values = truncated(BFLOAT16, 10_000, 1, 1.0078125, mean=0.0, std=std)
    assert set(values.astype(float)) == {1, 1.0078125}
    assert abs(np.mean(values == 1) - 0.5) < 6 * 0.5 / 100


@IN_FLOAT32
def test_a_flat_density_ends_at_values_within_its_bounds(dtype: np.dtype[Any]) -> None:
    """Bounds just inside of values of the dtype: what would be rounded to these is clamped to the next."""
    step = float(np.nextafter(dtype.type(1), dtype.type(2))) - 1
    values = truncated(dtype, 10_000, 1 + step / 8, 1 + 3.9 * step, mean=0.0, std=6e4).astype(float)
    assert set(values) == {1 + step, 1 + 2 * step, 1 + 3 * step}


@IN_FLOAT32
@pytest.mark.parametrize(("mean", "a", "b", "only"), [(0.4, 0.3, 1.7, 1), (0.6, -0.9, 0.7, 0), (0.5, 0.4, 1.2, 1)])
def test_bounds_that_are_far_away_in_sigmas_and_near_in_the_dtype(
    dtype: np.dtype[Any], mean: float, a: float, b: float, only: int
) -> None:
    """In steps from 1: a normal of so small a std would be the mean rounded to the dtype, and outside."""
    step = float(np.nextafter(dtype.type(1), dtype.type(2))) - 1
    mean, a, b, value = (1 + x * step for x in (mean, a, b, only))
    assert (truncated(dtype, 1000, a, b, mean=mean, std=1e-12 * step) == value).all()


def test_intervals_that_mirror_each_other_give_values_that_do() -> None:
    for a, b in [(2.0, 3.0), (8.0, inf), (0.69, 0.71)]:
        assert (truncated(FLOATS[0], 1000, a, b) == -truncated(FLOATS[0], 1000, -b, -a)).all()


def test_absolute_bounds_are_sigmas_times_std_from_the_mean() -> None:
    absolute = truncated(FLOATS[1], 1000, 0.5 - 2 * 0.25, 0.5 + 3 * 0.25, mean=0.5, std=0.25)
    assert (absolute == truncated(FLOATS[1], 1000, -2, 3, mean=0.5, std=0.25, bounds="sigma")).all()


def test_a_tail_whose_bound_is_at_zero_keeps_its_digits() -> None:
    """N(-1000, 1) above 0: exponential with mean 1 / 1000, where 1000 + x would round to 16 steps."""
    x = truncated(FLOATS[0], 1 << 16, 0.0, inf, mean=-1000.0).astype(np.float64)
    assert np.unique(x).size > 60_000
    assert stats.kstest(x, stats.truncnorm(1000, inf, -1000, 1).cdf).pvalue > 1e-6


@EACH
def test_no_spread(dtype: np.dtype[Any]) -> None:
    assert (truncated(dtype, 10, -1, 2, mean=0.5, std=0.0) == 0.5).all()


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


@settings(max_examples=300)
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
    assert (truncated(dtype, 10, -1, 2, mean=5.0, std=0.0, bounds="sigma") == 5).all()
