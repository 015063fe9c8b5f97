"""fast_init.jax.init: names from paths, each leaf where it shall be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import AxisType, PartitionSpec

import fast_init as fi
import fast_init.jax
from support.jax_meshes import bits, on

RECIPE = fi.Recipe([("*b", fi.zeros()), ("*", fi.from_jax("he_normal"))])
EVERYTHING = fi.Recipe([("*", fi.normal())])


def struct(*shape: int, dtype: Any = "float32", sharding: Any = None) -> Any:
    """The shape of a weight."""
    return jax.ShapeDtypeStruct(shape, dtype, sharding=sharding)


def expected(name: str, *shape: int, dtype: Any = "float32", recipe: fi.Recipe = RECIPE) -> Any:
    """The bits that NumPy has under this name."""
    return bits(recipe.rule_for(name).scheme.new(shape, dtype, seed=42, name=name))


class Pair(NamedTuple):
    """A node of which keys are attributes."""

    w: Any
    b: Any


@jax.tree_util.register_dataclass
@dataclass
class Module:
    """As Equinox's modules are: a dataclass that is a pytree, with a function among its leaves."""

    layers: list[Any]
    activation: Any


def test_haikus_names() -> None:
    tree = {"mlp/~/linear_0": {"w": struct(4, 8), "b": struct(8)}}
    made = fast_init.jax.init(tree, RECIPE, seed=42)
    assert (bits(made["mlp/~/linear_0"]["w"]) == expected("mlp/~/linear_0/w", 4, 8)).all()
    assert not made["mlp/~/linear_0"]["b"].any()


def test_names_of_lists_attributes_and_modules() -> None:
    tree = Module([Pair(struct(4, 8), struct(8)), Pair(struct(8, 2), struct(2))], jax.nn.relu)
    made = fast_init.jax.init(tree, RECIPE, seed=42)
    assert isinstance(made, Module)
    assert (bits(made.layers[1].w) == expected("layers/1/w", 8, 2)).all()
    assert made.activation is jax.nn.relu


def test_separators_give_the_names_of_other_frameworks() -> None:
    made = fast_init.jax.init({"layers": [{"w": struct(4, 8)}]}, RECIPE, seed=42, separator=".")
    assert (bits(made["layers"][0]["w"]) == expected("layers.0.w", 4, 8)).all()


def test_two_leaves_of_one_name_are_an_error() -> None:
    with pytest.raises(ValueError, match="separator is '/', and two leaves are 'a/w' with it"):
        fast_init.jax.init({"a/w": struct(2), "a": {"w": struct(2)}}, EVERYTHING, seed=42)


def test_stacked_layers() -> None:
    """MaxText's: a leading axis of layers is `e`, and each layer has the fans of its own matrix."""
    recipe = fi.Recipe([fi.Rule("layers/*", fi.from_jax("lecun_normal"), layout="eio")])
    made = fast_init.jax.init({"layers": {"w": struct(3, 256, 64)}}, recipe, seed=42)
    assert np.asarray(made["layers"]["w"]).std() == pytest.approx(1 / 16, rel=0.02)


def test_fused_and_padded_leaves() -> None:
    fused = fi.Rule("qkv", fi.he_normal(), parts=[("q", 4), ("kv", -1)])
    recipe = fi.Recipe(
        [fused, fi.Rule("embed", fi.normal(), padding_row=2), fi.Rule("head", fi.normal(), tied_to="embed")]
    )
    tree = {"qkv": struct(16, 8), "embed": struct(8, 8), "head": struct(8, 8)}
    arrays = {name: np.empty(leaf.shape, np.float32) for name, leaf in tree.items()}
    recipe.init_(arrays, seed=42)
    made = fast_init.jax.init(tree, recipe, seed=42, shardings=on((2, 4), "x", "y"))
    assert all((bits(made[name]) == bits(arrays[name])).all() for name in tree)


def test_places_of_the_leaves_themselves() -> None:
    tree = {
        "w": struct(8, 8, sharding=on((8,), "x")),
        "v": jnp.zeros((8, 8)),
        "u": jax.device_put(0.0, jax.devices()[1]),
    }
    made = fast_init.jax.init(tree, EVERYTHING, seed=42)
    assert made["w"].sharding == on((8,), "x")
    assert not made["v"].committed
    assert made["u"].devices() == {jax.devices()[1]}


def test_places_of_an_abstract_mesh_are_those_of_the_mesh_that_is_set() -> None:
    mesh = jax.make_mesh((8,), ("x",), axis_types=(AxisType.Explicit,))
    with jax.set_mesh(mesh):
        tree = jax.eval_shape(lambda: {"w": jnp.zeros((8, 8), out_sharding=PartitionSpec("x"))})
        made = fast_init.jax.init(tree, EVERYTHING, seed=42)
    assert made["w"].sharding.spec == PartitionSpec("x", None)
    assert len(made["w"].addressable_shards) == 8


def test_places_that_are_given() -> None:
    tree = {"a": struct(8, 8), "b": struct(8, 8)}
    made = fast_init.jax.init(tree, EVERYTHING, seed=42, shardings={"a": on((8,), "x"), "b": None})
    assert made["a"].sharding == on((8,), "x")
    assert not made["b"].committed
    assert all((bits(made[name]) == expected(name, 8, 8, recipe=EVERYTHING)).all() for name in tree)
    with pytest.raises(ValueError, match="shardings has nothing for b; every leaf needs one"):
        fast_init.jax.init(tree, EVERYTHING, seed=42, shardings={"a": None})


def test_what_cannot_be_drawn_is_an_error_before_anything_is() -> None:
    generator, other = np.random.default_rng(1), np.random.default_rng(1)
    with pytest.raises(
        TypeError, match=r"leaf 'rngs/count' has dtype uint32; only floats .* nnx.split\(model, nnx.Param"
    ):
        fast_init.jax.init({"a": struct(8), "rngs": {"count": struct(dtype="uint32")}}, EVERYTHING, seed=generator)
    with pytest.raises(TypeError, match="leaf 'key' has dtype key<fry>"):
        fast_init.jax.init({"key": jax.random.key(0)}, EVERYTHING, seed=generator)
    with pytest.raises(ValueError, match="no rule matches a/w; every tensor needs one"):
        fast_init.jax.init({"a": {"w": struct(8)}}, fi.Recipe([("b", fi.zeros())]), seed=generator)
    with pytest.raises(ValueError, match=r"tensor 'w': shape \(8,\) has 1 axes"):
        fast_init.jax.init({"w": struct(8)}, RECIPE, seed=generator)
    with pytest.raises(ValueError, match=r"sharding of 'w' is .* for shape \(9,\); the mesh must divide the shape's"):
        fast_init.jax.init({"w": struct(9)}, EVERYTHING, seed=generator, shardings=on((8,), "x"))
    assert generator.integers(1 << 30) == other.integers(1 << 30)
