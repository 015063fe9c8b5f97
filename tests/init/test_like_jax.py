"""What JAX's tests of jax.nn.initializers check, and what its documentation promises; jax is not needed.

Where the two differ on purpose, the test says so. JAX's axes are layouts here: in_axis=-2, out_axis=-1 is
``"...io"``, which is no default. A key is a seed and a name. Complex dtypes cannot be filled.
"""

from __future__ import annotations

from math import inf, prod, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import fast_init
from support.distributions import CUT_STD, NORMAL, TRUNCATED, UNIFORM, assert_law, ks_p_value
from support.draws import BFLOAT16, FLOATS, Array

fi: Any = fast_init  # called with what its types forbid

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
SHAPES = [(2,), (2, 2), (2, 3), (3, 2), (2, 3, 4), (4, 3, 2), (2, 3, 4, 5)]
LAWS = {"normal": NORMAL, "uniform": UNIFORM, "truncated_normal": TRUNCATED}
INITIALIZERS: dict[str, tuple[Any, int, int]] = {
    # initializer, least and most axes
    "uniform": (fi.uniform(0, 0.01), 1, 4),
    "normal": (fi.normal(0, 0.01), 1, 4),
    "truncated_normal": (fi.trunc_normal(0, 0.01, bounds="sigma"), 1, 4),
    "constant": (fi.constant(-7), 1, 4),
    "orthogonal": (fi.orthogonal(layout="...io"), 2, 4),
    "delta_orthogonal": (fi.delta_orthogonal(layout="...io"), 3, 4),
    "fan_geo_avg": (fi.variance_scaling(1, "fan_geo_avg", "normal", "...io"), 2, 4),
    **{
        name: (getattr(fi, name)(layout="...io"), 2, 4)
        for name in ("he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "lecun_normal", "lecun_uniform")
    },
}


@EACH
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", INITIALIZERS)
def test_shape_and_dtype(name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """In place: shape and dtype are the array's, which comes back. A shape is an error where it is one in JAX."""
    scheme, least, most = INITIALIZERS[name]
    array = np.full(shape, np.nan, dtype)
    too_narrow = name == "delta_orthogonal" and shape[-2:] == (3, 2)  # more inputs than outputs
    if least <= len(shape) <= most and not too_narrow:
        assert scheme.fill_(array, seed=0) is array
        assert array.shape == shape
        assert array.dtype == dtype
        assert np.isfinite(array.astype(np.float64)).all()
    else:
        with pytest.raises(ValueError, match="shape "):
            scheme.fill_(array, seed=0)


@pytest.mark.parametrize("dtype", [BFLOAT16, np.dtype(np.float16)], ids=str)
@pytest.mark.parametrize("name", ["uniform_", "normal_", "trunc_normal_"])
def test_a_float32_parameter_changes_no_dtype(name: str, dtype: np.dtype[Any]) -> None:
    one = np.float32(1)
    array = getattr(fi, name)(np.empty((4, 4), dtype), np.float32(0), one, seed=0)
    assert array.dtype == dtype
    assert (array == getattr(fi, name)(np.empty((4, 4), dtype), 0.0, 1.0, seed=0)).all()


AXES = st.lists(st.sampled_from("oiebk"), min_size=2, max_size=5).filter(lambda axes: {"o", "i"} <= set(axes))


@given(AXES, st.data())
def test_fans_of_in_out_and_batch_axes(axes: list[str], data: st.DataObject) -> None:
    """JAX divides the size of the weight by the axes; whatever is neither in, out nor batch is receptive field."""
    shape = [data.draw(st.integers(1, 9)) for _ in axes]
    size = {letter: prod(n for n, other in zip(shape, axes, strict=True) if other == letter) for letter in "oieb"}
    receptive = prod(shape) // prod(size.values())
    want = size["i"] * receptive, size["o"] * receptive
    assert fi.compute_fans(shape, "".join(axes)) == want


PLACES = [
    # layout, shape, fan_in, fan_out
    ("...io", (120, 80), 120, 80),
    ("...io", (3, 3, 40, 20), 360, 180),
    ("oi", (80, 120), 120, 80),
    ("iioo", (8, 15, 4, 20), 120, 80),  # in_axis=(0, 1), out_axis=(-2, -1)
    ("ieoo", (30, 16, 4, 5), 30, 20),  # in_axis=0, out_axis=(2, 3), batch_axis=1
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[0]} {len(place[1])}")
@pytest.mark.parametrize("scale", [0.5, 1, 2.0])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"])
@pytest.mark.parametrize("distribution", LAWS)
def test_variance_scaling(
    distribution: str, mode: str, scale: float, place: tuple[str, tuple[int, ...], int, int]
) -> None:
    layout, shape, i, o = place
    fan = {"fan_in": i, "fan_out": o, "fan_avg": (i + o) / 2, "fan_geo_avg": sqrt(i * o)}[mode]
    w = fi.variance_scaling_(np.empty(shape, np.float32), scale, mode, distribution, layout=layout, seed=1)
    assert_law(w, LAWS[distribution], sqrt(scale / fan))


@EACH
@pytest.mark.parametrize(
    ("name", "scale", "mode"), [("he", 2.0, "fan_in"), ("glorot", 1.0, "fan_avg"), ("lecun", 1.0, "fan_in")]
)
def test_the_named_schemes(name: str, scale: float, mode: str, dtype: np.dtype[Any]) -> None:
    """JAX's *_normal are truncated; here they are not, and variance_scaling_ gives JAX's. *_uniform are the same."""
    shape, fan = (120, 80), {"fan_in": 120, "fan_avg": 100}[mode]
    options = {"layout": "...io", "seed": 2}
    array = getattr(fi, f"{name}_normal_")(np.empty(shape, dtype), **options)
    assert_law(array, NORMAL, sqrt(scale / fan))
    assert np.abs(array.astype(np.float64)).max() > 2.5 * sqrt(scale / fan)
    jaxs = fi.variance_scaling_(np.empty(shape, dtype), scale, mode, "truncated_normal", **options)
    assert_law(jaxs, TRUNCATED, sqrt(scale / fan))
    assert_law(getattr(fi, f"{name}_uniform_")(np.empty(shape, dtype), **options), UNIFORM, sqrt(scale / fan))


def test_fans_need_two_axes() -> None:
    """As in JAX; here a layout of one letter says what the axis is, and the other fan is that of one unit."""
    for shape in ((), (5,)):
        with pytest.raises(ValueError, match="needs at least 2"):
            fi.variance_scaling_(np.empty(shape), 1.0, "fan_avg", "truncated_normal", layout="...io")
    assert fi.variance_scaling(1.0, "fan_in", layout="i").std_for((4,)) == 0.5


def test_arguments_of_variance_scaling() -> None:
    """A negative scale is NaN in JAX, an error here; scale 0 is zeros in both."""
    w = np.full((3, 4), 123.0, np.float32)
    for options, text in (({"mode": "fan"}, "mode is 'fan'"), ({"distribution": "gaussian"}, "distribution is 'gau")):
        with pytest.raises(ValueError, match=text):
            fi.variance_scaling_(w, **options)
    with pytest.raises(ValueError, match="scale is -1"):
        fi.variance_scaling_(w, -1.0)
    assert (w == 123).all()
    for distribution in LAWS:
        assert (fi.variance_scaling_(w, 0.0, "fan_in", distribution) == 0).all()


@EACH
@pytest.mark.parametrize(("lower", "upper"), [(-2.0, 2.0), (-1.0, 3.0), (0.5, inf)])
def test_truncated_normal(lower: float, upper: float, dtype: np.dtype[Any]) -> None:
    """JAX's bounds are in standard deviations, here so with bounds="sigma"; neither corrects the variance."""
    w = fi.trunc_normal_(np.empty(40_000, dtype), 0.0, 0.25, lower, upper, bounds="sigma", seed=3)
    law = stats.truncnorm(lower, upper, 0, 0.25)
    assert ks_p_value(w, lambda x: np.asarray(law.cdf(x)), lower / 4, upper / 4) > 1e-7
    if upper == 2:
        assert_law(w, TRUNCATED, 0.25 * CUT_STD)
        assert np.abs(w.astype(np.float64)).max() <= 0.5


def test_uniform_and_constant() -> None:
    """JAX's uniform(scale) is U[0, scale), and its default scale 0.01; here it is uniform_(w, 0, scale), and 1."""
    assert_law(fi.uniform_(np.empty(9999, np.float32), 0, 10.0, seed=4), UNIFORM, 10 / sqrt(12), 5.0)
    assert_law(fi.uniform_(np.empty(9999, np.float32), seed=4), UNIFORM, 1 / sqrt(12), 0.5)
    assert (fi.constant_(np.empty((2, 3)), -7) == -7).all()


TOLERANCE = {np.dtype(np.float64): 1e-14, np.dtype(np.float32): 3e-6, np.dtype(np.float16): 4e-3, BFLOAT16: 4e-2}


def assert_orthonormal(matrix: Array, gain: float, dtype: np.dtype[Any]) -> None:
    """Check that the rows or the columns, whichever are fewer, are."""
    m = matrix.astype(np.float64)
    square = m @ m.T if m.shape[0] <= m.shape[1] else m.T @ m
    assert np.abs(square - gain**2 * np.eye(len(square))).max() < TOLERANCE[dtype] * gain**2


@EACH
@pytest.mark.parametrize("gain", [1.0, 0.3, -2.0])
@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2), (2, 3, 4), (4, 3, 2), (2, 2, 4, 20)], ids=str)
def test_orthogonal(shape: tuple[int, ...], gain: float, dtype: np.dtype[Any]) -> None:
    """JAX's column_axis is the output axis of the layout, its default the last."""
    last = fi.orthogonal_(np.empty(shape, dtype), gain, layout="...io", seed=5)
    assert_orthonormal(last.reshape(-1, shape[-1]), gain, dtype)
    first = fi.orthogonal_(np.empty(shape, dtype), gain, layout="oi...", seed=5)
    assert_orthonormal(first.reshape(shape[0], -1), gain, dtype)
    if len(shape) > 2:  # JAX has no batch of orthogonal matrices; a middle axis as output axis it has
        each = fi.orthogonal_(np.empty(shape, dtype), gain, layout="e...io", seed=5)
        for matrix in each:
            assert_orthonormal(matrix.reshape(-1, shape[-1]), gain, dtype)
        assert (each[0] != each[1]).any()
        middle = fi.orthogonal_(np.empty(shape, dtype), gain, layout="io...", seed=5)
        assert_orthonormal(np.moveaxis(middle, 1, -1).reshape(-1, shape[1]), gain, dtype)


@EACH
@pytest.mark.parametrize("gain", [1.0, 0.3, -2.0])
@pytest.mark.parametrize("shape", [(3, 4, 5), (4, 3, 3), (3, 2, 1, 6), (2, 3, 4, 5), (1, 2, 3, 3, 4)], ids=str)
def test_delta_orthogonal(shape: tuple[int, ...], gain: float, dtype: np.dtype[Any]) -> None:
    """The center of an even kernel is the earlier one of the two in the middle, as in JAX, unlike in dirac_."""
    w = fi.delta_orthogonal_(np.full(shape, np.nan, dtype), gain, layout="...io", seed=6)
    center = tuple((n - 1) // 2 for n in shape[:-2])
    assert_orthonormal(w[center], gain, dtype)
    w[center] = 0
    assert (w == 0).all()


def test_a_circular_convolution_with_it_keeps_norms() -> None:
    """What it is for (Xiao et al., 2018): all singular values of the convolution are the gain."""
    w = fi.delta_orthogonal_(np.empty((3, 3, 4, 6)), 1.5, layout="...io", seed=7)
    spectrum = np.fft.fft2(w, (8, 8), axes=(0, 1))
    assert np.allclose(np.linalg.svd(spectrum, compute_uv=False), 1.5, rtol=1e-13)


def test_errors_of_orthogonal_ones() -> None:
    """As in JAX, but that a delta may have more than three kernel axes here."""
    with pytest.raises(ValueError, match="needs at least 2"):
        fi.orthogonal_(np.empty(3), layout="...io")
    with pytest.raises(ValueError, match="is not that of a convolution"):
        fi.delta_orthogonal_(np.empty((3, 3)), layout="...io")
    with pytest.raises(ValueError, match="has 4 inputs and 3 outputs; a norm cannot be kept"):
        fi.delta_orthogonal_(np.empty((3, 4, 3)), layout="...io")
    w = fi.delta_orthogonal_(np.empty((1, 2, 1, 3, 2, 2)), layout="...io", seed=8)
    assert_orthonormal(w[0, 0, 0, 1], 1.0, np.dtype(np.float64))
