"""Constants and rare branches that define bits, each by a case on both sides of it: a changed one fails here."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from math import exp, inf, log, nextafter, sqrt
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from fast_init import _core
from fast_init.sampling.bounds import half_open_plan
from fast_init.sampling.calls import WORDS_PLAN, DrawPlan
from fast_init.sampling.destinations import float_dtype
from fast_init.sampling.normal_tail import DIGITS, mills
from fast_init.sampling.truncation import truncated_plan, truncation_of
from support import reference
from support.counters import counter_of
from support.draws import BFLOAT16, Array

FLOAT32, FLOAT64, FLOAT16 = (np.dtype(name) for name in ("float32", "float64", "float16"))
POLYNOMIALS = Path(__file__).parents[2] / "cpp" / "stream" / "polynomials.hpp"
BITS = 2**32


def filled(plan: DrawPlan, dtype: np.dtype[Any], count: int, key: int, counter: list[int], number: int) -> Array:
    """The elements of a stream from that of word `number` (of 32 bits, or of 64) of the block at `counter` on."""
    a, b, c, d = counter
    block, tile = a | b << 32, 32 if dtype == FLOAT64 else 64
    array = np.empty(count, dtype)
    _core.fill(array, plan, key, c | d << 32, block // 16 * tile + block % 16 + 16 * number, (), 1)
    return array


def forced(block: list[int]) -> list[int]:
    """A counter whose block has the words given, and 0, 1, 2 ... for its last, until elements have its index."""
    counters = (counter_of([*block, trial], [3, 0]) for trial in range(1000))
    return next(counter for counter in counters if counter[1] < 1 << 28)


def planned(a: float, b: float, dtype: np.dtype[Any] = FLOAT32) -> DrawPlan:
    return truncated_plan(truncation_of(0.0, 1.0, a, b, "sigma"), float_dtype(dtype))


def kind(a: float, b: float) -> int:
    return planned(a, b).distribution


SPLIT_AT, NEAR_SLOPE_AT, FAR_SLOPE_AT = 8, 9, 11 + _core.QUANTILE_TERMS_32[0]  # in a truncated plan's parameters


def test_the_coefficients_of_the_core_are_those_of_the_page() -> None:
    """Their last digits move no value that a test would meet."""
    tables = re.findall(r"constexpr \w+ (\w+)_(\d\d)\[\] = \{(.*?)\};", POLYNOMIALS.read_text(), re.S)
    core = {
        name.lower() + bits: [float.fromhex(x) for x in re.findall(r"-?0x[\w.+-]+?(?=f?[,\s]|f?$)", text)]
        for name, bits, text in tables
    }
    assert core == reference.TABLES
    assert len(core) == 6


@pytest.mark.parametrize("encoding", [0, 1, 2, 3, 0x3FF, 0x400, 0x401, 0x7FF, 0x801, 0x802, 0xBFF, 0xC00, 0xC01])
@pytest.mark.parametrize("sign", [0, 0x8000], ids=["+", "-"])
@pytest.mark.parametrize("dtype", [FLOAT16, BFLOAT16], ids=["float16", "bfloat16"])
def test_a_uniform_ends_just_below_its_bound(encoding: int, sign: int, dtype: np.dtype[Any]) -> None:
    """The largest word gives the value of the dtype before b, subnormal or not, of whichever sign."""
    b = np.array([encoding | sign], np.uint16).view(dtype)[0]
    below = np.nextafter(b, dtype.type(-inf))
    a = float(b) - 8 * (float(b) - float(below))
    plan = half_open_plan(a, float(b), float_dtype(dtype))
    assert filled(plan, dtype, 1, 3, forced([BITS - 1, 1, 2]), 0)[0] == below


def test_the_radius_of_a_64_bit_word_0() -> None:
    """|p| = 1/2: 64 bits of probability."""
    plan = DrawPlan(_core.NORMAL, _core.FLOAT64, (0.0, 1.0))
    pair = filled(plan, FLOAT64, 17, 3, forced([0, 0, 12345]), 0)[[0, 16]]
    assert np.hypot(*pair) == pytest.approx(sqrt(128 * log(2)), rel=1e-15)


# Key, counter and number of a word of 0, or of -2^31, whose word in the tail domain is 0 too: found by 2^33 trials.
LEAST_RADIUS = 2, [1752259987, 199160438, 2747217882, 14504028], 0
LEAST_SHARE = 1, [3852213381, 653463807, 2700445601, 3997537432], 1


@pytest.mark.parametrize(("place", "word"), [(LEAST_RADIUS, 0), (LEAST_SHARE, 2**31)], ids=["radius", "share"])
def test_the_places_of_the_least_words(place: tuple[int, list[int], int], word: int) -> None:
    key, (a, b, c, d), number = place
    blocks = [
        _core.philox4x32(np.array([[a, x, c, d]], np.uint32), np.array([key, 0], np.uint32)) for x in (b, b | 2**31)
    ]
    assert [int(block[0, number]) for block in blocks] == [word, 0]
    assert filled(WORDS_PLAN, np.dtype(np.uint32), 1, *place)[0] == word


def test_the_least_radius_of_32_bits() -> None:
    """x = 2^-32 of 2^31, where both words are 0."""
    pair = filled(DrawPlan(_core.NORMAL, _core.FLOAT32, (0.0, 1.0)), FLOAT32, 17, *LEAST_RADIUS)[[0, 16]]
    assert np.hypot(*pair.astype(np.float64)) == pytest.approx(sqrt(126 * log(2)), rel=1e-6)


def test_the_least_share_of_32_bits() -> None:
    """Half a step of 2^-32 steps from the end: the probability 2^-65, of the lower tail or of the upper."""
    with mp.workdps(30):
        z = float(mp.findroot(lambda x: mp.log(mp.ncdf(-x)) + 65 * mp.log(2), 9.1))
        beyond_1 = float(mp.findroot(lambda x: mp.log(mp.ncdf(-x) / mp.ncdf(-1)) + 64 * mp.log(2), 9.1))
    for bounds, want in (((-inf, 8.0), -z), ((1.0, inf), beyond_1)):
        assert filled(planned(*bounds), FLOAT32, 1, *LEAST_SHARE)[0] == pytest.approx(want, rel=1e-6)


def test_both_sides_of_the_last_interval() -> None:
    inside = nextafter(9.5, 0)
    assert kind(-9.5, 9.5) == kind(-9.5, inf) == kind(-inf, 9.5) == _core.NORMAL
    assert kind(-inside, 9.5) == kind(-9.5, inside) == _core.TRUNCATED_CENTER


def test_both_sides_of_a_flat_density() -> None:
    """The logarithm of its extremes' ratio, 2^-40: around 0 beta^2 / 2, beside it (beta^2 - alpha^2) / 2."""
    beta = sqrt(2.0**-39)
    beta = beta if beta * beta / 2 >= 2.0**-40 else nextafter(beta, inf)
    flat = nextafter(beta, 0)
    assert kind(-flat, flat) == kind(-flat, 1e-9) == kind(0.0, flat) == kind(-flat, 0.0) == _core.UNIFORM
    assert kind(-beta, flat) == kind(-1e-9, beta) == _core.TRUNCATED_CENTER
    assert kind(0.0, beta) == kind(-beta, 0.0) == kind(1.0, 1 + 2.0**-40) == _core.TRUNCATED_TAIL
    assert kind(1.0, 1 + 2.0**-40 - 2.0**-52) == _core.UNIFORM


def test_both_sides_of_the_center() -> None:
    """Beside 0 up to 0.7, if 1/16 of the whole distribution is between the bounds."""
    beta = 0.15731068461017067  # Phi(beta) = 1/2 + 1/16
    with mp.workdps(40):
        exact = mp.findroot(lambda x: mp.ncdf(x) - mp.mpf(9) / 16, beta)
    less, more = float(exact) - 2.0**-54, float(exact) + 2.0**-54
    assert kind(nextafter(0.7, 0), inf) == kind(-inf, -nextafter(0.7, 0)) == _core.TRUNCATED_CENTER
    assert kind(0.7, inf) == kind(-inf, -0.7) == _core.TRUNCATED_TAIL
    assert kind(0.0, more) == kind(-more, 0.0) == _core.TRUNCATED_CENTER
    assert kind(0.0, less) == kind(-less, 0.0) == _core.TRUNCATED_TAIL


def beta_of_tail(e: float) -> float:
    """Where the tail beyond 1 has the share exp(-e) left."""
    return float(mp.findroot(lambda x: mp.log(mp.ncdf(-x) / mp.ncdf(-1)) + e, 2 + e / 5))


def beta_of_center(e: float) -> float:
    """Where 4 Phi(x) Phi(-x) = exp(-e)."""
    return float(mp.findroot(lambda x: mp.log(4 * mp.ncdf(-x) * mp.ncdf(x)) + e, 1 + e / 4))


@pytest.mark.parametrize(("start", "beta_of"), [(1.0, beta_of_tail), (-1.0, beta_of_center)])
def test_both_sides_of_the_split(start: float, beta_of: Any) -> None:
    beta = beta_of(5)
    assert planned(start, beta - 1e-12).parameters[SPLIT_AT] == 0
    assert planned(start, beta + 1e-12).parameters[SPLIT_AT] == exp(-5)


@pytest.mark.parametrize(
    ("e", "place", "first", "last"),
    [
        (0.4, NEAR_SLOPE_AT, 0, 0.5),
        (0.6, NEAR_SLOPE_AT, 0, 0.6),
        (4.9, NEAR_SLOPE_AT, 0, 4.9),
        (5.1, NEAR_SLOPE_AT, 0, 5),
        (5.1, FAR_SLOPE_AT, 5, 6),
        (5.9, FAR_SLOPE_AT, 5, 6),
        (6.1, FAR_SLOPE_AT, 5, 6.1),
    ],
)
def test_where_the_polynomials_are_fitted(e: float, place: int, first: float, last: float) -> None:
    """From `first` to `last`, in h = sqrt(2 e + 2)."""
    slope = planned(1.0, beta_of_tail(e)).parameters[place]
    assert slope == pytest.approx(2 / (sqrt(2 * last + 2) - sqrt(2 * first + 2)), rel=1e-13)


def test_both_sides_of_the_least_probability() -> None:
    """Nothing beyond 2^-64 is fitted: in the center that is a bound of 9.08 sigmas."""
    bound = float(mp.findroot(lambda x: mp.log(mp.ncdf(-x)) + 64 * mp.log(2), 9.08))
    least = planned(-inf, 1.0).parameters[FAR_SLOPE_AT]
    assert least == pytest.approx(2 / (sqrt(2 * 62 * log(2)) - sqrt(10)), rel=1e-14)
    assert planned(-bound - 1e-9, 1.0).parameters[FAR_SLOPE_AT] == least
    assert planned(-bound + 1e-9, 1.0).parameters[FAR_SLOPE_AT] > least
    assert planned(1.0, inf).parameters[FAR_SLOPE_AT] == pytest.approx(
        2 / (sqrt(128 * log(2) + 2) - sqrt(12)), rel=1e-14
    )


def test_both_sides_of_the_series() -> None:
    """Mills' ratio below 6 by the series, to 48 digits, and by the fraction of 100 terms from 6 on, to 44."""
    error = {}
    for x in (nextafter(6, 0), 6.0):
        with mp.workdps(90):
            exact = Decimal(mp.nstr(mp.ncdf(-mp.mpf(x)) / mp.npdf(x), 75))
        with localcontext(DIGITS):
            error[x] = abs(mills(Decimal(x)) / exact - 1)
    assert error[nextafter(6, 0)] < Decimal("1e-48")
    assert Decimal("1e-46") < error[6.0] < Decimal("1e-44")
