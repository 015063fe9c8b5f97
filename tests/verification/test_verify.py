"""verify: true draws pass, at the stated rate of false alarms; others fail, and the first difference is named."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from support.draws import FLOATS, Array

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
SHAPE = (60, 50, 4)
ELEMENTWISE: dict[str, fi.Scheme] = {
    "normal": fi.normal(0.5, 2.0),
    "uniform": fi.uniform(-1, 3),
    "cut": fi.trunc_normal(std=0.02, a=-2, b=1, bounds="sigma"),
    "tail": fi.trunc_normal(a=4, b=inf),
    "wide": fi.trunc_normal(std=0.02),
    "he": fi.he_normal(),
    "xavier": fi.xavier_uniform(layout="...io"),
    "jax": fi.variance_scaling(2.0, "fan_out", "truncated_normal", "eoi"),
    "log of a uniform": fi.log_of_uniform(0, 16),
    "log-uniform": fi.log_uniform(1e-6, 1.0),
    "softplus' inverse": fi.inv_softplus_log_uniform(0.001, 0.1, floor=1e-4),
    "zeros": fi.zeros(),
    "constant": fi.constant(-0.25),
}
STRUCTURED: dict[str, tuple[fi.Scheme, tuple[int, ...]]] = {
    "orthogonal": (fi.orthogonal(1.5), (20, 8, 3)),
    "tall": (fi.orthogonal(layout="...io"), (3, 8, 20)),
    "stack": (fi.orthogonal(layout="eoi"), (5, 7, 7)),
    "delta": (fi.delta_orthogonal(), (12, 8, 3, 3)),
    "sparse": (fi.sparse(0.3, 0.1), (50, 40)),
    "dirac": (fi.dirac(2), (8, 4, 3)),
    "eye": (fi.eye(), (5, 7)),
}


def drawn(scheme: fi.Scheme, dtype: np.dtype[Any], shape: tuple[int, ...] = SHAPE, **options: Any) -> Array:
    return scheme.fill_(np.empty(shape, dtype), **{"seed": 3, "name": "w", **options})


@pytest.mark.parametrize("scheme", ELEMENTWISE.values(), ids=ELEMENTWISE)
@EACH
def test_true_draws_pass(scheme: fi.Scheme, dtype: np.dtype[Any]) -> None:
    for seed in range(5):
        w = drawn(scheme, dtype, seed=seed)
        assert fi.verify(w, scheme), fi.verify(w, scheme)
        assert fi.verify(w, scheme, seed=seed, name="w")


@pytest.mark.parametrize(("scheme", "shape"), STRUCTURED.values(), ids=STRUCTURED)
@EACH
def test_true_structured_draws_pass(scheme: fi.Scheme, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    w = drawn(scheme, dtype, shape)
    assert fi.verify(w, scheme), fi.verify(w, scheme)
    assert fi.verify(w, scheme, seed=3, name="w")
    other = w.copy()
    other[1, 2] += dtype.type(8)
    assert not fi.verify(other, scheme)
    found = fi.verify(other, scheme, seed=3, name="w")
    assert found.first_difference is not None
    assert found.first_difference[:2] == (1, 2)


def test_the_rate_of_false_alarms_is_below_the_stated_one() -> None:
    scheme = fi.normal()
    alarms = sum(not fi.verify(drawn(scheme, FLOATS[0], (200,), seed=k), scheme, false_alarm=0.1) for k in range(400))
    assert alarms <= 40 + 3 * 6  # 6 is the standard deviation of a true 10 percent


@pytest.mark.parametrize("n", [4, 16, 64, 1 << 20])
def test_one_draw_of_an_exponential_tail_is_no_false_alarm(n: int) -> None:
    """log(U) is minus an exponential number; of n such, one beyond 1 + sqrt(n limit) is an alarm by itself."""
    scheme = fi.log_of_uniform(0, 1)
    checks = {check.what: check for check in fi.verify(drawn(scheme, FLOATS[0], (n,)), scheme).checks}
    limit = 1 + checks["variance / expected"].allowed
    assert n * np.exp(-1 - np.sqrt(n * limit)) < 1e-6 / 8  # a check's share of the alarms


NARROW = [
    *(fi.normal(1.0, std) for std in (0.02, 1e-3, 1e-7, 1e-15)),
    fi.normal(0.0, 1e-7),
    fi.trunc_normal(1.0, 1e-3, -2, 2, bounds="sigma"),
    *(fi.uniform(a, b) for a, b in ((1.0, 1.02), (3.0, 3.0000001), (0.0, 1e-4), (1e-9, 1e-8))),
    *(fi.log_of_uniform(1, b, scale) for b in (1.0001, 1 + 1e-9) for scale in (1.0, -1.0, 1e-3, 1e-8)),
    *(fi.log_of_uniform(3, b) for b in (3.0000001, 3 + 1e-14)),
    *(fi.log_of_uniform(0, b) for b in (1e-290, 1e290)),
    fi.log_uniform(1.0, 1.01),
    fi.log_uniform(1e-9, 1e-8),
]


@pytest.mark.parametrize("scheme", NARROW, ids=repr)
@EACH
def test_a_law_as_narrow_as_the_rounding_is_no_false_alarm(scheme: fi.Scheme, dtype: np.dtype[Any]) -> None:
    w = drawn(scheme, dtype, (1 << 16,))
    assert fi.verify(w, scheme), fi.verify(w, scheme)
    far = fi.verify((w.astype(np.float64) * 1.25 + 1e-6).astype(dtype), scheme)
    assert not far, far


def test_rounding_hides_no_other_law_of_16_bits() -> None:
    for dtype in FLOATS:
        w = drawn(fi.normal(std=0.02), dtype, (1 << 20,))
        assert not fi.verify(w, fi.normal(std=0.02 * 1.02)), dtype
        assert not fi.verify(w, fi.normal(0.02 * 0.02, 0.02)), dtype


@pytest.mark.parametrize("state", ["warn", "raise"])
@EACH
def test_numpys_handling_of_errors_does_not_matter(dtype: np.dtype[Any], state: Any) -> None:
    """Nor does the report of a recipe look at it."""
    tiny = [fi.normal(1e-300, 1e-310), fi.log_of_uniform(0, 16, 1e-310), fi.log_uniform(1e-320, 1e-310)]
    others = [fi.ramp(1e-310, 1e-309), fi.sparse(0.5, 1e-310), fi.uniform(0, 1e-300), fi.orthogonal(1e-310)]
    for scheme in tiny + others:
        with np.errstate(all=state):
            w = np.empty((8, 6), dtype)
            fi.Recipe([("*", scheme)]).init_({"w": w}, seed=3)
            assert fi.verify(w, scheme, seed=3, name="w")
            assert not fi.verify(np.full_like(w, 60000), scheme)


@pytest.mark.parametrize(
    "other",
    [
        fi.he_normal(mode="fan_out"),
        fi.xavier_normal(),
        fi.he_uniform(),
        fi.variance_scaling(2.0, "fan_in", "truncated_normal"),
        fi.normal(0.02, (2 / 200) ** 0.5),
    ],
    ids=repr,
)
def test_another_law_fails(other: fi.Scheme) -> None:
    w = drawn(fi.he_normal(), FLOATS[0], (300, 200))
    assert not fi.verify(w, other)


@pytest.mark.parametrize("value", [np.nan, np.inf, 30.0])
def test_one_bad_element_fails(value: float) -> None:
    w = drawn(fi.normal(), FLOATS[0], (300, 200))
    w[123, 45] = value
    assert not fi.verify(w, fi.normal())
    assert fi.verify(w, fi.normal(), seed=3, name="w", sample=None).first_difference == (123, 45)


@pytest.mark.parametrize("sample", [None, 60_000, 1 << 20])
def test_a_flipped_bit_is_found(sample: int | None) -> None:
    scheme = fi.he_normal()
    w = drawn(scheme, FLOATS[0], (300, 200))
    w.view(np.uint32)[299, 199] ^= 1
    verdict = fi.verify(w, scheme, seed=3, name="w", sample=sample)
    assert not verdict
    assert verdict.first_difference == (299, 199)
    assert "the first element that differs is (299, 199)" in str(verdict)


def test_seed_name_and_scheme_count() -> None:
    w = drawn(fi.he_normal(), FLOATS[0])
    assert not fi.verify(w, fi.he_normal(), seed=4, name="w")
    assert not fi.verify(w, fi.he_normal(), seed=3)
    assert not fi.verify(w, fi.xavier_normal(), seed=3, name="w")


def test_a_sample_is_spread_over_the_array() -> None:
    w = np.zeros((1000, 1000), np.float32)
    fi.normal_(w, seed=1)
    verdict = fi.verify(w, fi.normal(), seed=1, sample=100_000)
    assert verdict
    assert 80_000 < verdict.elements < 140_000
    w[900:] = 0
    assert not fi.verify(w, fi.normal(), seed=1, sample=100_000)


@EACH
def test_shards_and_strides(dtype: np.dtype[Any]) -> None:
    where: dict[str, Any] = {"global_shape": (1000, 300), "offset": (70, 20)}
    w = drawn(fi.he_normal(), dtype, (200, 90), **where).T
    back = w.T
    assert fi.verify(back, fi.he_normal(), seed=3, name="w", **where)
    assert fi.verify(back, fi.he_normal(), **where)
    assert not fi.verify(back, fi.he_normal(), seed=3, name="w", global_shape=(1000, 300), offset=(71, 20))
    flat = drawn(fi.he_normal(), dtype, (5000,), global_shape=(1000, 300), offset=12345)
    assert fi.verify(flat, fi.he_normal(), seed=3, name="w", global_shape=(1000, 300), offset=12345)
    assert fi.verify(drawn(fi.normal(), dtype, (5000,), offset=9), fi.normal(), seed=3, name="w", offset=9)


def test_empty_and_scalar_arrays() -> None:
    assert fi.verify(np.empty((0, 3), np.float32), fi.he_normal())
    assert fi.verify(np.empty((0, 3), np.float32), fi.he_normal(), seed=1)
    assert fi.verify(fi.normal_(np.empty((), np.float32), seed=1), fi.normal(), seed=1)


def test_what_is_asked_is_said() -> None:
    text = str(fi.verify(drawn(fi.normal(), FLOATS[0]), fi.normal()))
    assert text.startswith("yes: looks like a draw of normal(mean=0.0, std=1.0)\n  of 12,000 elements 12,000 were")
    assert text.count("ok ") == 4


def test_bad_arguments() -> None:
    w = np.ones((3, 4), np.float32)
    with pytest.raises(TypeError, match="scheme is 'he_normal'; it must be a record: pass one such as"):
        fi.verify(w, "he_normal")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"array is a builtins\.list; only a NumPy array"):
        fi.verify([1.0], fi.normal())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="array has dtype int32; only float32"):
        fi.verify(np.ones(3, np.int32), fi.normal())
    with pytest.raises(ValueError, match=r"false_alarm is 0; it must be in \(0, 1\): pass a small one"):
        fi.verify(w, fi.normal(), false_alarm=0)
    with pytest.raises(ValueError, match="sample is 0; it must be at least 1"):
        fi.verify(w, fi.normal(), sample=0)
    with pytest.raises(
        ValueError, match=r"is a part of a tensor of shape \(6, 4\); what eye promises holds for the whole"
    ):
        fi.verify(w, fi.eye(), global_shape=(6, 4), offset=(0, 0))
