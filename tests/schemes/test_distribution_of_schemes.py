"""The law of every scheme, in every dtype and layout; of orthogonal matrices; of the places of sparse's zeros.

A check allows 5.5 standard errors (two-sided 4e-8) or a p-value of 1e-7. There are three to each of some 840
arrays, and some 500 more: a run with other seeds would fail by chance less than once in 3000.
"""

from __future__ import annotations

from functools import partial
from math import comb, sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

import fast_init
from support.distributions import CUT_STD, NORMAL, P_VALUE, SIGMAS, TRUNCATED, UNIFORM, Cdf, Law, assert_law, ks_p_value
from support.draws import FLOATS, Array, as_bits

fi: Any = fast_init  # functions are looked up by name

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))


LAYOUTS = [
    # layout, shape, fan_in, fan_out: none is near another
    ("oi", (320, 200), 200, 320),
    ("io", (320, 200), 320, 200),
    ("eoi", (5, 80, 160), 160, 80),
    ("...io", (160, 400), 160, 400),
    ("oi...", (80, 40, 4, 5), 800, 1600),
    ("...io", (4, 5, 80, 40), 1600, 800),
    ("beiok", (2, 4, 40, 50, 4), 160, 200),
    ("o/2i", (320, 200), 200, 160),
    ("i/8o...", (160, 80, 5), 100, 400),
]

SCALED: dict[str, tuple[str, dict[str, Any], Law, float, str]] = {
    # function, options, law, and the variance: a number / a fan
    "he_normal": ("he_normal", {}, NORMAL, 2, "fan_in"),
    "he_uniform": ("he_uniform", {}, UNIFORM, 2, "fan_in"),
    "torch's default": ("he_uniform", {"a": sqrt(5)}, UNIFORM, 1 / 3, "fan_in"),
    "he_normal out": ("he_normal", {"a": 1.0, "mode": "fan_out"}, NORMAL, 1, "fan_out"),
    "xavier_normal": ("xavier_normal", {}, NORMAL, 1, "fan_avg"),
    "xavier_uniform": ("xavier_uniform", {}, UNIFORM, 1, "fan_avg"),
    "xavier_normal in": ("xavier_normal", {"gain": 2.0, "mode": "fan_in"}, NORMAL, 4, "fan_in"),
    "lecun_normal": ("lecun_normal", {}, NORMAL, 1, "fan_in"),
    "lecun_uniform": ("lecun_uniform", {}, UNIFORM, 1, "fan_in"),
    **{
        f"{name} {mode}": ("variance_scaling", {"scale": 3.0, "mode": mode, "distribution": name}, law, 3, mode)
        for name, law in {"normal": NORMAL, "uniform": UNIFORM, "truncated_normal": TRUNCATED}.items()
        for mode in ("fan_in", "fan_out", "fan_avg", "fan_geo_avg")
    },
}


@EACH
@pytest.mark.parametrize("where", LAYOUTS, ids=lambda where: f"{where[0]} {len(where[1])}")
@pytest.mark.parametrize("case", SCALED)
def test_law_from_the_fans(case: str, where: tuple[str, tuple[int, ...], int, int], dtype: np.dtype[Any]) -> None:
    """A wrong gain, fan, mode or correction of the truncation."""
    function, options, law, numerator, mode = SCALED[case]
    layout, shape, i, o = where
    std = sqrt(numerator / {"fan_in": i, "fan_out": o, "fan_avg": (i + o) / 2, "fan_geo_avg": sqrt(i * o)}[mode])
    w = getattr(fi, f"{function}_")(np.empty(shape, dtype), layout=layout, seed=2, name=f"{case} {layout}", **options)
    assert_law(w, law, std)
    assert getattr(fi, function)(layout=layout, **options).std_for(shape) == pytest.approx(std, rel=1e-12)


GIVEN: dict[str, tuple[Any, Law, float, float]] = {
    # scheme, law, std, mean
    "normal": (fi.normal(0.5, 2.0), NORMAL, 2.0, 0.5),
    "uniform": (fi.uniform(-1.0, 3.0), UNIFORM, 4 / sqrt(12), 1.0),
    "trunc_normal sigma": (fi.trunc_normal(0.5, 0.25, bounds="sigma"), TRUNCATED, 0.25 * CUT_STD, 0.5),
    "trunc_normal absolute": (fi.trunc_normal(0.5, 0.25, 0.0, 1.0), TRUNCATED, 0.25 * CUT_STD, 0.5),
    "trunc_normal uncut": (fi.trunc_normal(0.0, 0.02), NORMAL, 0.02, 0.0),
}


@EACH
@pytest.mark.parametrize("shape", [(64000,), (320, 200), (5, 80, 160), (4, 5, 80, 40)], ids=len)
@pytest.mark.parametrize("case", GIVEN)
def test_law_of_given_parameters(case: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    scheme, law, std, mean = GIVEN[case]
    assert_law(scheme.fill_(np.empty(shape, dtype), seed=3, name=f"{case} {len(shape)}"), law, std, mean)
    assert scheme.std_for(shape) == pytest.approx(std, rel=1e-12)


def on_a_sphere(dimensions: int) -> Cdf:
    """Distribution function of one coordinate of a uniform point on the unit sphere."""
    beta = stats.beta((dimensions - 1) / 2, (dimensions - 1) / 2)
    return lambda x: np.asarray(beta.cdf((x + 1) / 2))


MATRICES = 4000
ORTHOGONAL = [
    # layout, shape of one matrix, its longer side
    ("eoi", (4, 4), 4),
    ("eio", (4, 4), 4),
    ("eoi", (5, 3), 5),
    ("eoi", (3, 5), 5),
    ("eoi...", (3, 2, 1, 3), 6),
    ("e...io", (2, 3, 4), 6),
]


@EACH
@pytest.mark.parametrize(("layout", "shape", "longer"), ORTHOGONAL)
def test_entries_of_an_orthogonal_matrix_are_coordinates_on_a_sphere(
    layout: str, shape: tuple[int, ...], longer: int, dtype: np.dtype[Any]
) -> None:
    """Q as LAPACK leaves it has a first entry that is never positive: the signs of R's diagonal must be taken out."""
    q = fi.orthogonal_(np.empty((MATRICES, *shape), dtype), layout=layout, seed=4)
    for entry in q.reshape(MATRICES, -1).T:
        assert ks_p_value(entry, on_a_sphere(longer), -1, 1) > P_VALUE


@EACH
def test_entries_of_a_delta_orthogonal_center(dtype: np.dtype[Any]) -> None:
    q = np.stack([fi.delta_orthogonal_(np.empty((4, 3, 3), dtype), seed=k)[:, :, 1] for k in range(1000)])
    for entry in q.reshape(1000, -1).T:
        assert ks_p_value(entry, on_a_sphere(4), -1, 1) > P_VALUE


@EACH
@pytest.mark.parametrize("layout", ["eoi", "eio"])
def test_haar_measure(layout: str, dtype: np.dtype[Any]) -> None:
    """tr(A Q) has the first four moments of a standard normal for each orthogonal A; as many rotations as reflections.

    A law of entries that are each right but depend on one another in the wrong way would fail here.
    """
    q = fi.orthogonal_(np.empty((MATRICES, 4, 4), dtype), layout=layout, seed=5).astype(np.float64)
    hadamard = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
    for a in (np.eye(4), np.roll(np.eye(4), 1, axis=0), hadamard):
        trace = np.einsum("ij,kji->k", a, q)
        assert abs(trace.mean()) < SIGMAS / sqrt(MATRICES)
        assert abs((trace**2).mean() - 1) < SIGMAS * sqrt(2 / MATRICES)
    assert abs(np.sign(np.linalg.det(q)).mean()) < SIGMAS / sqrt(MATRICES)
    assert np.abs(np.corrcoef(q[:-1].ravel(), q[1:].ravel())[0, 1]) < SIGMAS / sqrt(16 * (MATRICES - 1))


ROWS, ZEROS, COLUMNS = 6, 2, 30_000
SUBSETS = comb(ROWS, ZEROS)


def zero_subsets(**options: Any) -> Array:
    """Which of the 15 pairs of rows is zero in each of many columns."""
    w = fi.sparse_(np.empty((ROWS, COLUMNS), np.float32), ZEROS / ROWS, **options)
    _, subsets = np.unique(2 ** np.arange(ROWS) @ (w == 0), return_inverse=True)
    return subsets.reshape(-1)


def test_each_set_of_zeros_is_equally_likely_and_independent_of_the_next_column() -> None:
    """A sort that favours rows, or one that repeats from column to column."""
    subsets = zero_subsets(seed=6)
    assert stats.chisquare(np.bincount(subsets, minlength=SUBSETS)).pvalue > P_VALUE
    pairs = np.bincount(subsets[::2] * SUBSETS + subsets[1::2], minlength=SUBSETS**2)
    assert stats.chisquare(pairs).pvalue > P_VALUE


@pytest.mark.parametrize("options", [{"seed": 7}, {"seed": 6, "name": "w"}, {"seed": 6, "name": "\0zeros"}], ids=str)
def test_zeros_of_another_seed_or_name_are_independent(options: dict[str, Any]) -> None:
    pairs = np.bincount(zero_subsets(seed=6) * SUBSETS + zero_subsets(**options), minlength=SUBSETS**2)
    assert stats.chisquare(pairs).pvalue > P_VALUE


@EACH
def test_zeros_do_not_depend_on_dtype_nor_the_values_on_the_zeros(dtype: np.dtype[Any]) -> None:
    """Values chosen by their size, or zeros drawn from the words of the values, would have another law."""
    shape, random = (100, 640), {"seed": 8, "name": "w"}
    w = fi.sparse_(np.empty(shape, dtype), 0.3, 0.5, **random)
    z = fi.normal_(np.empty(shape, dtype), 0.0, 0.5, **random)
    zeros = w == 0
    assert (zeros == (fi.sparse_(np.empty(shape, np.float32), 0.3, **random) == 0)).all()
    assert (as_bits(w)[~zeros] == as_bits(z)[~zeros]).all()
    assert_law(w[~zeros], NORMAL, 0.5)
    assert_law(z[zeros], NORMAL, 0.5)


@EACH
@pytest.mark.parametrize("threads", [1, 3])
def test_sparse_of_a_view_and_threads(threads: int, dtype: np.dtype[Any]) -> None:
    make = partial(fi.sparse_, sparsity=0.25, seed=9, threads=threads)
    want = fi.sparse_(np.empty((40, 30), dtype), 0.25, seed=9)
    assert (as_bits(make(np.empty((40, 30), dtype, "F"))) == as_bits(want)).all()
    assert (as_bits(make(np.empty((80, 60), dtype)[::2, ::-2])) == as_bits(want)).all()
