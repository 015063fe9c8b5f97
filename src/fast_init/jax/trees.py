"""All weights of a model by one call: a pytree of shapes becomes one of arrays."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from ..recipes.lazy_tensor import LazyTensor
from ..recipes.recipe import Recipe
from ..sampling.streams import Seed
from ..sampling.threads import threads_of
from .leaves import named_leaves
from .shardings import sharding_of
from .shards import array_of, dtype_here, shared_key_of

__all__ = ["init"]


def init(
    tree: Any,
    recipe: Recipe,
    *,
    seed: Seed,
    shardings: Any = None,
    separator: str = "/",
    threads: int | None = None,
) -> Any:
    """Return the pytree of arrays that a recipe says for a pytree of shapes, each from the stream of its own name.

    Parameters
    ----------
    tree
        Of `jax.ShapeDtypeStruct` or arrays: what `jax.eval_shape` of a Flax or Haiku `init` returns, the `nnx.Param`
        state of `nnx.split`, an Equinox module of `eqx.filter_eval_shape`. What has no shape and dtype stays.
    recipe
        Rules for the names of the leaves, which are their paths: ``"params/Dense_0/kernel"``. The boxes of Flax around
        a weight, `nnx.Param` and `nn.Partitioned`, add nothing to its name.
    seed, threads
        As in `normal_`. With several processes an int, the same in each.
    shardings
        One for all leaves, as in `array`; or a pytree of them with the names of the leaves, None for JAX's default
        device; by default the leaves' own.
    separator
        Stands between the keys of a path: ``"."`` gives the names of a PyTorch model of the same structure.

    Returns
    -------
    A pytree of the same structure, with an array for each leaf that has a shape.

    Raises
    ------
    ValueError, TypeError
        A name has no rule or two leaves, or a leaf cannot be drawn, as the state of a random generator; before anything
        is.

    Examples
    --------
    >>> tree = {"dense": {"bias": jax.ShapeDtypeStruct((8,), "float32"), "kernel": jnp.ones((4, 8))}}
    >>> recipe = fast_init.Recipe([("*/bias", fast_init.zeros()), ("*/kernel", fast_init.from_jax("lecun_normal"))])
    >>> params = init(tree, recipe, seed=42)
    >>> bool((params["dense"]["kernel"] == array((4, 8), "float32", fast_init.from_jax("lecun_normal"),
    ...                                          seed=42, name="dense/kernel")).all())
    True
    """
    leaves, structure = named_leaves(tree, separator), jax.tree.structure(tree)
    shaped = {name: leaf for name, leaf in leaves if hasattr(leaf, "shape") and hasattr(leaf, "dtype")}
    rules = recipe.rules_for(shaped)
    places = _places(shaped, shardings, separator)
    tensors = {
        name: LazyTensor(name, tuple(leaf.shape), _dtype(name, leaf), rules[name], 0) for name, leaf in shaped.items()
    }
    for tensor in tensors.values():
        tensor.check()
    count, key = threads_of(threads), shared_key_of(seed)
    made = {name: array_of(tensor.with_seed(key), places[name], count) for name, tensor in tensors.items()}
    return structure.unflatten([made.get(name, leaf) for name, leaf in leaves])


def _dtype(name: str, leaf: Any) -> np.dtype[Any]:
    if not jax.dtypes.issubdtype(leaf.dtype, np.floating):
        raise TypeError(
            f"leaf {name!r} has dtype {leaf.dtype}; only floats are drawn: pass the part of the tree that holds "
            "weights, such as nnx.split(model, nnx.Param, ...) returns"
        )
    return dtype_here(leaf.dtype)


def _places(shaped: dict[str, Any], shardings: Any, separator: str) -> dict[str, Any]:
    """Return the sharding of each leaf, by name."""
    if shardings is None:
        given = {name: _own_place(leaf) for name, leaf in shaped.items()}
    elif _is_place(shardings):
        given = dict.fromkeys(shaped, shardings)
    else:
        given = dict(named_leaves(shardings, separator, _is_place))
    if missing := [name for name in shaped if name not in given]:
        raise ValueError(
            f"shardings has nothing for {', '.join(missing[:20])}; every leaf needs one: pass a tree with the names of "
            "the leaves, or one sharding for all"
        )
    return {name: sharding_of(given[name], tuple(leaf.shape), f"sharding of {name!r}") for name, leaf in shaped.items()}


def _own_place(leaf: Any) -> Any:
    return getattr(leaf, "sharding", None) if getattr(leaf, "committed", True) else None


def _is_place(node: Any) -> bool:
    return node is None or isinstance(node, (jax.sharding.Sharding, jax.sharding.PartitionSpec))
