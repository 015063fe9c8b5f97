"""The times of `fast-init demo`: every way of filling goes over all the arrays in turn, in rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TypeAlias

import numpy as np

from ..recipes.progress import Watch
from ..sampling.destinations import Array
from ..schemes.distributions import Normal
from .demo_checks import BLOCK
from .gpt2_shapes import Tensor

__all__ = ["ROUNDS", "Arrays", "Fill", "median_rounds"]

ROUNDS = 3  # odd: the median is a round; in turn: a busy minute of the machine slows every way of filling
WARM_UP = Tensor("warm-up", "", (4 * BLOCK,), Normal())

Arrays: TypeAlias = dict[str, Array]  # by a tensor's name
Fill: TypeAlias = Callable[[Array, Tensor], object]
Seconds: TypeAlias = dict[str, float]  # by a tensor's name


def median_rounds(
    ways: Mapping[str, Fill], tensors: Mapping[str, Tensor], arrays: Arrays, watch: Watch
) -> dict[str, Seconds]:
    """Return for each way of filling the seconds of each tensor, in the round whose total is the median.

    The last way leaves its values in the arrays.
    """
    sizes = {name: array.nbytes for name, array in arrays.items()}
    rounds: dict[str, list[Seconds]] = {way: [] for way in ways}
    warm_up = np.empty(WARM_UP.shape, next(iter(arrays.values())).dtype)
    for fill_one in ways.values():
        fill_one(warm_up, WARM_UP)
    for k in range(1, ROUNDS + 1):
        for way, fill_one in ways.items():
            seconds = {}
            for name in watch(f"{way}, round {k} of {ROUNDS}", sizes):
                start = perf_counter()
                fill_one(arrays[name], tensors[name])
                seconds[name] = perf_counter() - start
            rounds[way].append(seconds)
    return {way: sorted(found, key=_total)[ROUNDS // 2] for way, found in rounds.items()}


def _total(seconds: Seconds) -> float:
    return sum(seconds.values())
