"""Models of Equinox and Haiku, drawn from their shapes, compute with the bits that NumPy arrays get."""

from __future__ import annotations

from typing import Any

import equinox
import haiku
import jax
import jax.numpy as jnp
import numpy as np

import fast_init as fi
import fast_init.jax
from support.jax_meshes import bits

KEY = jax.random.key(0)


def expected(scheme: fi.Scheme, name: str, *shape: int) -> Any:
    """Return the bits of a float32 array of that name."""
    return bits(scheme.new(shape, "float32", seed=42, name=name))


def test_an_equinox_module() -> None:
    """Its weights have outputs before inputs, the order that records have without a layout."""
    shapes = equinox.filter_eval_shape(equinox.nn.MLP, 4, 3, width_size=8, depth=1, key=KEY)
    recipe = fi.Recipe([("*/bias", fi.zeros()), ("*/weight", fi.he_normal())])
    model = fast_init.jax.init(shapes, recipe, seed=42)
    assert (bits(model.layers[0].weight) == expected(fi.he_normal(), "layers/0/weight", 8, 4)).all()
    assert (bits(model.layers[1].weight) == expected(fi.he_normal(), "layers/1/weight", 3, 8)).all()
    x = jnp.arange(4.0)
    hidden = np.maximum(np.asarray(model.layers[0].weight) @ np.asarray(x), 0)
    np.testing.assert_allclose(model(x), np.asarray(model.layers[1].weight) @ hidden, rtol=1e-5)


def test_haikus_parameters() -> None:
    scheme = fi.from_jax("he_normal")
    network = haiku.without_apply_rng(haiku.transform(lambda x: haiku.nets.MLP([8, 3])(x)))
    shapes = jax.eval_shape(network.init, KEY, jnp.ones((2, 4)))
    made = fast_init.jax.init(shapes, fi.Recipe([("*/b", fi.zeros()), ("*/w", scheme)]), seed=42)
    assert (bits(made["mlp/~/linear_0"]["w"]) == expected(scheme, "mlp/~/linear_0/w", 4, 8)).all()
    assert (bits(made["mlp/~/linear_1"]["w"]) == expected(scheme, "mlp/~/linear_1/w", 8, 3)).all()
    assert network.apply(made, jnp.ones((2, 4))).shape == (2, 3)
