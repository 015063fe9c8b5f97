"""Keras on JAX with a distribution: weights are drawn where they lie."""

from __future__ import annotations

from typing import Any

import jax
import keras
import numpy as np
import pytest

import fast_init as fi
import fast_init.jax.shards
from fast_init.keras import Initializer, init_

SCHEME = fi.from_keras("he_normal")


@pytest.fixture
def distribution() -> Any:
    """Kernels are split over four of eight devices; the other two are replicas."""
    mesh = keras.distribution.DeviceMesh((2, 4), ("batch", "model"), keras.distribution.list_devices())
    layouts = keras.distribution.LayoutMap(mesh)
    layouts[".*kernel"] = (None, "model")
    return keras.distribution.ModelParallel(layout_map=layouts, batch_dim_name="batch")


def built(distribution: Any, **options: Any) -> Any:
    """A layer of 64 x 32."""
    with distribution.scope():
        dense = keras.layers.Dense(32, use_bias=False, name="dense", **options)
        dense.build((None, 64))
    return dense


def test_init_draws_each_shard_once(distribution: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dense, drawn, place = built(distribution), [], []
    fill = fast_init.jax.shards._block

    def spy(tensor: Any, offset: Any, shape: Any, threads: int) -> Any:
        drawn.append(shape)
        return fill(tensor, offset, shape, threads)

    monkeypatch.setattr(fast_init.jax.shards, "_block", spy)
    place.append(dense.kernel.value.sharding)
    init_(dense, fi.Recipe([("*", SCHEME)]), seed=42)
    assert drawn == [(64, 8)] * 4
    assert dense.kernel.value.sharding.is_equivalent_to(place[0], 2)
    assert np.asarray(dense.kernel.value).tobytes() == SCHEME.new((64, 32), seed=42, name="dense/kernel").tobytes()


def test_an_initialiser_under_a_distribution(distribution: Any) -> None:
    dense = built(distribution, kernel_initializer=Initializer(SCHEME, 42, "w"))
    assert len(dense.kernel.value.sharding.device_set) == len(jax.devices())
    assert np.asarray(dense.kernel.value).tobytes() == SCHEME.new((64, 32), seed=42, name="w").tobytes()
