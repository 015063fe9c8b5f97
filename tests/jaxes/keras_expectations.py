"""What Keras's random_initializers_test.py and layers expect of initialisers, restated for ours, on any backend."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import fast_init as fi
from fast_init.keras import Initializer
from support.distributions import CUT_STD
from support.draws import Array

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # of Keras's conversion from torch

NAMES = [
    *("RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal", "Zeros", "Ones", "Identity"),
    *(f"{kind}{law}" for kind in ("He", "Glorot", "Lecun") for law in ("Normal", "Uniform")),
]
SHAPE = 25, 20
DTYPES = ["float32", "float16", "bfloat16", *(["float64"] if keras.backend.backend() == "torch" else [])]  # JAX: x64


def values(initialiser: Any, shape: tuple[int, ...] = SHAPE, dtype: Any = None) -> Array:
    """What the initialiser draws, in NumPy."""
    return np.asarray(keras.ops.convert_to_numpy(initialiser(shape=shape, dtype=dtype)))


@pytest.mark.parametrize("seed", [None, 1234, (1 << 64) - 1, "generator"])
@pytest.mark.parametrize("name", NAMES)
def test_serialisation_and_configs_make_an_equal_one(name: str, seed: Any) -> None:
    """Keras's run_class_serialization_test."""
    draw = Initializer(fi.from_keras(name), keras.random.SeedGenerator(5) if seed == "generator" else seed, "w")
    config = json.loads(json.dumps(draw.get_config()))
    text = json.dumps(keras.saving.serialize_keras_object(draw))
    for revived in (Initializer.from_config(config), keras.saving.deserialize_keras_object(json.loads(text))):
        assert type(revived) is Initializer
        assert (revived.scheme, revived.name) == (draw.scheme, draw.name)
        assert json.loads(json.dumps(revived.get_config())) == config
        assert vars(revived).keys() == vars(draw).keys()
    assert '"registered_name": "fast_init>Initializer"' in text


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_bits_are_those_of_numpy(dtype: str) -> None:
    scheme = fi.from_keras("he_normal")
    drawn, expected = values(Initializer(scheme, 42, "w"), dtype=dtype), scheme.new(SHAPE, dtype, seed=42, name="w")
    assert drawn.dtype == expected.dtype
    assert drawn.tobytes() == expected.tobytes()


def test_the_default_dtype_is_keras_floatx() -> None:
    keras.config.set_floatx("float16")
    try:
        assert values(Initializer(fi.normal(), 42)).dtype == np.float16
    finally:
        keras.config.set_floatx("float32")


def test_an_int_draws_the_same_each_time_and_a_generator_anew() -> None:
    draw = Initializer(fi.normal(), 1337)
    assert (values(draw) == values(draw)).all()
    draw = Initializer(fi.normal(), keras.random.SeedGenerator(1337))
    first, second = values(draw), values(draw)
    assert (first != second).all()
    assert (first == values(Initializer(fi.normal(), 1337))).all()
    assert (first == values(draw.clone())).all()  # from the generator's first state, as of Keras's


def test_clones_of_the_seeded_are_equal_and_of_others_not() -> None:
    draw = Initializer(fi.normal(), 1337)
    assert (values(draw) == values(draw.clone())).all()
    draw = Initializer(fi.normal())
    assert (values(draw) == values(draw)).all()
    assert (values(draw) != values(draw.clone())).all()


def test_keras_seed_of_all_decides_where_there_is_none() -> None:
    drawn = []
    for _ in range(2):
        keras.utils.set_random_seed(1)
        drawn.append(values(Initializer(fi.normal())))
    assert (drawn[0] == drawn[1]).all()


@pytest.mark.parametrize(("mode", "fan"), [("fan_in", 250), ("fan_out", 200), ("fan_avg", 225)])
@pytest.mark.parametrize("distribution", ["truncated_normal", "untruncated_normal", "uniform"])
def test_moments_of_variance_scaling(mode: str, fan: int, distribution: str) -> None:
    scheme = fi.from_keras("VarianceScaling", scale=2.0, mode=mode, distribution=distribution)
    drawn = values(Initializer(scheme, 1234), (250, 200))
    assert drawn.std() == pytest.approx(sqrt(2 / fan), rel=0.02)
    assert abs(drawn.mean()) < 0.01


@pytest.mark.parametrize(("name", "std"), [("RandomNormal", 0.5), ("TruncatedNormal", 0.5 * CUT_STD)])
def test_moments_of_normals(name: str, std: float) -> None:
    """Keras's cut at two sigmas does not widen the distribution again."""
    drawn = values(Initializer(fi.from_keras(name, mean=1.0, stddev=0.5), 1234), (250, 200))
    assert drawn.mean() == pytest.approx(1.0, abs=0.01)
    assert drawn.std() == pytest.approx(std, rel=0.02)
    assert name == "RandomNormal" or np.abs(drawn - 1.0).max() <= 1.0


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (fi.from_keras("Zeros"), np.zeros((3, 3))),
        (fi.from_keras("Ones"), np.ones((3, 3))),
        (fi.from_keras("Constant", value=6.0), np.full((3, 3), 6.0)),
        (fi.from_keras("Identity"), np.eye(3)),
    ],
    ids=lambda given: getattr(given, "kind", ""),
)
def test_constants(scheme: fi.Scheme, expected: Array) -> None:
    """Keras's constant_initializers_test.py."""
    assert (values(Initializer(scheme), (3, 3)) == expected).all()


def test_bounds_of_the_uniform() -> None:
    drawn = values(Initializer(fi.from_keras("RandomUniform", minval=-1.0, maxval=1.0), 1234))
    assert drawn.min() >= -1
    assert drawn.max() < 1


def test_orthogonal_columns_have_the_gain() -> None:
    drawn = values(Initializer(fi.from_keras("Orthogonal", gain=2.0), 1234), (5, 5)).astype(np.float64)
    np.testing.assert_allclose(drawn.T @ drawn, 4 * np.eye(5), atol=1e-5)


def test_what_is_refused() -> None:
    with pytest.raises(TypeError, match=r"seed is 'x'; it must be an int, a keras.random.SeedGenerator or None"):
        Initializer(fi.normal(), "x")
    with pytest.raises(ValueError, match=r"seed is -1; it must be in \[0, 2\*\*64\)"):
        Initializer(fi.normal(), -1)
    with pytest.raises(TypeError, match="record is 'he_normal'; it must be a dict"):
        Initializer("he_normal")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="name is 3; it must be a str"):
        Initializer(fi.normal(), 1, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("argument", "value", "sentence"),
    [
        ("scale", -1.0, r"scale is -1.0; it must not be negative"),
        ("mode", "invalid_mode", r"mode is 'invalid_mode'; it must be one of fan_in, fan_out, fan_avg"),
        ("distribution", "invalid_dist", r"distribution is 'invalid_dist'; it must be one of .*truncated_normal"),
    ],
)
def test_variance_scaling_refuses(argument: str, value: Any, sentence: str) -> None:
    """When the record is made, and when it is read from a config."""
    config = Initializer(fi.from_keras("VarianceScaling")).get_config()
    with pytest.raises(ValueError, match=sentence):
        fi.from_keras("VarianceScaling", **{argument: value})
    with pytest.raises(ValueError, match=sentence):
        Initializer.from_config({**config, "scheme": {**config["scheme"], argument: value}})


def test_its_arguments_are_attributes() -> None:
    draw = Initializer(fi.from_keras("RandomNormal", mean=0.0, stddev=1.0), 1234, "w")
    assert (draw.scheme, draw.seed, draw.name) == (fi.normal(0.0, 1.0), 1234, "w")
    assert keras.initializers.get(draw) is draw


def test_keras_gets_it_by_its_registered_name() -> None:
    draw = keras.initializers.get(keras.saving.serialize_keras_object(Initializer(fi.normal(), 42)))
    assert type(draw) is Initializer


def test_layers_save_and_load_it(tmp_path: Path) -> None:
    draw = Initializer(fi.from_keras("he_normal"), 42, "kernel")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, kernel_initializer=draw)])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras").layers[0].kernel_initializer
    assert (again.scheme, again.seed, again.name) == (draw.scheme, 42, "kernel")


def test_the_layer_has_the_bits() -> None:
    dense = keras.layers.Dense(8, kernel_initializer=Initializer(fi.from_keras("he_normal"), 42, "kernel"))
    dense.build((None, 4))
    expected = fi.from_keras("he_normal").new((4, 8), seed=42, name="kernel")
    assert np.asarray(keras.ops.convert_to_numpy(dense.kernel)).tobytes() == expected.tobytes()


def test_attention_clones_it_for_each_projection() -> None:
    """Keras's test of MultiHeadAttention: projections of an unseeded initialiser differ."""
    attention = keras.layers.MultiHeadAttention(2, 4, kernel_initializer=Initializer(fi.normal()))
    attention.build((None, 3, 8), (None, 3, 8))
    query, key = (keras.ops.convert_to_numpy(part.kernel) for part in (attention.query_dense, attention.key_dense))
    assert (np.asarray(query) != np.asarray(key)).all()
