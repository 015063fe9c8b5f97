"""Ramps and logarithms along an axis: the nearest values to the real numbers, wherever a part of the tensor lies.

What verifying and text ask of all schemes without a seed, sines too, is here.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import fast_init as fi
from fast_init import Recipe
from support.draws import FLOATS, as_bits
from support.rounding import needs_rounding, rounded_upward

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
NUMBERS = st.floats(-1e30, 1e30)


def nearest(x: Any, real: type[Any]) -> Any:
    """Round a real number once: of a float and its neighbours the nearest by exact distance, of two the even one."""
    near = real(float(x))
    around = [np.nextafter(near, real(-np.inf)), near, np.nextafter(near, real(np.inf))]
    return min(around, key=lambda y: (abs(x - mpmath.mpf(float(y))), int(as_bits(np.array([y]))[0]) % 2))


@pytest.mark.parametrize("real", [np.float32, np.float64])
def test_logarithms_are_the_nearest(real: type[Any]) -> None:
    """Mamba's A_log; numpy's log, and its product with an array of float32, are off by an ulp here and there."""
    made = fi.log_arange().fill_(np.empty((2, 1000), real))
    with mpmath.workprec(200):
        expected = [nearest(mpmath.log(k), real) for k in range(1, 1001)]
    assert made[0].tolist() == made[1].tolist() == [float(x) for x in expected]


@pytest.mark.parametrize("real", [np.float32, np.float64])
@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("power", [1.0, 0.85, 2.0, 0.3])
def test_ramps_are_the_nearest(power: float, endpoint: bool, real: type[Any]) -> None:
    made = fi.ramp(-6.1, 1.3, power, endpoint).fill_(np.empty(257, real))
    with mpmath.workprec(300):
        a, b, steps = mpmath.mpf(-6.1), mpmath.mpf(1.3), 256 if endpoint else 257
        exact = [a + (b - a) * mpmath.power(mpmath.mpf(k) / steps, power) for k in range(257)]
        expected = [float(nearest(x, real)) for x in exact]
    assert made.tolist() == expected


@given(NUMBERS, NUMBERS, st.integers(1, 40))
@example(0.0, 1.0, 1)
def test_a_straight_ramp_is_rounded_once(a: float, b: float, count: int) -> None:
    """numpy.linspace multiplies a rounded step."""
    made = fi.ramp(a, b).fill_(np.empty(count)).tolist()
    steps = max(count - 1, 1)
    assert made == [float(Fraction(a) + (Fraction(b) - Fraction(a)) * Fraction(k, steps)) for k in range(count)]
    assert made[0] == a
    assert count == 1 or made[-1] == b


def test_float32_is_not_rounded_by_way_of_float64() -> None:
    """1 + 2^-24 + 2^-53 is above the middle of two float32 values; as a float64 it is the middle, and goes to even."""
    end = 1 + 2.0**-23 + 2.0**-52
    assert float((Fraction(end) + 1) / 2) == 1 + 2.0**-24
    assert fi.ramp(end, 1.0).fill_(np.empty(3, np.float32))[1] == np.float32(1 + 2.0**-23)


@EACH
def test_16_bit_results_are_the_float32_ones_rounded(dtype: Any) -> None:
    wide = fi.log_arange().fill_(np.empty(100, np.float64 if dtype == np.float64 else np.float32))
    assert (as_bits(fi.log_arange().fill_(np.empty(100, dtype))) == as_bits(wide.astype(dtype))).all()


@pytest.mark.parametrize("axis", [-3, -2, -1, 0, 1, 2])
def test_parts_and_strides_do_not_matter(axis: int) -> None:
    scheme, shape = fi.ramp(0.0, 1.0, 0.7, axis=axis), (5, 6, 7)
    whole = scheme.fill_(np.empty(shape))
    along = np.moveaxis(whole, axis, -1)
    assert (along == along[0, 0]).all()
    assert (along[0, 0] == fi.ramp(0.0, 1.0, 0.7).fill_(np.empty(shape[axis]))).all()
    block = scheme.fill_(np.empty((2, 3, 4)), global_shape=shape, offset=(1, 2, 3))
    assert (block == whole[1:3, 2:5, 3:7]).all()
    part = scheme.fill_(np.empty(100), global_shape=shape, offset=33)
    assert (part == whole.reshape(-1)[33:133]).all()
    assert (scheme.fill_(np.empty((7, 12, 5))[::-1, ::-2].T) == whole).all()


def test_a_part_of_a_tensor_that_no_array_holds() -> None:
    huge = (2**40, 2**10)
    part = fi.log_arange().fill_(np.empty(3), global_shape=huge, offset=2**49 + 1023)
    assert part.tolist() == fi.log_arange().fill_(np.empty(1024))[[1023, 0, 1]].tolist()
    block = fi.log_arange().fill_(np.empty((1, 2)), global_shape=huge, offset=(2**39, 4))
    assert block[0].tolist() == fi.log_arange().fill_(np.empty(6))[4:].tolist()


SCHEMES = [
    *(fi.log_arange(), fi.ramp(-6, -1, 0.9), fi.ramp(1, 0, endpoint=False, axis=0)),
    *(fi.sinusoidal(), fi.sinusoidal("halves", 37.5), fi.sinusoidal("halves", endpoint=True), fi.sinusoidal("grid")),
]


@EACH
@pytest.mark.parametrize("scheme", SCHEMES, ids=repr)
def test_it_is_verified(scheme: fi.Scheme, dtype: Any) -> None:
    w = scheme.fill_(np.empty((9, 8), dtype))
    assert fi.verify(w, scheme)
    assert fi.verify(w, scheme, seed=1)
    assert w.astype(np.float64).std() == pytest.approx(scheme.std_for(w.shape), rel=0.01)
    w[3, 4] += 1
    assert not fi.verify(w, scheme)
    assert fi.verify(w, scheme, seed=1).first_difference == (3, 4)


@pytest.mark.parametrize("scheme", SCHEMES, ids=repr)
def test_text_and_recipes_carry_it(scheme: fi.Scheme) -> None:
    assert fi.Scheme.from_dict(scheme.to_dict()) == scheme
    recipe, w = Recipe([("w", scheme)]), np.empty((9, 8), np.float32)
    assert Recipe.loads(recipe.to_json()) == recipe
    (row,) = recipe.init_({"w": w}, seed=1).rows
    assert row.expected_std == scheme.std_for(w.shape)
    assert recipe.verify({"w": w}, seed=2)["w"]


@needs_rounding
def test_the_mode_of_the_process_does_not_matter() -> None:
    expected = fi.ramp(0.1, 0.7, 0.31).fill_(np.empty(77, np.float32))
    with rounded_upward():
        assert (fi.ramp(0.1, 0.7, 0.31, axis=0).fill_(np.empty(77, np.float32)) == expected).all()


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: fi.ramp(np.nan), ValueError, "a is nan; it must be a finite number"),
        (lambda: fi.ramp(power=0), ValueError, "power is 0.0; it must be positive: pass 1 for a straight line"),
        (lambda: fi.ramp(endpoint=1), TypeError, "endpoint is 1; it must be a bool: pass True or False"),  # type: ignore[arg-type]
        (lambda: fi.ramp(axis=0.5), TypeError, "axis is 0.5; it must be an int: pass -1 for the last"),  # type: ignore[arg-type]
        (lambda: fi.ramp().fill_(np.empty(())), ValueError, "axis is -1 for shape (); it must be one of its axes"),
        (
            lambda: fi.log_arange(2).std_for((3, 4)),
            ValueError,
            "axis is 2 for shape (3, 4); it must be one of its axes",
        ),
        (
            lambda: fi.ramp(b=1e5).fill_(np.empty(3, np.float16)),
            ValueError,
            "b is 100000.0; the array's dtype holds at",
        ),
        (
            lambda: fi.log_arange().fill_(np.empty(65_537)),
            ValueError,
            "shape is (65537,); log_arange has at most 65,536 places along axis -1: pass a shorter",
        ),
    ],
)
def test_what_is_refused(make: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(sentence)}"):
        make()


def test_an_array_without_elements() -> None:
    with pytest.warns(fi.EmptyArrayWarning):
        fi.log_arange().fill_(np.empty((3, 0)))
    assert fi.log_arange().std_for((3, 0)) == 0
