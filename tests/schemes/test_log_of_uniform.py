"""Logarithms of uniform numbers: every bit is the page's, the error within its bound, and finite where u is 0."""

from __future__ import annotations

import re
from math import log, sqrt
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import fast_init as fi
from support import reference_laws as reference
from support.draws import FLOATS, as_bits

BOUNDS = [(0.0, 16.0), (0.01, 16.0), (1.0, 783.0), (3.0, 3.0000001), (0.7, 0.7), (0.0, 1e-290), (5e-324, 1e290)]


@pytest.mark.parametrize("scale", [1.0, -1.0, 0.3])
@pytest.mark.parametrize(("a", "b"), BOUNDS)
def test_values_are_those_of_the_page(a: float, b: float, scale: float) -> None:
    for dtype, half_a_step in ((np.float64, 2.0**-54), (np.float32, 2.0**-25)):
        u = fi.uniform().fill_(np.empty(500, dtype), seed=3, name="x")
        expected = [reference.log_of_uniform(x, a, b, scale, half_a_step) for x in u.tolist()]
        made = fi.log_of_uniform(a, b, scale).fill_(np.empty(500, dtype), seed=3, name="x")
        assert made.tolist() == np.array(expected).astype(dtype).tolist()


@pytest.mark.parametrize(("a", "b"), BOUNDS)
def test_error(a: float, b: float) -> None:
    u = fi.uniform().fill_(np.empty(1000), seed=4).tolist()
    made = fi.log_of_uniform(a, b).fill_(np.empty(1000), seed=4).tolist()
    with mpmath.workprec(200):
        for x, y in zip(u, made, strict=True):
            exact = mpmath.log(mpmath.mpf(a) + x * (mpmath.mpf(b) - mpmath.mpf(a)))
            assert abs(y - exact) < 2**-51 * max(1, abs(exact)) + 2**-51  # of the logarithm, and of x


@pytest.mark.parametrize(("dtype", "half_a_step"), [(np.float32, 2.0**-25), (np.float64, 2.0**-54)])
def test_the_logarithm_of_nothing_is_finite(dtype: Any, half_a_step: float) -> None:
    u = np.array([0.0, half_a_step * 2, 0.5], dtype)
    y = fi.log_of_uniform(0, 16).of_draws(u)
    assert y.tolist() == pytest.approx([log(16 * half_a_step), log(32 * half_a_step), log(8)], rel=1e-15)
    assert fi.log_of_uniform(1, 16).of_draws(u)[0] >= 0


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_a_negative_scale_is_minus_the_value(dtype: Any) -> None:
    """Chrono initialisation's b_i = -b_f, to the bit."""
    plus, minus = (fi.log_of_uniform(1, 783, s).fill_(np.empty(999, dtype), seed=5, name="b") for s in (1, -1))
    assert (as_bits(minus) == as_bits(-plus)).all()


def test_moments_from_zero_are_those_of_an_exponential() -> None:
    assert fi.log_of_uniform(0, 16, -2).moments == pytest.approx((-2 * (log(16) - 1), 2.0, 9.0), rel=1e-12)


@pytest.mark.parametrize(("a", "b"), [(0.01, 16.0), (1.0, 783.0), (2.0, 2.1)])
def test_law_is_scipys_truncated_exponential(a: float, b: float) -> None:
    """log(b) - log(U) is exponential and at most log(b / a)."""
    theirs, ours = stats.truncexpon(log(b / a)), fi.log_of_uniform(a, b, 1.5)
    mean, variance, excess = (float(x) for x in theirs.stats("mvk"))
    assert ours.moments[:2] == pytest.approx((1.5 * (log(b) - mean), 1.5 * sqrt(variance)), rel=1e-9)
    assert ours.moments[2] == pytest.approx(excess + 3, rel=1e-6)
    x = np.linspace(log(a) - 0.1, log(b) + 0.1, 101)
    for sign in (1, -1):
        below = fi.log_of_uniform(a, b, sign).cdf(sign * x)
        assert np.allclose(below if sign > 0 else 1 - below, theirs.sf(log(b) - x), rtol=1e-9, atol=1e-12)


@given(st.floats(0, 1e290), st.floats(1e-290, 1e290), st.floats(-1e3, 1e3).filter(bool), st.integers(0, 2**64 - 1))
def test_values_lie_within_the_support(a: float, b: float, scale: float, seed: int) -> None:
    scheme = fi.log_of_uniform(min(a, b), max(a, b), scale)
    w = scheme.fill_(np.empty(40), seed=seed)
    assert np.isfinite(scheme.support).all()
    assert scheme.support[0] <= w.min() <= w.max() <= scheme.support[1]
    assert np.isfinite(scheme.moments).all()
    assert fi.Scheme.from_dict(scheme.to_dict()) == scheme


def test_scaled() -> None:
    assert fi.log_of_uniform(1, 2).times(-2.0, 2) == fi.log_of_uniform(1, 2, 4)
    assert fi.log_of_uniform(1, 2).times(0.0, 1) == fi.log_of_uniform(1, 2, 1e-300).times(1e-300, 1) == fi.zeros()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: fi.log_of_uniform(-1, 1),
            "a is -1.0 and b is 1.0; log_of_uniform needs 0 <= a <= b and 1e-290 <= b <= 1e+290: ",
        ),
        (
            lambda: fi.log_of_uniform(2, 1),
            "a is 2.0 and b is 1.0; log_of_uniform needs 0 <= a <= b and 1e-290 <= b <= 1e+290: ",
        ),
        (
            lambda: fi.log_of_uniform(0, 0),
            "a is 0.0 and b is 0.0; log_of_uniform needs 0 <= a <= b and 1e-290 <= b <= 1e+290: ",
        ),
        (lambda: fi.log_of_uniform(0, np.inf), "b is inf; it must be a finite number: pass a number of that range"),
        (lambda: fi.log_of_uniform(0, 1, 0), "scale is 0.0; it must not be 0, which leaves nothing of a draw: pass "),
        (
            lambda: fi.log_of_uniform(0, 1, 1e4).fill_(np.empty(3, np.float16)),
            "scale log(U) at a bound is -374299.4775023705; the array's dtype holds at most 65504: ",
        ),
    ],
)
def test_what_is_refused(make: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        make()
