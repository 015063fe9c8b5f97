"""The textbook's numbers, computed by the package and checked on what it draws.

A sample variance of n normals has relative standard error sqrt(2 / n), of n uniforms sqrt(0.8 / n); a
check allows five.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from support.draws import FLOATS, Array

Fill = Callable[..., Array]


def assert_std(array: Array, std: float, uniform: bool = False) -> None:
    """Check the sample variance against std^2, and the mean against 0."""
    values = np.asarray(array, np.float64)
    error = sqrt((0.8 if uniform else 2.0) / values.size)
    assert values.var() / std**2 == pytest.approx(1, abs=5 * error + (2**-8 if array.itemsize == 2 else 0))
    assert abs(values.mean()) < 5 * std / sqrt(values.size)


def drawn(fill: Fill, shape: tuple[int, ...], draws: int = 1, dtype: Any = np.float32, **options: Any) -> Array:
    """Return that many draws of one shape, side by side."""
    return np.stack([fill(np.empty(shape, dtype), seed=k, **options) for k in range(draws)])


@pytest.mark.parametrize(("shape", "std"), [((3, 4), 0.7071), ((64, 128), 0.125)])
def test_he(shape: tuple[int, ...], std: float) -> None:
    """4 inputs -> 3 outputs is W of shape (3, 4): sigma = sqrt(2/4); 128 -> 64: sigma = 0.125."""
    w = drawn(fi.he_normal_, shape, draws=2000)
    assert sqrt(2 / fi.compute_fans(shape).fan_in) == pytest.approx(std, abs=5e-5)
    assert_std(w, sqrt(2 / shape[1]))


@pytest.mark.parametrize(
    ("n", "xavier", "he"), [(4, 0.5, 0.707), (16, 0.25, 0.354), (64, 0.125, 0.177), (256, 0.0625, 0.0884)]
)
def test_textbook_xavier_against_he(n: int, xavier: float, he: float) -> None:
    draws = 400_000 // n**2 + 1
    x, h = drawn(fi.xavier_normal_, (n, n), draws, mode="fan_in"), drawn(fi.he_normal_, (n, n), draws)
    assert_std(x, 1 / sqrt(n))
    assert_std(h, sqrt(2 / n))
    assert (1 / sqrt(n), sqrt(2 / n)) == pytest.approx((xavier, he), abs=5e-4)
    # The same standard normals under both: the ratio is sqrt(2) in every element but for rounding.
    assert np.allclose(h, sqrt(2) * x, rtol=3e-7, atol=0)


def test_the_rule_of_one_over_root_n() -> None:
    """As a Gaussian: LeCun. As a uniform on +-1/sqrt(n): he_uniform_ with slope sqrt(5), PyTorch's default."""
    n = 64
    assert_std(drawn(fi.lecun_normal_, (100, n), 40), 1 / sqrt(n))
    u = drawn(fi.he_uniform_, (100, n), 40, a=sqrt(5))
    assert np.abs(u).max() <= np.float32(1 / sqrt(n))
    assert np.abs(u).max() > 0.9999 / sqrt(n)
    assert_std(u, 1 / sqrt(3 * n), uniform=True)


@pytest.mark.parametrize(("shape", "layout"), [((32, 16, 3, 3), "oi..."), ((3, 3, 16, 32), "...io")])
def test_convolution_kernels(shape: tuple[int, ...], layout: str) -> None:
    assert fi.compute_fans(shape, layout) == (16 * 9, 32 * 9)
    assert_std(drawn(fi.he_normal_, shape, 40, layout=layout), sqrt(2 / 144))
    assert_std(drawn(fi.he_normal_, shape, 40, layout=layout, mode="fan_out"), sqrt(2 / 288))


FUNCTIONS: list[tuple[Fill, dict[str, Any], float, bool]] = [
    # function, options, variance * fan for fans of (50, 80), uniform
    (fi.he_normal_, {}, 2 / 50, False),
    (fi.he_normal_, {"a": 1.0}, 1 / 50, False),
    (fi.he_normal_, {"nonlinearity": "tanh", "mode": "fan_out"}, 25 / 9 / 80, False),
    (fi.he_uniform_, {"mode": "fan_avg"}, 2 / 65, True),
    (fi.xavier_normal_, {}, 1 / 65, False),
    (fi.xavier_normal_, {"gain": 3, "mode": "fan_geo_avg"}, 9 / sqrt(4000), False),
    (fi.xavier_uniform_, {"gain": 0.5}, 0.25 / 65, True),
    (fi.lecun_normal_, {}, 1 / 50, False),
    (fi.lecun_uniform_, {}, 1 / 50, True),
]


@pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
@pytest.mark.parametrize("layout", ["oi", "io", "eoi", "...io"])
@pytest.mark.parametrize("case", range(len(FUNCTIONS)))
def test_every_function_has_its_variance(case: int, layout: str, dtype: np.dtype[Any]) -> None:
    fill, options, variance, uniform = FUNCTIONS[case]
    sizes = {"o": 80, "i": 50, "e": 3}
    shape = tuple(sizes[letter] for letter in layout.removeprefix("..."))
    w = drawn(fill, shape, 20, dtype, layout=layout, **options)
    assert_std(w, sqrt(variance), uniform)
    if uniform:
        assert np.abs(w.astype(np.float64)).max() <= sqrt(3 * variance) * (1 + 2**-8)


def test_aliases_are_the_same_functions() -> None:
    assert fi.kaiming_normal_ is fi.he_normal_
    assert fi.kaiming_uniform_ is fi.he_uniform_
    assert fi.glorot_normal_ is fi.xavier_normal_
    assert fi.glorot_uniform_ is fi.xavier_uniform_


@pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
def test_constants(dtype: np.dtype[Any]) -> None:
    w = np.empty((3, 5), dtype)[:, ::2]
    assert fi.zeros_(w) is w
    assert (w == 0).all()
    assert (fi.ones_(w) == 1).all()
    assert (fi.constant_(w, -0.375) == dtype.type(-0.375)).all()
    assert np.isinf(fi.constant_(w, float("inf")).astype(np.float64)).all()
    assert np.isnan(fi.constant_(w, float("nan")).astype(np.float64)).all()


@pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
@pytest.mark.parametrize(
    ("a", "b"), [(0, 1), (-1, 1), (0.1, 0.1), (1, 1.0009765625), (-2, -1), (-1e-7, 0), (0, 3e-8), (100, 101)]
)
def test_uniform_stays_below_b(a: float, b: float, dtype: np.dtype[Any]) -> None:
    low, high = (float(dtype.type(np.float32(x) if dtype.itemsize < 8 else x)) for x in (a, b))
    w = fi.uniform_(np.empty(1 << 20, dtype), a, b, seed=3).astype(np.float64)
    assert w.min() >= low
    assert w.max() < high or low == high == w.max()


def test_equal_arguments_give_equal_standard_normals_whatever_the_scheme() -> None:
    z = fi.normal_(np.empty((8, 50), np.float64), seed=1, name="x")
    assert (fi.he_normal_(np.empty((8, 50)), seed=1, name="x") == z * sqrt(sqrt(2) ** 2 / 50)).all()


def test_no_fan_no_draw() -> None:
    assert fi.he_normal_(np.empty((3, 0), np.float32), on_empty="ignore").shape == (3, 0)


def zeros_of(name: str | None) -> np.ndarray[Any, Any]:
    return np.asarray(fi.sparse_(np.empty((40, 30), np.float32), 0.5, seed=6, name=name) == 0)


def test_no_name_and_the_empty_name_are_two_streams_of_zeros_too() -> None:
    assert not (zeros_of(None) == zeros_of("")).all()


@pytest.mark.parametrize(("name", "stream"), [(None, "\0zeros of no name"), ("", "\0zeros"), ("w", "w\0zeros")])
def test_the_zeros_are_where_the_words_of_their_stream_are_smallest(name: str | None, stream: str) -> None:
    words = fi.bits_(np.empty((40, 30), np.uint32), seed=6, name=stream)
    smallest = np.sort(words, axis=0)[19]
    assert (zeros_of(name) == (words <= smallest)).all()


@pytest.mark.parametrize("scheme", [fi.constant(0.5), fi.eye(), fi.sparse(0.5)], ids=str)
@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"seed": -1}, "seed is -1; it must be in [0, 2**64)"),
        ({"seed": "1"}, "seed is '1'; it must be an int, a numpy SeedSequence or Generator, or None"),
        ({"name": 3}, "name is 3; it must be a str or None"),
        ({"name": "\ud800"}, "it must have an encoding in UTF-8"),
        ({"threads": 0}, "threads is 0; it must be at least 1"),
        ({"global_shape": (5, 5), "offset": (3, 0)}, "the block must lie inside"),
        ({"global_shape": (5, 5)}, "global_shape is (5, 5) without an offset"),
    ],
    ids=str,
)
def test_what_draws_nothing_checks_its_arguments_too(scheme: fi.Scheme, options: dict[str, Any], text: str) -> None:
    w = np.full((3, 3), 7.0)
    with pytest.raises((TypeError, ValueError), match=re.escape(text)):
        scheme.fill_(w, **options)
    assert (w == 7).all()


def test_what_draws_nothing_takes_nothing_from_a_generator() -> None:
    generator = np.random.default_rng(1)
    before = generator.bit_generator.state
    fi.constant(0.5).fill_(np.empty(3), seed=generator)
    assert generator.bit_generator.state == before


def test_new_is_fill_of_a_new_array() -> None:
    for dtype in ("float32", "float64", "float16", "bfloat16", np.float64):
        w = fi.he_normal().new((5, 7), dtype, seed=3, name="w")
        assert w.dtype.name == (dtype if isinstance(dtype, str) else "float64")
        assert (w == fi.he_normal_(np.empty((5, 7), w.dtype), seed=3, name="w")).all()
    with pytest.raises(TypeError, match="array has dtype int32; only float32"):
        fi.zeros().new((3,), "int32")


@pytest.mark.parametrize("function", [fi.eye_, fi.dirac_])
def test_parts_of_eye_and_dirac(function: Any) -> None:
    shape = (6, 4) if function is fi.eye_ else (6, 4, 3)
    whole, part = function(np.empty(shape)), np.empty((2, *shape[1:]))
    assert (function(part, global_shape=shape, offset=(3, *(0 for _ in shape[1:]))) == whole[3:5]).all()
