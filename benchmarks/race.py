"""How one peer is timed at one job, dtype and size."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .laws import Array
from .peers import OURS, PEERS, Job


class Benchmark(Protocol):
    """The part of pytest-benchmark's fixture that is used; `stats` is None under ``--benchmark-disable``."""

    group: str | None
    extra_info: dict[str, object]
    stats: Any

    def pedantic(self, target: Callable[[], Array], *, rounds: int, iterations: int, warmup_rounds: int) -> Array:
        """Time `rounds` times `iterations` calls and return what the last call returned."""


@dataclass(frozen=True)
class Size:
    """A number of elements and how often to draw them: some 0.2 s for NumPy's normals, 3 s for the largest."""

    label: str
    elements: int
    rounds: int
    iterations: int


LARGEST = int(os.environ.get("FAST_INIT_BENCH_MAX", 1 << 26))
SIZES = [
    size
    for size in (
        Size("1", 1, rounds=100, iterations=500),
        Size("64", 64, rounds=100, iterations=500),
        Size("4Ki", 1 << 12, rounds=100, iterations=20),
        Size("1Mi", 1 << 20, rounds=15, iterations=1),
        Size("64Mi", 1 << 26, rounds=3, iterations=1),
    )
    if size.elements <= LARGEST
]


@dataclass(frozen=True)
class Race:
    """One peer's run at any job; a group of the output holds the runs that differ only in the peer."""

    benchmark: Benchmark
    peer: str
    dtype: str
    size: Size

    def warm(self, question: str, job: Job, shape: tuple[int, ...] | None = None) -> None:
        """Time the job on one array whose memory is in use already; `shape` must have the size's elements."""
        array = np.ones(shape or self.size.elements, self.dtype)
        fill = PEERS[self.peer](job)
        self._check(self._time(f"{question}, warm", lambda: fill(array)), job)

    def fresh(self, question: str, job: Job) -> None:
        """Time allocation and the job together, on a new array each time.

        The allocator may hand small arrays the memory of earlier ones, as it does in any program.
        """
        fill = PEERS[self.peer](job)
        self._check(self._time(f"{question}, fresh", lambda: fill(np.empty(self.size.elements, self.dtype))), job)

    def _time(self, question: str, call: Callable[[], Array]) -> Array:
        size, benchmark = self.size, self.benchmark
        benchmark.group = f"{question}, {self.dtype} x {size.label}"
        result = benchmark.pedantic(call, rounds=size.rounds, iterations=size.iterations, warmup_rounds=1)
        benchmark.extra_info["elements"] = size.elements
        if benchmark.stats is not None:
            benchmark.extra_info["median ns per element"] = benchmark.stats.stats.median / size.elements * 1e9
        return result

    def _check(self, drawn: Array, job: Job) -> None:
        """Assert dtype, size and law, and for fast_init that a second fill gives the same bits."""
        assert drawn.dtype == self.dtype
        assert drawn.size == self.size.elements
        job.law.check(drawn)
        if self.peer in OURS:
            again = PEERS[self.peer](job)(np.empty_like(drawn))
            word = f"u{drawn.itemsize}"
            assert np.array_equal(again.view(word), drawn.view(word)), "a second fill gave other bits"
