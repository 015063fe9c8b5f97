"""All tensors of a model by one call: checked first, then filled by one team of threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..sampling.destinations import FLOATS, dtype_of, nothing_to_fill
from ..sampling.filling import Array, Job, fill_many
from ..sampling.streams import Seed, key_of, stream_of
from ..sampling.threads import threads_of
from ..sampling.truncation import Plan
from ..schemes.scheme import Structured
from ..schemes.variance_scaling import law_for
from .progress import Track, tracked
from .report import Report, row_of

if TYPE_CHECKING:
    from .recipe import Rule

__all__ = ["init_all"]

BATCH = 1 << 26  # elements that are filled between two reports of progress, about


def init_all(
    tensors: Mapping[str, Array],
    rules: Mapping[str, Rule],
    seed: Seed,
    threads: int | None,
    progress: bool | Track,
    on_empty: str,
) -> Report:
    """Do what `Recipe.init_` does, with a rule for each name."""
    count = threads_of(threads)
    plans = {name: _checked_plan(name, array, rules[name], on_empty) for name, array in tensors.items()}
    _check_memory(tensors, rules)
    key = key_of(seed)
    total, done = sum(array.nbytes for array in tensors.values()), 0
    with tracked(progress) as track:
        for batch in _batches(tensors):
            _fill({name: tensors[name] for name in batch}, rules, plans, key, count)
            done += sum(tensors[name].nbytes for name in batch)
            track(done, total)
    return Report(tuple(row_of(name, array, rules[name].scheme) for name, array in tensors.items()))


def _checked_plan(name: str, array: Array, rule: Rule, on_empty: str) -> Plan | None:
    """What the core is told; None for what it does not draw. Raises, with the name, if it cannot be."""
    try:
        dtype, scheme = dtype_of(array, FLOATS), rule.scheme
        if array.size:
            rule.check_padding_row(array.shape)
        stream_of(rule.stream_of(name))
        nothing_to_fill(array, on_empty)
        if isinstance(scheme, Structured):
            scheme.check(array.shape, dtype.largest)
            return None
        return law_for(scheme, array.shape).plan(array.dtype, dtype.largest)
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"tensor {name!r}: {error}") from None


def _check_memory(tensors: Mapping[str, Array], rules: Mapping[str, Rule]) -> None:
    """Raise if two tensors share memory, unless they are one array, drawn from one stream."""
    spans = sorted((*_span(array), name) for name, array in tensors.items() if array.size)
    open_spans: list[tuple[int, int, str]] = []
    for low, high, name in spans:
        open_spans = [span for span in open_spans if span[1] > low]
        for *_, other in open_spans:
            a, b = tensors[name], tensors[other]
            one = _span(a) == _span(b) and (a.shape, a.strides, a.dtype) == (b.shape, b.strides, b.dtype)
            mine, its = rules[name], rules[other]
            tied = one and mine.stream_of(name) == its.stream_of(other) and mine.scheme == its.scheme
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


def _batches(tensors: Mapping[str, Array]) -> Iterator[list[str]]:
    batch, elements = [], 0
    for name, array in tensors.items():
        batch.append(name)
        elements += array.size
        if elements >= BATCH:
            yield batch
            batch, elements = [], 0
    if batch:
        yield batch


def _fill(
    tensors: Mapping[str, Array], rules: Mapping[str, Rule], plans: Mapping[str, Plan | None], key: int, threads: int
) -> None:
    jobs: list[Job] = []
    for name, array in tensors.items():
        plan, stream = plans[name], rules[name].stream_of(name)
        if plan is None:
            rules[name].scheme.fill_(array, seed=key, name=stream, threads=threads, on_empty="ignore")
        else:
            code = dtype_of(array, FLOATS).code
            law, p0, p1, table = plan
            jobs.append((array, law, code, p0, p1, key, stream_of(stream), 0, table, ()))
    fill_many(jobs, threads)
    for name, array in tensors.items():
        if rules[name].padding_row is not None and array.size:
            array[rules[name].padding_row] = 0
