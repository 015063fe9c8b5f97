"""All weights of a Keras model by one call."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from ..recipes.lazy_tensor import LazyTensor
from ..recipes.recipe import Recipe
from ..recipes.report import Report, Row, row_of
from ..recipes.rule import Rule
from ..sampling.destinations import Array
from ..sampling.dtypes import dtype_named
from ..sampling.streams import Seed, key_of
from ..sampling.threads import threads_of

__all__ = ["init_"]


def init_(model: Any, recipe: Recipe, *, seed: Seed, threads: int | None = None) -> Report:
    """Fill the weights of a built model or layer in place, each from the stream of its own path.

    On the JAX backend with a `keras.distribution`, each process draws its shards.

    Parameters
    ----------
    model
        What has `weights` with paths; the states of seed generators and of metrics are not among them.
    recipe
        Rules for the paths, such as ``"encoder/dense/kernel"``.
    seed, threads
        As in `normal_`.

    Returns
    -------
    Report
        One row for each weight; measured is what this process holds.

    Raises
    ------
    ValueError, TypeError
        The model is not built, a path has no rule or two weights, or a weight cannot be drawn; none is then touched.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, name="dense")], name="model")
    >>> recipe = fast_init.Recipe([("*/bias", fast_init.zeros()), ("*", fast_init.from_keras("he_normal"))])
    >>> init_(model, recipe, seed=42).elements
    40
    >>> kernel = fast_init.from_keras("he_normal").new((4, 8), seed=42, name=model.weights[0].path)
    >>> bool((keras.ops.convert_to_numpy(model.weights[0]) == kernel).all())
    True
    """
    if not getattr(model, "built", True):
        raise ValueError(f"model {model.name!r} is not built; its weights have no shapes: call model.build(...) first")
    weights = {weight.path: weight for weight in model.weights}
    if len(weights) < len(model.weights):
        twice = next(path for path in weights if sum(weight.path == path for weight in model.weights) > 1)
        raise ValueError(f"path {twice!r} is that of two weights; they would be equal: give their layers names")
    rules = recipe.rules_for(weights)
    tensors = {path: _tensor(weight, rules[path]) for path, weight in weights.items()}
    for tensor in tensors.values():
        tensor.check()
    count, key = threads_of(threads), key_of(seed)
    return Report(tuple(_fill(weights[path], tensor.with_seed(key), count) for path, tensor in tensors.items()))


def _tensor(weight: Any, rule: Rule) -> LazyTensor:
    return LazyTensor(weight.path, tuple(weight.shape), dtype_named(weight.dtype), rule, 0)


def _fill(weight: Any, tensor: LazyTensor, threads: int) -> Row:
    value, held = _sharded(weight, tensor, threads) if keras.backend.backend() == "jax" else _whole(tensor, threads)
    weight.assign(value)
    return row_of(tensor, held)


def _whole(tensor: LazyTensor, threads: int) -> tuple[Any, Array]:
    array = tensor.whole(threads)
    return array, array


def _sharded(weight: Any, tensor: LazyTensor, threads: int) -> tuple[Any, Array]:
    """Return a jax.Array that lies where the weight's does, and a shard of it."""
    from ..jax.shards import array_of

    sharding = weight.value.sharding
    value = array_of(tensor, sharding if len(sharding.device_set) > 1 else None, threads)
    return value, np.asarray(value.addressable_data(0))
