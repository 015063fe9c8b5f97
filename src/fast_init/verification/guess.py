"""Which schemes in common use an array looks like a draw of."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, prod, sqrt
from statistics import NormalDist

import numpy as np

from ..sampling.destinations import Array
from ..schemes.distributions import Constant, Normal, TruncatedNormal, Uniform
from ..schemes.names import Mode
from ..schemes.orthogonal import Orthogonal
from ..schemes.scheme import Scheme
from ..schemes.variance_scaling import (
    VarianceScaling,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    xavier_normal,
    xavier_uniform,
)
from .verify import verify

__all__ = ["looks_like"]

TESTED = 1 << 14  # elements whose distribution is tested
MATRIX = 1 << 22  # elements of a matrix that is tried for orthogonality, at most
ROWS, NEARLY = 16, 0.02  # of a matrix that are multiplied first, and by how much their products may be off
SIGMAS = 6  # by which a figure may be off
ROUNDING = 2**-8  # of a 16-bit dtype's std
JAX: tuple[tuple[str, float, Mode], ...] = (("he", 2.0, "fan_in"), ("lecun", 1.0, "fan_in"), ("xavier", 1.0, "fan_avg"))
FEWEST = 32  # elements from which a distribution can be guessed


def looks_like(array: Array, values: Array) -> Iterator[str]:
    """Return the names of schemes, the most specific first; `values` are some of the elements, finite, in float64."""
    if np.ptp(values) == 0:
        yield {0.0: "zeros()", 1.0: "ones()"}.get(values[0], repr(Constant(float(values[0]))))
        return
    if array.ndim > 1 and array.size <= MATRIX and (gain := _orthogonal_gain(array)) is not None:
        yield f"orthogonal(gain={gain:.4g})"
        return
    if values.size < FEWEST:
        return
    known = [label for label, scheme in _candidates(array.shape) if _fits(array, values, scheme)]
    if known:
        yield from known
        return
    std, mean = float(values.std()), float(values.mean())
    mean = 0.0 if abs(mean) < SIGMAS * std / sqrt(values.size) else mean
    half = float(np.abs(values - mean).max())
    for scheme in (Normal(mean, std), Uniform(mean - half, mean + half), _cut_at_two_sigmas(mean, half)):
        if _fits(array, values, scheme):
            yield f"{scheme.kind}({', '.join(f'{k}={v:.4g}' for k, v in _shown(scheme))})"


def _candidates(shape: tuple[int, ...]) -> Iterator[tuple[str, Scheme]]:
    """Return the schemes in common use for a weight of this shape; as (in, out) too, where that is another."""
    yield "normal(std=0.02)", Normal(0.0, 0.02)
    yield "normal()", Normal()
    yield "uniform()", Uniform()
    yield "trunc_normal(std=0.02, bounds='sigma')", TruncatedNormal(0.0, 0.02, bounds="sigma")
    if len(shape) < 2 or not prod(shape):
        return
    for layout in ("oi...", "io"):
        if layout == "oi..." or (len(shape) == 2 and shape[0] != shape[1]):
            yield from _scaled(layout)


def _scaled(layout: str) -> Iterator[tuple[str, Scheme]]:
    note = "" if layout == "oi..." else f"layout={layout!r}"
    functions = he_normal, he_uniform, lecun_normal, lecun_uniform, xavier_normal, xavier_uniform
    for function in functions:
        if not note or not function.__name__.startswith("xavier"):  # which is the same either way
            yield f"{function.__name__}({note})", function(layout=layout)
    text = ", ".join(["a=5**0.5", *([note] if note else [])])
    yield f"he_uniform({text}), torch's default", he_uniform(5**0.5, layout=layout)
    for name, scale, mode in JAX:
        arguments = ", ".join([f"{scale}, {mode!r}, 'truncated_normal'", *([note] if note else [])])
        yield f"variance_scaling({arguments}), JAX's {name}", VarianceScaling(scale, mode, "truncated_normal", layout)


def _fits(array: Array, values: Array, scheme: Scheme) -> bool:
    """Whether the moments and the range are those of the scheme, and then its distribution."""
    distribution = scheme.distribution_for(array.shape)
    if distribution is None:
        return False
    mean, std, kurtosis = distribution.moments
    n = values.size
    if abs(values.mean() - mean) > (SIGMAS / sqrt(n) + ROUNDING / 2) * std:
        return False
    if abs(values.std() / std - 1) > SIGMAS * sqrt((kurtosis - 1) / n) / 2 + (ROUNDING if array.itemsize == 2 else 0):
        return False
    if distribution.support == (-inf, inf) and float(np.abs(values - mean).max()) < std * _least_maximum(n):
        return False
    return bool(verify(array, scheme, sample=TESTED))


def _least_maximum(n: int) -> float:
    """Return what the largest of n normal draws exceeds but for one time in a million."""
    return NormalDist().inv_cdf((1 + 1e-6 ** (1 / n)) / 2)


def _orthogonal_gain(array: Array) -> float | None:
    """Return the gain with which it passes as orthogonal, None if it does not; a few rows tell before all do."""
    matrix = array.reshape(array.shape[0], -1)
    if min(matrix.shape) < 2:
        return None
    gain = float(np.sqrt(np.square(matrix.astype(np.float64)).sum() / min(matrix.shape)))
    rows = (matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T)[:ROWS].astype(np.float64) / gain
    off = np.abs(rows @ rows.T - np.eye(len(rows))).max()
    return gain if off < NEARLY and verify(matrix, Orthogonal(gain)) else None


def _cut_at_two_sigmas(mean: float, half: float) -> TruncatedNormal:
    return TruncatedNormal(mean, half / 2, mean - half, mean + half)


def _shown(scheme: Scheme) -> Iterator[tuple[str, float]]:
    for key, value in scheme.to_dict().items():
        if isinstance(value, float) and (value or key != "mean"):
            yield key, value
