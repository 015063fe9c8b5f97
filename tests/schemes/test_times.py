"""A scheme times a number: the same kind with scaled parameters, whose values are the scaled ones."""

from __future__ import annotations

import re
from math import inf, sqrt

import numpy as np
import pytest

import fast_init as fi

SCHEMES: dict[str, fi.Scheme] = {
    "normal": fi.normal(0.5, 2.0),
    "uniform": fi.uniform(-1, 3),
    "cut at numbers": fi.trunc_normal(0.25, 1.5, -2, 1),
    "cut at sigmas": fi.trunc_normal(0.25, 1.5, -2, 0.5, "sigma"),
    "half a normal": fi.trunc_normal(0, 1, 0, inf),
    "constant": fi.constant(3.0),
    "variance scaling": fi.he_uniform(),
    "orthogonal": fi.orthogonal(gain=1.5),
    "sparse": fi.sparse(0.25, std=2.0),
}
SHAPE = (60, 60)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize(("base", "power"), [(4.0, 1), (4.0, -0.5), (0.25, 1.5)])
def test_values_are_scaled_by_a_power_of_a_positive_number(name: str, base: float, power: float) -> None:
    """By powers of 2, which round nothing."""
    scheme, factor = SCHEMES[name], base**power
    scaled = scheme.times(base, power)
    assert scaled.kind == scheme.kind
    assert scaled.std_for(SHAPE) == pytest.approx(scheme.std_for(SHAPE) * factor, rel=1e-12)
    values, products = (s.new(SHAPE, "float64", seed=1, name="w") for s in (scaled, scheme))
    assert values == pytest.approx(products * factor, rel=1e-12, abs=1e-12)
    assert fi.verify(values, scaled)


@pytest.mark.parametrize("name", [name for name in SCHEMES if name != "variance scaling"])
def test_a_negative_number_gives_the_distribution_of_the_products(name: str) -> None:
    scheme = SCHEMES[name]
    assert fi.verify(-3 * scheme.new(SHAPE, "float64", seed=1), scheme.times(-3, 1))
    mirrored = scheme.times(-1, 1).times(-1, 1)
    assert mirrored == scheme
    assert np.array_equal(mirrored.new(SHAPE, seed=1), scheme.new(SHAPE, seed=1))


@pytest.mark.parametrize("name", SCHEMES)
def test_nothing_is_left_of_what_is_scaled_by_zero(name: str) -> None:
    assert not SCHEMES[name].times(0.0, 1).new(SHAPE, seed=1).any()


def test_parameters_are_scaled_not_values() -> None:
    """Values of a scaled scheme are rounded once, products twice."""
    scheme = fi.normal(std=0.1)
    values, products = scheme.times(3, 1).new(SHAPE, seed=1), scheme.new(SHAPE, seed=1) * np.float32(3)
    assert not np.array_equal(values, products)
    assert values == pytest.approx(products, rel=1e-6)


def test_the_scale_of_a_variance_is_scaled_by_the_square() -> None:
    assert fi.xavier_normal().times(3.0, 2) == fi.xavier_normal(gain=9.0)
    assert fi.he_normal().times(2.0, 0.5).std_for((3, 4)) == sqrt(2 * 2 / 4)


@pytest.mark.parametrize("scheme", [fi.eye(), fi.dirac(), fi.literal.of([1.0])], ids=lambda scheme: str(scheme.kind))
def test_what_has_no_scale_cannot_be_scaled(scheme: fi.Scheme) -> None:
    text = f"scheme is {scheme!r}; it cannot be scaled: pass one with a scale, such as normal"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        scheme.times(2.0, 1)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize(("base", "power"), [(1e300, 2), (0.0, -2)])
def test_a_factor_that_no_float_holds_is_an_error(name: str, base: float, power: float) -> None:
    with pytest.raises(ValueError, match=rf"a scale is multiplied by {re.escape(str(base))} \*\* \S+; no float holds"):
        SCHEMES[name].times(base, power)
