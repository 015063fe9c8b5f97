"""Do arrays in memory hold what a recipe and a seed say: drawn again, bit by bit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..sampling.destinations import Array
from ..sampling.streams import key_of
from ..verification.verdict import Verdict
from .lazy_tensor import LazyTensor
from .rule import Rule

__all__ = ["verify_all"]

BLOCK = 1 << 20  # elements that are drawn and compared at a time


def verify_all(arrays: Mapping[str, Array], rules: Mapping[str, Rule], seed: int) -> dict[str, Verdict]:
    """Do what `Recipe.verify` does, with a rule for each name."""
    key = key_of(seed)
    tensors = {name: LazyTensor(name, array.shape, array.dtype, rules[name], key) for name, array in arrays.items()}
    for tensor in tensors.values():
        tensor.check()
    return {name: _verdict(array, tensors[name]) for name, array in arrays.items()}


def _verdict(array: Array, tensor: LazyTensor) -> Verdict:
    rule = tensor.rule
    parts = f" in parts {list(rule.parts)}" if rule.parts else ""
    question = f"is the draw of {rule.scheme!r} with seed {tensor.seed} and name {rule.stream_of(tensor.name)!r}{parts}"
    whole = None if tensor.in_ranges else tensor.whole().reshape(-1)
    for first in range(0, tensor.size, BLOCK):
        part = np.asarray(array.flat[first : first + BLOCK])
        drawn = tensor.fill_(np.empty_like(part), first) if whole is None else whole[first : first + BLOCK]
        different = np.flatnonzero(~tensor.same(part, drawn, first))
        if different.size:
            index = np.unravel_index(first + int(different[0]), array.shape)
            return Verdict(question, first + part.size, array.size, (), tuple(int(k) for k in index))
    return Verdict(question, array.size, array.size)
