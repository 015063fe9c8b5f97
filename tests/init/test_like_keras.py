"""What Keras's tests of keras.initializers check, and what its documentation promises; keras is not needed.

Where the two differ on purpose, the test says so. A Keras initializer holds its seed; here a record has none, and
each fill is given seed and name. STFTInitializer, and initializers made of arrays, have no counterpart.
"""

from __future__ import annotations

import json
from math import sqrt
from typing import Any

import numpy as np
import pytest

import fast_init
from support.distributions import CUT_STD, NORMAL, TRUNCATED, UNIFORM, assert_law
from support.draws import FLOATS, Array, as_bits

fi: Any = fast_init  # called with what its types forbid

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
SHAPE = (25, 20)  # inputs, outputs
RECORDS = {
    "RandomNormal": fi.normal(std=0.05),
    "RandomUniform": fi.uniform(-0.05, 0.05),
    "TruncatedNormal": fi.trunc_normal(std=0.05, bounds="sigma"),
    "VarianceScaling": fi.variance_scaling(distribution="truncated_normal", layout="...io"),
    "GlorotUniform": fi.glorot_uniform(layout="...io"),
    "HeNormal": fi.he_normal(layout="...io"),
    "LecunUniform": fi.lecun_uniform(layout="...io"),
    "Orthogonal": fi.orthogonal(2.0, layout="...io"),
}
FIXED = {"Zeros": fi.zeros(), "Ones": fi.ones(), "Constant": fi.constant(6.0), "Identity": fi.eye()}


def filled(record: Any, seed: Any = 1337, shape: tuple[int, ...] = SHAPE, dtype: Any = np.float32) -> Array:
    array = np.full(shape, np.nan, dtype)
    return np.asarray(record.fill_(array, seed=seed))


@pytest.mark.parametrize("name", RECORDS)
def test_seeds(name: str) -> None:
    """A number repeats, a Generator goes on as a SeedGenerator does.

    No seed is new entropy at each fill; in Keras it is drawn once for the initializer, which then repeats itself.
    """
    record = RECORDS[name]
    assert filled(record).shape == SHAPE
    assert (as_bits(filled(record)) == as_bits(filled(record))).all()
    assert (filled(record) != filled(record, seed=1338)).any()
    generator = np.random.default_rng(1337)
    assert (filled(record, generator) != filled(record, generator)).any()
    assert (filled(record, None) != filled(record, None)).any()


@pytest.mark.parametrize("name", [*RECORDS, *FIXED])
def test_serialization(name: str) -> None:
    """Keras's get_config and from_config are to_dict and from_dict; what they give survives JSON."""
    record = {**RECORDS, **FIXED}[name]
    clone = fi.Scheme.from_dict(json.loads(json.dumps(record.to_dict())))
    assert clone == record
    assert hash(clone) == hash(record)
    assert type(clone) is type(record)
    assert (as_bits(filled(clone)) == as_bits(filled(record))).all()


def test_records_keep_their_arguments() -> None:
    assert (fi.normal(0.5, 2.0).mean, fi.normal(0.5, 2.0).std) == (0.5, 2.0)
    assert (fi.uniform(-1, 2).a, fi.uniform(-1, 2).b) == (-1, 2)
    scheme = fi.variance_scaling(2.0, mode="fan_out", distribution="uniform", layout="...io")
    assert (scheme.scale, scheme.mode, scheme.distribution, scheme.layout) == (2.0, "fan_out", "uniform", "...io")
    assert fi.orthogonal(gain=2).gain == 2


def test_names() -> None:
    """Keras's get(); its names in CamelCase are not known here."""
    assert fi.Scheme.from_dict({"scheme": "glorot_normal"}) == fi.glorot_normal()
    for typo in ("typo", "GlorotNormal", None):
        with pytest.raises(ValueError, match=f"scheme is {typo!r}; it must be one of constant, delta_orthogonal,"):
            fi.Scheme.from_dict({"scheme": typo})


@EACH
def test_random_normal_and_uniform(dtype: np.dtype[Any]) -> None:
    """Keras's default sigma is 0.05 and its default range +-0.05; here they are PyTorch's, 1 and [0, 1)."""
    assert_law(fi.normal_(np.empty(SHAPE, dtype), seed=1234), NORMAL, 1.0)
    w = fi.uniform_(np.empty(SHAPE, dtype), -1.0, 1.0, seed=1234)
    assert_law(w, UNIFORM, 1 / sqrt(3))
    assert w.min() >= -1
    assert w.max() < 1


@EACH
def test_truncated_normal(dtype: np.dtype[Any]) -> None:
    """No value beyond two standard deviations of the uncut normal, whose own std is not corrected."""
    w = fi.trunc_normal_(np.empty((250, 200), dtype), std=0.05, bounds="sigma", seed=1234)
    assert_law(w, TRUNCATED, 0.05 * CUT_STD)
    assert np.abs(w.astype(np.float64)).max() <= 0.1


@EACH
@pytest.mark.parametrize(("mode", "fan"), [("fan_in", 25), ("fan_out", 20), ("fan_avg", 22.5)])
@pytest.mark.parametrize("shape", [SHAPE, (2, 3, 250, 200)], ids=len)
def test_variance_scaling(shape: tuple[int, ...], mode: str, fan: float, dtype: np.dtype[Any]) -> None:
    """Keras's "normal" is truncated and its plain one "untruncated_normal"; here names say what they mean."""
    fan *= 1 if shape == SHAPE else 60
    for distribution, law in (("truncated_normal", TRUNCATED), ("normal", NORMAL), ("uniform", UNIFORM)):
        w = fi.variance_scaling_(np.empty(shape, dtype), 2.0, mode, distribution, layout="...io", seed=1234)
        assert_law(w, law, sqrt(2 / fan))
    with pytest.raises(ValueError, match="distribution is 'untruncated_normal'; it must be one of normal, uniform,"):
        fi.variance_scaling_(np.empty(shape, dtype), 2.0, mode, "untruncated_normal")


LIMITS = {
    # uniform schemes of Keras's documentation, the limit for 25 inputs and 20 outputs
    "glorot_uniform_": sqrt(6 / 45),
    "he_uniform_": sqrt(6 / 25),
    "lecun_uniform_": sqrt(3 / 25),
}


@EACH
@pytest.mark.parametrize("name", LIMITS)
def test_uniform_schemes_stay_within_their_limits(name: str, dtype: np.dtype[Any]) -> None:
    for seed in range(20):
        w = getattr(fi, name)(np.empty(SHAPE, dtype), layout="...io", seed=seed)
        assert_law(w, UNIFORM, LIMITS[name] / sqrt(3))
        assert np.abs(w.astype(np.float64)).max() <= float(dtype.type(LIMITS[name]))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"scale": -1.0}, "scale is -1.0; it must not be negative"),
        ({"scale": float("nan")}, "scale is nan; it must be a finite number"),
        ({"mode": "invalid_mode"}, "mode is 'invalid_mode'; it must be one of fan_in, fan_out, fan_avg"),
        ({"distribution": "invalid_dist"}, "distribution is 'invalid_dist'; it must be one of normal, uniform"),
    ],
    ids=str,
)
def test_arguments_of_variance_scaling(options: dict[str, Any], text: str) -> None:
    """When the record is made, as in Keras; scale 0, an error in Keras, is a weight of zeros."""
    with pytest.raises(ValueError, match=text):
        fi.variance_scaling(**options)
    assert (filled(fi.variance_scaling(0.0)) == 0).all()


@EACH
@pytest.mark.parametrize("gain", [1.0, 2.0])
@pytest.mark.parametrize("shape", [(5, 5), (7, 4), (3, 2, 4)], ids=str)
def test_orthogonal_columns(shape: tuple[int, ...], gain: float, dtype: np.dtype[Any]) -> None:
    """The columns of (all axes but the last) x (the last) have length gain and right angles between them."""
    w = filled(fi.orthogonal(gain, layout="...io"), 1234, shape, dtype).astype(np.float64)
    tolerance = {8: 1e-14, 4: 1e-6, 2: 2e-2}[dtype.itemsize]
    columns = w.reshape(-1, shape[-1]).T
    for i, column in enumerate(columns):
        assert np.linalg.norm(column) == pytest.approx(gain, rel=tolerance)
        for other in columns[i + 1 :]:
            assert abs(column @ other) < tolerance * gain**2


def test_orthogonal_rows_where_they_are_fewer() -> None:
    w = filled(fi.orthogonal(layout="...io"), 1234, (4, 7), np.float64)
    assert np.allclose(w @ w.T, np.eye(4), atol=1e-14)
    with pytest.raises(ValueError, match="needs at least 2"):
        filled(fi.orthogonal(layout="...io"), 1234, (7,))


@EACH
def test_constants(dtype: np.dtype[Any]) -> None:
    for name, value in (("Zeros", 0), ("Ones", 1), ("Constant", 6)):
        assert (filled(FIXED[name], shape=(3, 3), dtype=dtype) == value).all()


def test_a_constant_is_one_number() -> None:
    """Keras takes an array as well; here `array[...] = values` does that."""
    w = np.full((3, 3), 123.0, np.float32)
    with pytest.raises(TypeError, match="it must be a number: pass a float"):
        fi.constant_(w, [0.5] * 9)
    assert (w == 123).all()


@EACH
def test_identity(dtype: np.dtype[Any]) -> None:
    """Of matrices only, as in Keras, whose gain is a multiplication here."""
    w = filled(fi.eye(), shape=(3, 4), dtype=dtype)
    w *= dtype.type(2)
    assert (w == 2 * np.eye(3, 4)).all()
    with pytest.raises(ValueError, match="has 3 axes; a matrix has 2"):
        filled(fi.eye(), shape=(3, 3, 3), dtype=dtype)


@pytest.mark.parametrize("shape", [(), (7,)], ids=len)
def test_vectors_have_no_fans(shape: tuple[int, ...]) -> None:
    """Keras takes n for both fans of a vector, and 1 for a scalar; here a layout must say which axis it is."""
    with pytest.raises(ValueError, match="pass layout='i' or layout='o' for a vector"):
        filled(fi.variance_scaling(layout="...io"), shape=shape)
    assert fi.variance_scaling(mode="fan_out", layout="o").std_for((4,)) == 0.5
