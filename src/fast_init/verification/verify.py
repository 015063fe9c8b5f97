"""Is an array a draw of a scheme: by its distribution, or bit by bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from math import ceil, log, prod
from typing import Any

import numpy as np

from ..sampling.destinations import FLOATS, Array, dtype_of
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.numbers import finite, positive_int
from ..sampling.shards import Offset, Shape, whole_shape
from ..sampling.shown import shown
from ..sampling.where import Where
from ..schemes.law_checks import law_checks
from ..schemes.scheme import Scheme
from .verdict import Verdict

__all__ = ["verify"]

BLOCK = 1 << 12  # elements that are drawn again at a time


@rounded_to_nearest
def verify(
    array: Array,
    scheme: Scheme,
    *,
    seed: int | None = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    sample: int | None = 1 << 20,
    false_alarm: float = 1e-6,
) -> Verdict:
    """Say whether an array looks like a draw of a scheme, or, with a seed, whether it is that draw.

    Without a seed: mean, standard deviation and the greatest distance of the empirical distribution from the
    scheme's (Kolmogorov and Smirnov) are compared; that a true draw fails has at most the probability
    `false_alarm`, for any number of elements. With a seed, elements are drawn again and must be the same, bit by
    bit (orthogonal weights, whose bits are LAPACK's: within rounding).

    Parameters
    ----------
    array
        Of a dtype that can be filled; it is not changed.
    scheme
        A record, such as ``he_normal()``.
    seed, name, global_shape, offset
        Those of the draw, see `normal_`; the seed an int.
    sample
        Elements to look at, spread over the array; None for all.
    false_alarm
        In (0, 1).

    Returns
    -------
    Verdict
        True if the array passed; prints what was measured, and where the first difference is.

    Raises
    ------
    TypeError, ValueError
        The array or an argument is not what it must be.

    Examples
    --------
    >>> w = he_normal_(np.empty((64, 128), np.float32), seed=42)
    >>> print(verify(w, lecun_normal()))
    NO: looks like a draw of variance_scaling(scale=1.0, mode='fan_in', distribution='normal', layout='oi...')
      of 8,192 elements 8,192 were looked at
      ok  mean in units of std: -0.0036371, expected 0 within 0.064
      OFF variance / expected: 1.97395, expected 1 within 0.092
      OFF distance of distributions: 0.0843372, expected 0 within 0.031
      ok  largest deviation in units of std: 5.20707, expected 0 within 7.1
    >>> bool(verify(w, he_normal())), bool(verify(w, he_normal(), seed=42)), bool(verify(w, he_normal(), seed=43))
    (True, True, False)
    """
    _check_arguments(array, scheme, false_alarm)
    count = array.size if sample is None else min(positive_int("sample", sample), array.size)
    shape = whole_shape(array.shape, global_shape, offset) if global_shape is not None else array.shape
    if seed is not None:
        return _by_bits(array, scheme, count, Where(seed, name, global_shape, offset))
    distribution = scheme.distribution_for(shape)
    if distribution is None:
        if shape != array.shape:
            raise ValueError(
                f"array of shape {array.shape} is a part of a tensor of shape {shape}; what {scheme.kind} promises "
                "holds for the whole: pass the whole, or a seed"
            )
        return Verdict(f"looks like a draw of {scheme!r}", array.size, array.size, scheme.evidence(array))
    if distribution.moments[1] == 0:  # nothing is left to chance
        return _by_bits(array, scheme, count, Where(0, None, global_shape, offset))
    step = ceil(array.size / count) if count else 1
    values = array.flat[::step]
    checks = law_checks(values, distribution, log(8 / false_alarm)) if count else ()
    return Verdict(f"looks like a draw of {scheme!r}", values.size, array.size, checks)


def _check_arguments(array: Any, scheme: Any, false_alarm: float) -> None:
    if isinstance(array, np.ndarray):
        dtype_of(np.empty(0, array.dtype), FLOATS)
    else:
        dtype_of(array, FLOATS)
    if not isinstance(scheme, Scheme):
        raise TypeError(f"scheme is {shown(scheme)}; it must be a record: pass one such as he_normal()")
    if not 0 < finite("false_alarm", false_alarm) < 1:
        raise ValueError(f"false_alarm is {shown(false_alarm)}; it must be in (0, 1): pass a small one, such as 1e-6")


def _by_bits(array: Array, scheme: Scheme, count: int, where: Where) -> Verdict:
    where.check(array.shape)
    question = f"is the draw of {scheme!r} with seed {where.seed} and name {where.name!r}"
    seen = 0
    blocks = _blocks(array.shape, BLOCK if scheme.in_ranges else array.size)
    for block in islice(blocks, 0, None, max(1, array.size // max(count, 1))):
        part = array[block]
        starts = tuple(axis.start for axis in block)
        drawn = scheme.apply(np.empty(part.shape, array.dtype), _part_of(where, array.shape, starts))
        seen += part.size
        different = np.argwhere(~scheme.same(part, drawn))
        if different.size:
            index = tuple(int(i) + start for i, start in zip(different[0], starts, strict=True))
            return Verdict(question, seen, array.size, (), index)
    return Verdict(question, seen, array.size)


def _part_of(where: Where, shape: tuple[int, ...], starts: tuple[int, ...]) -> Where:
    """Return where the block of an array of that shape and place lies that begins at `starts`."""
    whole = shape if where.global_shape is where.offset is None else where.global_shape
    at: Any
    if len(shape) == 1 and not isinstance(where.offset, Sequence):  # a range of the flat tensor
        at = (where.offset or 0) + starts[0]  # type: ignore[operator]
    else:
        base: Any = (0,) * len(shape) if where.offset is None else where.offset
        at = tuple(b + k for b, k in zip(base, starts, strict=True))
    return Where(where.seed, where.name, whole, at, on_empty="ignore")


def _blocks(shape: tuple[int, ...], size: int) -> Iterator[tuple[slice, ...]]:
    """Cut an array into blocks of about `size` elements or a row of its last axis, in row-major order."""
    if not shape:
        yield ()
        return
    row = prod(shape[1:])
    if len(shape) > 1 and row > size:
        for k in range(shape[0]):
            for rest in _blocks(shape[1:], size):
                yield (slice(k, k + 1), *rest)
        return
    rows = max(1, size // max(row, 1))
    for k in range(0, shape[0], rows):
        yield (slice(k, min(k + rows, shape[0])), *(slice(0, n) for n in shape[1:]))
