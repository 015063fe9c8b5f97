"""Tables of positions: the nearest values to real sines and cosines, in the channels of the codes that have them."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import mpmath
import numpy as np
import pytest

import fast_init as fi
from fast_init.schemes.waves import BITS, angles, waves
from support.draws import FLOATS, Array, as_bits
from support.rounding import needs_rounding, rounded_upward

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
WHISPER, DIT = fi.sinusoidal("halves", endpoint=True), fi.sinusoidal("grid")
SCHEMES = [fi.sinusoidal(), WHISPER, DIT, fi.sinusoidal("halves", 37.5)]


def nearest(x: Any, real: type[Any]) -> float:
    """Round a real number that is not between two floats: of a float and its neighbours the nearest."""
    near = real(float(x))
    around = [np.nextafter(near, real(-np.inf)), near, np.nextafter(near, real(np.inf))]
    return float(min(around, key=lambda y: abs(x - mpmath.mpf(float(y)))))


def angles_of(rows: int, count: int, longest: float = 10000.0) -> Array:
    """p longest^(-k / count) in float64: the angles of rows p and frequencies k."""
    return np.asarray(np.outer(np.arange(rows), longest ** -(np.arange(count) / count)))


@pytest.mark.parametrize("real", [np.float32, np.float64])
@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("longest", [1.0, 123.4, 10000.0, 2.0**64])
def test_values_are_the_nearest(longest: float, endpoint: bool, real: type[Any]) -> None:
    rows, count = [1, 2, 22, 355, 1499, 19_999], 5
    made = fi.sinusoidal("halves", longest, endpoint).fill_(np.empty((20_000, 2 * count), real))[rows]
    with mpmath.workprec(400):
        powers = [mpmath.mpf(k) / (count - endpoint) for k in range(count)]
        table = [[p * mpmath.power(mpmath.mpf(longest), -w) for w in powers] for p in rows]
        expected = [[nearest(f(x), real) for f in (mpmath.sin, mpmath.cos) for x in row] for row in table]
    assert made.tolist() == expected


def test_float32_is_not_rounded_by_way_of_float64() -> None:
    """sin(1 / T) is near the middle of two float32 values; as a float64 it is the middle, and goes to even."""
    scheme = fi.sinusoidal("halves", 846_731_599.0, endpoint=True)
    narrow, wide = (scheme.new((2, 4), dtype)[1, 1] for dtype in ("float32", "float64"))
    assert wide.astype(np.float32) != narrow
    with mpmath.workprec(200):
        assert narrow == nearest(mpmath.sin(mpmath.mpf(1) / 846_731_599), np.float32)


def test_errors_of_the_integers_are_far_below_a_rounding() -> None:
    count = 3000
    for angle in angles(10000.0, 7, 7):
        for made, f in zip(waves(angle, count), (mpmath.sin, mpmath.cos), strict=True):
            with mpmath.workprec(400):
                exact = f((count - 1) * mpmath.ldexp(angle, -BITS))
                assert abs(mpmath.ldexp(made[-1], -BITS) - exact) < mpmath.ldexp(200 * count, -BITS)


@pytest.mark.parametrize(
    ("scheme", "shape", "digest"),
    [
        (WHISPER, (1500, 384), "c9af6b1cfce00b28"),
        (fi.sinusoidal(), (512, 64), "ec555371105c0739"),
        (DIT, (1, 256, 384), "b95cfaff5e2b11ca"),
    ],
    ids=["whisper-tiny", "vaswani", "dit-s-2"],
)
def test_values_never_change(scheme: fi.Scheme, shape: tuple[int, ...], digest: str) -> None:
    hashes = [hashlib.sha256(as_bits(scheme.new(shape, dtype)).tobytes()).hexdigest() for dtype in FLOATS]
    assert hashlib.sha256("".join(hashes).encode()).hexdigest()[:16] == digest


def test_interleaved_is_the_formula_of_the_paper() -> None:
    """PE(p, 2 i) = sin(p / 10000^(2 i / d)), PE(p, 2 i + 1) = cos of it: Vaswani et al., section 3.5."""
    made, angle = fi.sinusoidal().fill_(np.empty((50, 12))), angles_of(50, 6)
    assert np.allclose(made[:, ::2], np.sin(angle), rtol=0, atol=1e-13)
    assert np.allclose(made[:, 1::2], np.cos(angle), rtol=0, atol=1e-13)


def test_halves_have_the_values_of_interleaved() -> None:
    made, halves = (fi.sinusoidal(order).fill_(np.empty((50, 12))) for order in ("interleaved", "halves"))
    assert (halves == np.hstack([made[:, ::2], made[:, 1::2]])).all()


def test_the_grid_is_that_of_dits_code() -> None:
    """get_2d_sincos_pos_embed takes the place in the row first; its float64 is rounded to float32, so an ulp is off."""
    side, width = 16, 384
    columns, rows = (x.reshape(-1) for x in np.meshgrid(np.arange(side), np.arange(side)))
    angle = angles_of(side, width // 4)
    expected = np.hstack([f(angle[place]) for place in (columns, rows) for f in (np.sin, np.cos)]).astype(np.float32)
    made = DIT.fill_(np.empty((1, side**2, width), np.float32))
    assert abs(made[0] - expected).max() <= 2.0**-24


def test_one_frequency_is_that_of_whole_positions() -> None:
    made = WHISPER.fill_(np.empty((9, 2)))
    assert (made == fi.sinusoidal().fill_(np.empty((9, 2)))).all()
    assert made[8].tolist() == [0.9893582466233818, -0.14550003380861354]


@EACH
def test_16_bit_results_are_the_float32_ones_rounded(dtype: Any) -> None:
    wide = WHISPER.fill_(np.empty((40, 6), np.float64 if dtype == np.float64 else np.float32))
    assert (as_bits(WHISPER.fill_(np.empty((40, 6), dtype))) == as_bits(wide.astype(dtype))).all()


@pytest.mark.parametrize("scheme", SCHEMES, ids=repr)
def test_parts_and_strides_do_not_matter(scheme: fi.Scheme) -> None:
    shape = (3, 16, 12)
    whole = scheme.fill_(np.empty(shape, np.float32))
    assert (whole == scheme.fill_(np.empty(shape[1:], np.float32))).all()
    block = scheme.fill_(np.empty((1, 7, 5), np.float32), global_shape=shape, offset=(1, 9, 2))
    assert (block == whole[1:2, 9:, 2:7]).all()
    part = scheme.fill_(np.empty(100, np.float32), global_shape=shape, offset=33)
    assert (part == whole.reshape(-1)[33:133]).all()
    assert (scheme.fill_(np.empty((12, 32, 3), np.float32)[::-1, ::-2].T) == whole).all()
    longer = fi.sinusoidal().fill_(np.empty((17, 12)))
    assert (fi.sinusoidal().fill_(np.empty((16, 12))) == longer[:16]).all()


@pytest.mark.parametrize("scheme", SCHEMES, ids=repr)
@pytest.mark.parametrize("shape", [(1, 4), (400, 64), (2, 9, 8)])
def test_the_deviation_is_that_of_the_values(scheme: fi.Scheme, shape: tuple[int, ...]) -> None:
    rows = (*shape[:-2], round(shape[-2] ** 0.5) ** 2, shape[-1])
    assert scheme.std_for(rows) == pytest.approx(scheme.fill_(np.empty(rows)).std(), abs=1e-9)


@needs_rounding
def test_the_mode_of_the_process_does_not_matter() -> None:
    expected = WHISPER.fill_(np.empty((77, 8), np.float32))
    with rounded_upward():
        assert (WHISPER.fill_(np.empty((77, 8), np.float32)) == expected).all()


sinusoidal: Any = fi.sinusoidal  # called with what its types forbid


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: sinusoidal("oi"), ValueError, "order is 'oi'; it must be one of interleaved, halves, grid: pass one"),
        (lambda: sinusoidal(max_timescale=0.5), ValueError, "max_timescale is 0.5; it must be from 1 to 2**64: pass"),
        (lambda: sinusoidal(max_timescale=1e30), ValueError, "max_timescale is 1e+30; it must be from 1 to 2**64"),
        (lambda: sinusoidal(max_timescale="1"), TypeError, "max_timescale is '1'; it must be a number"),
        (lambda: sinusoidal(endpoint=1), TypeError, "endpoint is 1; it must be a bool: pass True or False"),
        (lambda: sinusoidal().new((8,)), ValueError, "shape is (8,); a table of positions has rows and channels"),
        (lambda: sinusoidal().new((8, 3)), ValueError, "shape is (8, 3); with order 'interleaved' channels come by 2"),
        (lambda: DIT.new((9, 6)), ValueError, "shape is (9, 6); with order 'grid' channels come by 4: pass a multiple"),
        (lambda: DIT.std_for((8, 4)), ValueError, "shape is (8, 4); a grid's rows are those of a square image: pass a"),
        (lambda: WHISPER.new((2**13, 2**12)), ValueError, "shape is (8192, 4096); sinusoidal has at most 16,777,216 e"),
        (lambda: WHISPER.new((1, 2**17)), ValueError, "shape is (1, 131072); sinusoidal has at most 16,777,216 elem"),
    ],
)
def test_what_is_refused(make: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(sentence)}"):
        make()


@pytest.mark.parametrize("shape", [(0, 4), (4, 0)])
def test_an_array_without_elements(shape: tuple[int, ...]) -> None:
    with pytest.warns(fi.EmptyArrayWarning):
        DIT.fill_(np.empty(shape))
    assert DIT.std_for(shape) == 0
