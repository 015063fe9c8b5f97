"""The distributions, tested on 2^20 elements here and on 2^26 with ``pytest -m slow``.

Bounds are for all tests together: with some 100 two-sided checks at 5.5 standard errors (4e-8) or a
p-value of 1e-7, a run fails by chance less than once in 10^4.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

import fast_init as fi
from support.draws import FLOATS, Array, draw

SEEDS = [0, 1, 2026]
SIZES = [pytest.param(1 << 20, id="2^20"), pytest.param(1 << 26, id="2^26", marks=pytest.mark.slow)]
DTYPES = pytest.mark.parametrize("dtype", FLOATS[:2], ids=["float32", "float64"])
SIGMAS = 5.5
P_VALUE = 1e-7
LAGS = [1, 2, 3, 4, 15, 16, 17, 31, 32, 48, 64, 128, 512]


def sample(name: str, dtype: np.dtype[Any], n: int, seed: int) -> Array:
    return draw(name, dtype, n, seed=seed).astype(np.float64)


def deciles_p_value(probabilities: Array) -> float:
    counts = np.histogram(probabilities, bins=10, range=(0, 1))[0]
    return float(stats.chisquare(counts).pvalue)


def ks_p_value(probabilities: Array) -> float:
    """Kolmogorov and Smirnov's against U(0, 1); sorts its argument in place."""
    n = probabilities.size
    probabilities.sort()
    grid = np.arange(n + 1) / n
    distance = max((grid[1:] - probabilities).max(), (probabilities - grid[:-1]).max())
    return float(stats.kstwobign.sf(distance * sqrt(n)))


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
@DTYPES
def test_normal(dtype: np.dtype[Any], seed: int, n: int) -> None:
    z = sample("normal", dtype, n, seed)
    # Standard errors of mean, variance, skewness and kurtosis of n standard normals.
    assert abs(z.mean()) < SIGMAS / sqrt(n)
    assert abs(z.var() - 1) < SIGMAS * sqrt(2 / n)
    assert abs((z**3).mean()) < SIGMAS * sqrt(15 / n)
    assert abs((z**4).mean() - 3) < SIGMAS * sqrt(96 / n)
    for lag in LAGS:
        assert abs((z[lag:] * z[:-lag]).mean()) < SIGMAS / sqrt(n - lag), f"lag {lag}"
        assert abs((z[lag:] ** 2 * z[:-lag] ** 2).mean() - 1) < SIGMAS * sqrt(8 / n) + 8 / n, f"squares, lag {lag}"
    tail = int((np.abs(z) > 4).sum())
    assert abs(tail - n * 6.334e-5) < SIGMAS * sqrt(n * 6.334e-5)
    p = stats.norm.cdf(z)
    assert deciles_p_value(p) > P_VALUE
    assert ks_p_value(p) > P_VALUE


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
@DTYPES
def test_uniform(dtype: np.dtype[Any], seed: int, n: int) -> None:
    u = sample("uniform", dtype, n, seed)
    v = u - 0.5
    assert abs(v.mean()) < SIGMAS * sqrt(1 / 12 / n)
    assert abs((v**2).mean() - 1 / 12) < SIGMAS * sqrt(1 / 180 / n)
    assert abs((v**4).mean() - 1 / 80) < SIGMAS * sqrt(1 / 3600 / n)
    for lag in LAGS:
        assert abs((v[lag:] * v[:-lag]).mean()) < SIGMAS / 12 / sqrt(n - lag), f"lag {lag}"
    assert deciles_p_value(u) > P_VALUE
    assert ks_p_value(u) > P_VALUE


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
@DTYPES
def test_pairs_of_box_muller(dtype: np.dtype[Any], seed: int, n: int) -> None:
    """The two normals of a pair are 16 apart: angle uniform, exp(-r^2 / 2) uniform, and the two independent."""
    z = sample("normal", dtype, n, seed).reshape(-1, 2, 16)
    x, y = z[:, 0].ravel(), z[:, 1].ravel()
    angle = np.arctan2(y, x) / (2 * np.pi) + 0.5
    radius = np.exp(-(x**2 + y**2) / 2)
    joint = np.histogram2d(angle, radius, bins=16, range=((0, 1), (0, 1)))[0]
    assert stats.chisquare(joint.ravel()).pvalue > P_VALUE
    assert ks_p_value(angle) > P_VALUE
    assert ks_p_value(radius) > P_VALUE


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
def test_words(seed: int, n: int) -> None:
    words = draw("bits", np.dtype(np.uint32), n, seed=seed)
    for bit in range(32):
        assert abs(int((words >> np.uint32(bit) & 1).sum()) - n / 2) < SIGMAS * sqrt(n) / 2, f"bit {bit}"
    for shift in (0, 8, 16, 24):
        counts = np.bincount((words >> np.uint32(shift) & 255).astype(np.uint8), minlength=256)
        assert stats.chisquare(counts).pvalue > P_VALUE


def test_seeds_and_names_do_not_correlate() -> None:
    n = 1 << 16
    arrays = [
        draw("normal", FLOATS[0], n, seed=s, name=name) for s in (0, 1, 2**32, 2**63) for name in (None, "a", "b")
    ]
    correlation = np.corrcoef(np.array(arrays))
    off_diagonal = correlation[~np.eye(len(arrays), dtype=bool)]
    assert np.abs(off_diagonal).max() < SIGMAS / sqrt(n)


EDGES = [("float32", 3.4028234663852886e38), ("float16", 65504.0), ("float64", 1.7976931348623157e308)]


@pytest.mark.parametrize(("name", "largest"), EDGES)
def test_no_parameters_are_taken_whose_draws_overflow(name: str, largest: float) -> None:
    """|mean| + 9.5 std is the rule: no draw is farther than 9.5 std from the mean."""
    std = largest / 9.5
    w = np.full((1, 1), 7, name)
    refused: list[fi.Scheme] = [fi.normal(0.0, std * (1 + 1e-6)), fi.normal(-largest / 2, std * 0.6)]
    if name != "float64":  # where the scale itself would overflow
        refused.append(fi.variance_scaling(std**2 * (1 + 1e-6)))
    for scheme in refused:
        with pytest.raises(ValueError, match=r"\|mean\| \+ 9.5 std must be at most .*, the largest value of the array"):
            scheme.fill_(w, seed=1)
    assert (w == 7).all()
    assert np.isfinite(fi.normal(0.0, std * (1 - 1e-6)).fill_(np.empty(1000, name), seed=1)).all()
