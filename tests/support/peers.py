"""Other libraries in the tests: imported where they are installed, and their draws compared with ours."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

import fast_init as fi
from fast_init.recipes.parts import ranges_of
from support.draws import Array

ENOUGH = 20_000  # elements of a tensor in all draws


def keras_initialisers() -> Any:
    """Return Keras's table, by class names and by the names that layers take."""
    peer("keras")
    return peer("keras.src.initializers").ALL_OBJECTS_DICT


def peer(name: str) -> Any:
    """Import the module, or skip the test."""
    return pytest.importorskip(name)


def key() -> Any:
    """Return a new key of JAX's."""
    return peer("jax").random.key(random.getrandbits(32))


def assert_same_law(scheme: fi.Scheme, theirs_of: Callable[[], Any]) -> None:
    """Compare 20,000 elements or more of the library's with as many of ours."""
    theirs = [np.asarray(theirs_of(), np.float64)]
    while theirs[0].std() > 0 and sum(map(np.size, theirs)) < 20_000:
        theirs.append(np.asarray(theirs_of(), np.float64))
    shape = theirs[0].shape
    ours = [scheme.fill_(np.empty(shape), seed=k) for k in range(len(theirs))]
    if isinstance(scheme, (fi.constant, fi.eye, fi.dirac)):
        assert np.allclose(theirs[0], ours[0], rtol=1e-7, atol=0)
        return
    if isinstance(scheme, (fi.orthogonal, fi.delta_orthogonal)):
        for a, b in zip(theirs, ours, strict=True):
            assert np.allclose(gram(a, scheme.layout), gram(b, scheme.layout), atol=2e-5)
    a, b = (np.concatenate([np.ravel(x) for x in draws]) for draws in (theirs, ours))
    if isinstance(scheme, (fi.sparse, fi.delta_orthogonal)):
        assert (a == 0).sum() == (b == 0).sum()
        a, b = a[a != 0], b[b != 0]
    assert_same_sample(a, b)


def assert_same_sample(a: Array, b: Array) -> None:
    """Compare mean, variance (five standard errors of normals), ends and distribution function."""
    assert abs(a.mean() - b.mean()) < 5 * b.std() * sqrt(2 / a.size)
    assert abs(a.var() / b.var() - 1) < 5 * sqrt(4 / a.size)
    reach = np.ptp(b) / b.std()
    assert abs(np.ptp(a) / b.std() - reach) < (0.01 if reach < 5 else 3)
    assert stats.ks_2samp(a, b).pvalue > 1e-5


def tensors(module: Any) -> dict[str, Array]:
    """Return the tensors of a PyTorch module, or of a dict, by name."""
    state = module if isinstance(module, dict) else module.state_dict()
    return {name: tensor.numpy() for name, tensor in state.items()}


def assert_same_laws(make: Callable[[], Any], recipe: fi.Recipe) -> None:
    """Compare every tensor of the modules that PyTorch code makes with the recipe's draws."""
    peer("torch").manual_seed(7)
    first = tensors(make())
    draws = -(-ENOUGH // min(array.size for name, array in first.items() if recipe.rule_for(name).scheme.is_random))
    theirs = [first, *(tensors(make()) for _ in range(min(draws, 300)))]
    ours: list[dict[str, Array]] = [{name: np.empty_like(array) for name, array in first.items()} for _ in theirs]
    for seed, arrays in enumerate(ours):
        recipe.init_(arrays, seed=seed, on_empty="error")
    for name, rule in recipe.rules_for(first).items():
        parts = rule.checked_parts
        ranges = ranges_of(parts, first[name].shape) if parts else [(0, len(first[name]))]
        for scheme, (start, stop) in zip(rule.schemes, ranges, strict=True):
            a, b = (np.stack([draw[name][start:stop] for draw in draws]) for draws in (theirs, ours))
            if scheme.is_random:
                assert_same_sample(a.ravel(), b.ravel())
            else:
                assert np.allclose(a, b, rtol=1e-6, atol=1e-6), name


def gram(w: Array, layout: str) -> Array:
    """Return the products of the rows or columns of the matrix, whichever are fewer; rows of zeros left out."""
    matrix = w.reshape(len(w), -1) if layout == "oi..." else w.reshape(-1, w.shape[-1])
    matrix = matrix[matrix.any(axis=1)]
    return matrix @ matrix.T if len(matrix) <= matrix.shape[1] else matrix.T @ matrix
