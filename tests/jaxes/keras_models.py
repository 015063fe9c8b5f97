"""fast_init.keras.init_: all weights of a model by their paths, on any backend."""

from __future__ import annotations

from typing import Any

import keras
import ml_dtypes
import numpy as np
import pytest

import fast_init as fi
from fast_init.keras import init_
from support.draws import Array

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # of Keras's conversion from torch

RECIPE = fi.Recipe(
    [("*/bias", fi.zeros()), ("*/gamma", fi.ones()), ("*/beta", fi.zeros()), ("*", fi.from_keras("he_normal"))]
)


def model(dtype: str = "float32") -> Any:
    """Two layers, a norm, and a dropout that has the state of a generator."""
    layers = [
        keras.layers.Dense(8, name="one", dtype=dtype),
        keras.layers.LayerNormalization(name="norm", dtype=dtype),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(2, name="two", dtype=dtype),
    ]
    return keras.Sequential([keras.Input((4,)), *layers], name="model")


def values(variable: Any) -> Array:
    """What the variable holds, in NumPy."""
    return np.asarray(keras.ops.convert_to_numpy(variable))


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_the_bits_are_those_of_numpy(dtype: str) -> None:
    made = model(dtype)
    report = init_(made, RECIPE, seed=42)
    held: Any = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    arrays = {weight.path: np.empty(weight.shape, held) for weight in made.weights}
    RECIPE.init_(arrays, seed=42)
    for weight in made.weights:
        assert values(weight).astype(held).tobytes() == arrays[weight.path].tobytes()
    assert [row.name for row in report.rows] == list(arrays) == [weight.path for weight in made.weights]
    assert report.elements == made.count_params()


def test_a_fused_weight_and_one_that_is_drawn_whole() -> None:
    dense = keras.layers.Dense(8, use_bias=False, name="dense")
    dense.build((None, 8))
    for rule in (
        fi.Rule("*", fi.from_keras("he_normal"), parts=[("a", 2), ("b", -1)]),
        fi.Rule("*", fi.orthogonal(), padding_row=1),
    ):
        array = np.empty((8, 8), np.float32)
        fi.Recipe([rule]).init_({"dense/kernel": array}, seed=42)
        init_(dense, fi.Recipe([rule]), seed=42)
        assert values(dense.kernel).tobytes() == array.tobytes()


def test_what_is_refused_leaves_the_model_alone() -> None:
    made = model()
    before = [values(weight).copy() for weight in made.weights]
    with pytest.raises(ValueError, match=r"no rule matches .*one/bias.*; every tensor needs one"):
        init_(made, fi.Recipe([("*/kernel", fi.normal())]), seed=42)
    with pytest.raises(ValueError, match=r"tensor '.*bias': shape \(8,\) has 1 axes"):
        init_(made, fi.Recipe([("*", fi.from_keras("he_normal"))]), seed=42)
    with pytest.raises(ValueError, match=r"model 'empty' is not built; its weights have no shapes: call model.build"):
        init_(keras.Sequential([keras.layers.Dense(2)], name="empty"), RECIPE, seed=42)
    assert all((values(weight) == old).all() for weight, old in zip(made.weights, before, strict=True))


def test_two_weights_of_one_path_are_an_error() -> None:
    layers = [keras.layers.Dense(4, name="same") for _ in range(2)]

    class Twice(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="twice")
            self.parts = layers

        def build(self, shape: Any) -> None:
            for part in self.parts:
                part.build(shape)

    twice = Twice()
    twice.build((None, 4))
    with pytest.raises(ValueError, match=r"path '.*same/kernel' is that of two weights; they would be equal"):
        init_(twice, RECIPE, seed=42)
