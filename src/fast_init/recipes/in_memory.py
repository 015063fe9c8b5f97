"""All tensors of a model by one call: checked first, then filled by one team of threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..sampling.calls import KernelCall
from ..sampling.destinations import FLOATS, Array, dtype_of, nothing_to_fill
from ..sampling.filling import draw_many
from ..sampling.names import OnEmpty
from ..sampling.streams import Seed, key_of
from ..sampling.threads import threads_of
from .lazy_tensor import LazyTensor
from .progress import Track, tracked
from .report import Report, row_of
from .rule import Rule

__all__ = ["init_all"]

BATCH = 1 << 26  # elements that are filled between two reports of progress, about

Filling = list[tuple[Array, LazyTensor]]  # destinations, and what each is to hold


def init_all(
    arrays: Mapping[str, Array],
    rules: Mapping[str, Rule],
    seed: Seed,
    threads: int | None,
    progress: bool | Track,
    on_empty: OnEmpty,
) -> Report:
    """Do what `Recipe.init_` does, with a rule for each name."""
    count = threads_of(threads)
    tensors = {name: _checked(name, array, rules[name], on_empty) for name, array in arrays.items()}
    _check_memory(arrays, rules)
    key = key_of(seed)  # last: from a Generator nothing is drawn for what is refused
    filling = [(array, tensors[name].with_seed(key)) for name, array in arrays.items()]
    total, done = sum(array.nbytes for array in arrays.values()), 0
    with tracked(progress) as track:
        for batch in _batches(filling):
            _fill(batch, count)
            done += sum(array.nbytes for array, _ in batch)
            track(done, total)
    return Report(tuple(row_of(tensors[name], array) for name, array in arrays.items()))


def _checked(name: str, array: Array, rule: Rule, on_empty: OnEmpty) -> LazyTensor:
    """Return the tensor that the array is to hold, without its seed; raises, with the name, if it cannot."""
    try:
        dtype_of(array, FLOATS)
        nothing_to_fill(array, on_empty)
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"tensor {name!r}: {error}") from None
    tensor = LazyTensor(name, array.shape, array.dtype, rule, 0)
    tensor.check()
    return tensor


def _check_memory(arrays: Mapping[str, Array], rules: Mapping[str, Rule]) -> None:
    """Raise if two tensors share memory, unless they are one array, drawn from one stream."""
    spans = sorted((*_span(array), name) for name, array in arrays.items() if array.size)
    open_spans: list[tuple[int, int, str]] = []
    for low, high, name in spans:
        open_spans = [span for span in open_spans if span[1] > low]
        for *_, other in open_spans:
            a, b = arrays[name], arrays[other]
            one = _span(a) == _span(b) and (a.shape, a.strides, a.dtype) == (b.shape, b.strides, b.dtype)
            mine, its = rules[name], rules[other]
            drawn = [(rule.stream_of(n), rule.scheme, rule.parts) for rule, n in ((mine, name), (its, other))]
            tied = one and drawn[0] == drawn[1]
            if not tied and np.shares_memory(a, b):
                raise ValueError(
                    f"tensors {other!r} and {name!r} share memory; one would overwrite the other: "
                    "leave one out, or tie it by tied_to and the same scheme"
                )
        open_spans.append((low, high, name))


def _span(array: Array) -> tuple[int, int]:
    """First and last byte's address, the last excluded."""
    start = array.__array_interface__["data"][0]
    reach = [(n - 1) * stride for n, stride in zip(array.shape, array.strides, strict=True)]
    return start + sum(r for r in reach if r < 0), start + sum(r for r in reach if r > 0) + array.itemsize


def _batches(filling: Filling) -> Iterator[Filling]:
    batch, elements = [], 0
    for array, tensor in filling:
        batch.append((array, tensor))
        elements += array.size
        if elements >= BATCH:
            yield batch
            batch, elements = [], 0
    if batch:
        yield batch


def _fill(batch: Filling, threads: int) -> None:
    calls: list[KernelCall] = []
    for array, tensor in batch:
        if its := tensor.kernel_calls(array):
            calls += its
        else:
            tensor.fill_whole_(array, threads)
    draw_many(calls, threads)
    for array, tensor in batch:
        tensor.zero_padding_row(array)
