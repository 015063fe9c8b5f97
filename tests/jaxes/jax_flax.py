"""Flax: linen and nnx through init and initializer; what Flax's tests expect of initialisers, restated."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from benchmarks.jax_llama import Llama, recipe
from flax import linen, nnx

import fast_init as fi
import fast_init.jax
from support.jax_meshes import bits, on

KERNEL = fi.from_jax("lecun_normal")
RECIPE = fi.Recipe([("*bias", fi.zeros()), ("*scale", fi.ones()), ("*", KERNEL)])
X = jnp.ones((2, 4))


def expected(name: str, *shape: int) -> Any:
    """The bits that NumPy has under this name."""
    return bits(KERNEL.new(shape, seed=42, name=name))


class Mlp(linen.Module):  # type: ignore[misc]
    """Two layers; the kernel of one has the names of its axes."""

    kernel_init: Any = linen.initializers.lecun_normal()

    @linen.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any) -> Any:
        boxed = linen.with_partitioning(self.kernel_init, (None, "x"))
        x = linen.Dense(8, kernel_init=boxed)(x)
        return linen.Dense(2, kernel_init=self.kernel_init)(x)


def test_linen_by_shapes() -> None:
    shapes = jax.eval_shape(Mlp().init, jax.random.key(0), X)
    made = fast_init.jax.init(shapes, RECIPE, seed=42)
    kernel = made["params"]["Dense_0"]["kernel"]
    assert isinstance(kernel, linen.Partitioned)
    assert (bits(kernel.value) == expected("params/Dense_0/kernel", 4, 8)).all()
    assert (bits(made["params"]["Dense_1"]["kernel"]) == expected("params/Dense_1/kernel", 8, 2)).all()
    assert Mlp().apply(made, X).shape == (2, 2)


def test_linen_sharded_by_the_names_of_its_axes() -> None:
    shapes = jax.eval_shape(Mlp().init, jax.random.key(0), X)
    shardings = linen.get_sharding(shapes, on((8,)).mesh)
    made = fast_init.jax.init(shapes, RECIPE, seed=42, shardings=shardings)
    kernel = made["params"]["Dense_0"]["kernel"].value
    assert kernel.sharding == on((8,), None, "x")
    assert (bits(kernel) == expected("params/Dense_0/kernel", 4, 8)).all()


def test_linen_by_an_initialiser() -> None:
    """The key decides: Flax gives each parameter its own."""
    model = Mlp(fast_init.jax.initializer(KERNEL))
    one, two = (model.init(jax.random.key(0), X)["params"] for _ in range(2))
    assert (one["Dense_0"]["kernel"].value == two["Dense_0"]["kernel"].value).all()
    assert one["Dense_1"]["kernel"].std() == pytest.approx(8**-0.5, rel=0.5)
    other = model.init(jax.random.key(1), X)["params"]
    assert (one["Dense_0"]["kernel"].value != other["Dense_0"]["kernel"].value).all()


@pytest.mark.parametrize(("scheme", "value"), [(fi.zeros(), 0), (fi.ones(), 1), (fi.constant(3.0), 3)])
def test_constant_initialisers_of_kernels_and_biases(scheme: Any, value: int) -> None:
    """Flax's tests of zeros_init and ones_init."""
    draw = fast_init.jax.initializer(scheme)
    params = linen.Dense(8, kernel_init=draw, bias_init=draw).init(jax.random.key(0), X)["params"]
    linear = nnx.Linear(4, 8, kernel_init=draw, bias_init=draw, rngs=nnx.Rngs(0))
    for kernel, bias in ((params["kernel"], params["bias"]), (linear.kernel[...], linear.bias[...])):
        assert (kernel.shape, bias.shape) == ((4, 8), (8,))
        assert (kernel == value).all()
        assert (bias == value).all()


def test_param_dtype_is_that_of_the_weight() -> None:
    """Also of one whose layer computes in another dtype."""
    draw = fast_init.jax.initializer(KERNEL)
    dense = linen.Dense(8, kernel_init=draw, dtype=jnp.float32, param_dtype=jnp.bfloat16)
    assert dense.init(jax.random.key(0), X)["params"]["kernel"].dtype == jnp.bfloat16


def test_nnx_state_of_parameters() -> None:
    abstract = nnx.eval_shape(lambda: nnx.Linear(4, 8, rngs=nnx.Rngs(0)))
    definition, state = nnx.split(abstract)
    model = nnx.merge(definition, fast_init.jax.init(state, RECIPE, seed=42))
    assert (bits(model.kernel[...]) == expected("kernel", 4, 8)).all()
    assert not model.bias[...].any()
    assert model(X).shape == (2, 8)


def test_nnx_dropouts_state_is_left_to_flax() -> None:
    model = nnx.eval_shape(lambda: nnx.Dropout(0.5, rngs=nnx.Rngs(0)))
    with pytest.raises(TypeError, match=r"leaf 'rngs/count' has dtype uint32; .*nnx.split\(model, nnx.Param, ...\)"):
        fast_init.jax.init(nnx.split(model)[1], RECIPE, seed=42)


def test_nnx_by_an_initialiser() -> None:
    draw = fast_init.jax.initializer(KERNEL, seed=42, name="w")
    assert (bits(nnx.Linear(4, 8, kernel_init=draw, rngs=nnx.Rngs(0)).kernel[...]) == expected("w", 4, 8)).all()


def test_nnx_norms_and_embeddings_keep_their_types() -> None:
    """Flax's tests: a restored state has the Variables of the model, of their dtypes."""
    abstract = nnx.eval_shape(lambda: nnx.Embed(16, 8, param_dtype=jnp.bfloat16, rngs=nnx.Rngs(0)))
    made = fast_init.jax.init(nnx.split(abstract)[1], fi.Recipe([("*", fi.from_jax("Embed"))]), seed=42)
    assert isinstance(made["embedding"], nnx.Param)
    assert made["embedding"][...].dtype == jnp.bfloat16


def test_a_llama_of_nnx() -> None:
    abstract = nnx.eval_shape(lambda: Llama(layers=2, width=64, hidden=128, heads=4, vocabulary=256, rngs=nnx.Rngs(0)))
    definition, state = nnx.split(abstract, nnx.Param)
    made = fast_init.jax.init(state, recipe(), seed=42, shardings=on((8,)))
    tokens = jnp.zeros((1, 8), jnp.int32)
    assert nnx.merge(definition, made)(tokens).shape == (1, 8, 256)
    gate = made["layers"][1]["mlp"]["gate"]["kernel"][...]
    assert (bits(gate) == bits(fi.normal(0.0, 0.02).new((64, 128), seed=42, name="layers/1/mlp/gate/kernel"))).all()
    assert np.asarray(made["embed"]["embedding"][...]).std() == pytest.approx(0.02, rel=0.05)
