"""The checks of `fast-init demo`: the mean and the standard deviation of tensors with one role beside the formula's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from ..sampling.destinations import Array
from .gpt2_shapes import Tensor

__all__ = ["BLOCK", "Group", "blocks", "group_of", "moments_of"]

BLOCK = 1 << 16  # elements that stay in the cache


@dataclass(frozen=True)
class Group:
    """Tensors with one role. `ok`: mean and std are within six standard errors of the formula's."""

    group: str
    tensors: int
    shapes: list[tuple[int, ...]]
    init: str
    expected_mean: float
    measured_mean: float
    expected_std: float
    measured_std: float
    std_tolerance: float
    seconds: float
    gb_per_s: float
    ok: bool


def blocks(array: Array) -> Iterator[Array]:
    """Cut a contiguous array into blocks."""
    flat = array.reshape(-1)
    return (flat[start : start + BLOCK] for start in range(0, flat.size, BLOCK))


def moments_of(array: Array) -> tuple[float, float]:
    """Return the sum and the sum of squares, in float64."""
    total = squares = 0.0
    for block in blocks(array):
        values = block.astype(np.float64)
        total += float(values.sum())
        squares += float(np.square(values, out=values).sum())
    return total, squares


def group_of(
    tensors: list[Tensor], itemsize: int, seconds: dict[str, float], moments: dict[str, tuple[float, float]]
) -> Group:
    """Compare the pooled values of tensors of one mean with it and with the root of their mean variance."""
    size = sum(t.size for t in tensors)
    mean = tensors[0].mean
    std = sqrt(sum(t.size * t.std**2 for t in tensors) / size)
    total, squares = (sum(moments[t.name][k] for t in tensors) for k in (0, 1))
    measured_mean = total / size
    measured_std = sqrt(max(0.0, squares / size - measured_mean**2))
    fourth = sum(t.size * t.std**4 for t in tensors)
    tolerance = 6 * sqrt(fourth / 2) / (size * std) if std else 0.0
    if itemsize == 2:
        tolerance += std * 2**-9
    time = sum(seconds[t.name] for t in tensors)
    return Group(
        group=tensors[0].group,
        tensors=len(tensors),
        shapes=sorted({t.shape for t in tensors}, key=prod),
        init=tensors[0].filler,
        expected_mean=mean,
        measured_mean=measured_mean,
        expected_std=std,
        measured_std=measured_std,
        std_tolerance=tolerance,
        seconds=time,
        gb_per_s=size * itemsize / max(time, 1e-9) / 1e9,
        ok=abs(measured_std - std) <= tolerance and abs(measured_mean - mean) <= 6 * std / sqrt(size),
    )
