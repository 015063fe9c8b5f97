"""Log-uniform numbers, softplus' inverse of them, logarithms of uniform ones: the page's bits, and bounds of errors."""

from __future__ import annotations

import re
from math import sqrt
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

import fast_init as fi
from fast_init.schemes.elementary import inv_softplus, log, scaled_exp
from support import reference_laws as reference
from support.distributions import P_VALUE, SIGMAS, ks_p_value
from support.draws import FLOATS, as_bits
from support.rounding import needs_rounding, rounded_upward

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
WIDE = [(0.001, 0.1), (1e-300, 1e300), (3.0, 3.0000001), (0.7, 0.7), (1e-10, 50.0), (5e-324, 1e-308)]


def doubles(low: float, high: float, count: int = 1000) -> Any:
    return np.random.default_rng(1).uniform(low, high, count)


@pytest.mark.parametrize(("low", "high"), [(-64, 700), (-1, 1), (-1e-9, 1e-9)])
def test_error_of_the_exponential(low: float, high: float) -> None:
    x = doubles(low, high)
    with mpmath.workprec(120):
        exact = [mpmath.mpf(1.5) * mpmath.exp(t) for t in x.tolist()]
        errors = [abs(y / e - 1) for y, e in zip(scaled_exp(x, 0.75, 1).tolist(), exact, strict=True)]
        assert max(errors) < 2**-51


@pytest.mark.parametrize(("low", "high"), [(-700, 700), (-0.5, 0.5)])
def test_error_of_the_logarithm(low: float, high: float) -> None:
    x = np.exp(doubles(low, high))
    with mpmath.workprec(120):
        exact = map(mpmath.log, x.tolist())
        assert all(abs(y - e) < 2**-52 * max(1, abs(e)) for y, e in zip(log(x).tolist(), exact, strict=True))


@pytest.mark.parametrize(("low", "high"), [(-700, 0), (-2, 5), (-0.7, -0.68), (5, 6)])
def test_error_of_the_inverse_of_softplus(low: float, high: float) -> None:
    x = np.exp(doubles(low, high))
    with mpmath.workprec(1200):
        exact = [mpmath.mpf(t) + mpmath.log(-mpmath.expm1(-t)) for t in x.tolist()]
        assert all(abs(y - e) < 2**-51 * max(1, abs(e)) for y, e in zip(inv_softplus(x).tolist(), exact, strict=True))


@pytest.mark.parametrize(("a", "b"), WIDE)
def test_values_are_those_of_the_page(a: float, b: float) -> None:
    u = fi.uniform().fill_(np.empty(500), seed=3, name="x").tolist()
    expected = [reference.log_uniform(x, a, b) for x in u]
    assert fi.log_uniform(a, b).fill_(np.empty(500), seed=3, name="x").tolist() == expected


@pytest.mark.parametrize(("a", "b"), WIDE[:5])
def test_biases_are_those_of_the_page(a: float, b: float) -> None:
    floor, u = sqrt(a) * sqrt(b), fi.uniform().fill_(np.empty(500), seed=3).tolist()
    low, high = (reference.inv_softplus(max(x, floor)) for x in (a, b))
    biases = [reference.inv_softplus(max(reference.log_uniform(x, a, b), floor)) for x in u]
    made = fi.inv_softplus_log_uniform(a, b, floor).fill_(np.empty(500), seed=3).tolist()
    assert made == [min(max(y, low), high) for y in biases]


@pytest.mark.parametrize(("a", "b"), WIDE[:5])
def test_error_of_log_uniform(a: float, b: float) -> None:
    u = fi.uniform().fill_(np.empty(1000), seed=4)
    made = fi.log_uniform(a, b).fill_(np.empty(1000), seed=4).tolist()
    with mpmath.workprec(200):
        ratio = mpmath.log(mpmath.mpf(b) / mpmath.mpf(a))
        exact = [mpmath.mpf(a) * mpmath.exp(x * ratio) for x in u.tolist()]
        assert max(abs(x / e - 1) for x, e in zip(made, exact, strict=True)) < 2**-51 + 2**-52 * float(ratio)


SCHEMES: dict[str, Any] = {
    "log_uniform": fi.log_uniform(0.001, 0.1),
    "wide": fi.log_uniform(1e-4, 1e3),
    "narrow": fi.log_uniform(1.0, 1.5),
    "mamba": fi.inv_softplus_log_uniform(),
    "floor": fi.inv_softplus_log_uniform(0.001, 2.0, floor=0.01),
    "no floor": fi.inv_softplus_log_uniform(0.5, 30.0, floor=0),
    "A_log": fi.log_of_uniform(0, 16),
    "A_log of Qwen": fi.log_of_uniform(0.01, 16),
    "input gate": fi.log_of_uniform(1, 783, -1),
    "near": fi.log_of_uniform(2.0, 2.1, 0.5),
}


@EACH
@pytest.mark.parametrize("case", SCHEMES)
def test_law(case: str, dtype: Any) -> None:
    """The cdf is NumPy's and scipy's logarithm, moments are its integrals: a wrong quantile or moment."""
    scheme = SCHEMES[case]
    w = scheme.fill_(np.empty((200, 160), dtype), seed=5, name=case)
    mean, std, kurtosis = scheme.moments
    z = (w.astype(np.float64) - mean) / std
    assert abs(z.mean()) < SIGMAS / sqrt(z.size) + 0.01 * (dtype.itemsize == 2)
    assert abs((z**2).mean() - 1) < SIGMAS * sqrt((kurtosis - 1) / z.size) + 0.01 * (dtype.itemsize == 2)
    assert ks_p_value(w, scheme.cdf, *scheme.support) > P_VALUE
    assert fi.verify(w, scheme)
    assert not fi.verify(w, fi.normal(mean, std))
    assert fi.verify(w, scheme, seed=5, name=case)
    assert not fi.verify(w, scheme, seed=6, name=case)


@pytest.mark.parametrize(("a", "b"), [(0.001, 0.1), (1e-4, 1e3), (1.0, 1.5)])
def test_log_uniform_is_scipys(a: float, b: float) -> None:
    theirs, ours = stats.loguniform(a, b), fi.log_uniform(a, b)
    x = np.linspace(a / 2, b * 1.5, 101)
    assert np.allclose(ours.cdf(x), theirs.cdf(x), rtol=1e-9, atol=1e-12)
    mean, variance = theirs.stats("mv")
    assert ours.moments[:2] == pytest.approx((float(mean), sqrt(variance)), rel=1e-9)
    assert ours.std_for((3, 4)) == ours.moments[1]


@pytest.mark.parametrize("floor", [0.0, 1e-4, 0.01, 0.0999])
def test_moments_of_a_bias_are_integrals(floor: float) -> None:
    scheme, ratio = fi.inv_softplus_log_uniform(0.001, 0.1, floor), np.log(100)

    def bias(u: float) -> float:
        x = max(0.001 * np.exp(u * ratio), floor)
        return float(np.log(np.expm1(x)))

    kink = [np.log(max(floor, 0.001) / 0.001) / ratio]
    mean = integrate.quad(bias, 0, 1, points=kink)[0]
    central = [integrate.quad(lambda u, n=n: (bias(u) - mean) ** n, 0, 1, points=kink)[0] for n in (2, 4)]
    assert scheme.moments == pytest.approx((mean, sqrt(central[0]), central[1] / central[0] ** 2), rel=1e-8)


def test_softplus_of_a_bias_is_dt() -> None:
    """As in mamba_ssm: F.softplus(dt_bias) gives dt, no less than the floor."""
    dt = fi.log_uniform(0.001, 0.1).fill_(np.empty(1000), seed=6)
    bias = fi.inv_softplus_log_uniform(0.001, 0.1, floor=0.005).fill_(np.empty(1000), seed=6)
    assert np.allclose(np.logaddexp(0, bias), np.maximum(dt, 0.005), rtol=1e-13)
    assert (bias == bias.min()).sum() == (dt <= 0.005).sum() > 300


@EACH
@pytest.mark.parametrize("case", SCHEMES)
def test_parts_and_strides_do_not_matter(case: str, dtype: Any) -> None:
    scheme, options = SCHEMES[case], {"seed": 7, "name": "w"}
    whole = scheme.fill_(np.empty((30, 7), dtype), **options)
    block = scheme.fill_(np.empty((4, 3), dtype), **options, global_shape=(30, 7), offset=(11, 2))
    part = scheme.fill_(np.empty(50, dtype), **options, global_shape=(30, 7), offset=33)
    strided = scheme.fill_(np.empty((14, 60), dtype)[::-2, ::2].T, **options)
    assert (as_bits(block) == as_bits(whole[11:15, 2:5])).all()
    assert (as_bits(part) == as_bits(whole.reshape(-1)[33:83])).all()
    assert (as_bits(strided) == as_bits(whole)).all()
    assert scheme.fill_(np.empty((), dtype), **options) == whole[0, 0]


@pytest.mark.parametrize("case", SCHEMES)
def test_16_bit_results_are_the_float32_ones_rounded(case: str) -> None:
    wide = SCHEMES[case].fill_(np.empty(999, np.float32), seed=8)
    for dtype in FLOATS[2:]:
        narrow = SCHEMES[case].fill_(np.empty(999, dtype), seed=8)
        assert (as_bits(narrow) == as_bits(wide.astype(dtype))).all()


def test_more_elements_than_are_computed_at_once() -> None:
    w = fi.log_uniform(1, 2).fill_(np.empty(200_001, np.float32), seed=9)
    tail = fi.log_uniform(1, 2).fill_(np.empty(5, np.float32), seed=9, global_shape=(200_001,), offset=199_996)
    assert (w[-5:] == tail).all()


@needs_rounding
@pytest.mark.parametrize("case", SCHEMES)
def test_the_mode_of_the_process_does_not_matter(case: str) -> None:
    expected = SCHEMES[case].fill_(np.empty(999, np.float32), seed=8)
    with rounded_upward():
        assert (SCHEMES[case].fill_(np.empty(999, np.float32), seed=8) == expected).all()


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300), st.floats(0, 1e300), st.integers(0, 2**64 - 1))
def test_values_lie_within_the_support(a: float, b: float, floor: float, seed: int) -> None:
    low, high = min(a, b), max(a, b)
    for scheme in (fi.log_uniform(low, high), fi.inv_softplus_log_uniform(low, high, floor)):
        w = scheme.fill_(np.empty(40), seed=seed)
        assert scheme.support[0] <= w.min() <= w.max() <= scheme.support[1]
        assert np.isfinite(scheme.moments).all()
        assert fi.Scheme.from_dict(scheme.to_dict()) == scheme


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: fi.log_uniform(0, 1),
            "a is 0.0 and b is 1.0; log_uniform needs 0 < a <= b: pass positive bounds, in ",
        ),
        (
            lambda: fi.log_uniform(2, 1),
            "a is 2.0 and b is 1.0; log_uniform needs 0 < a <= b: pass positive bounds, in ",
        ),
        (lambda: fi.log_uniform(1, np.inf), "b is inf; it must be a finite number: pass a number of that range"),
        (lambda: fi.inv_softplus_log_uniform(floor=-1), "floor is -1.0; it must not be negative: pass a number >= 0"),
        (
            lambda: fi.log_uniform(1, 1e5).fill_(np.empty(3, np.float16)),
            "b is 100000.0; the array's dtype holds at most",
        ),
        (
            lambda: fi.inv_softplus_log_uniform(floor=1e5).fill_(np.empty(3, np.float16)),
            "floor is 100000.0; the array's dtype holds at most 65504: pass a number of that range",
        ),
    ],
)
def test_what_is_refused(make: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        make()


def test_an_array_without_elements() -> None:
    with pytest.warns(fi.EmptyArrayWarning):
        fi.log_uniform(1, 2).fill_(np.empty((0, 3)))
