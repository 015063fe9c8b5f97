"""What `fast-init demo` says of its speed: rounds in turn, medians, and whose part the speed is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, chain

import numpy as np
import pytest

from fast_init import normal
from fast_init.cli import demo_job as demo
from fast_init.cli import demo_timing
from fast_init.cli.demo_screen import print_report
from fast_init.cli.demo_timing import median_rounds
from fast_init.cli.gpt2_shapes import Tensor
from fast_init.recipes.progress import unwatched

TENSORS = {name: Tensor(name, name, (2,), normal()) for name in "wv"}


def clock(seconds: list[float]) -> Iterator[float]:
    """Give the readings, two for each of the times that are to pass between them."""
    return accumulate(chain.from_iterable((0.0, duration) for duration in seconds))


def test_ways_take_turns_and_the_median_round_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A total of its own for each way, one after the other, would charge a busy minute to one way only."""
    calls = []
    ways = {way: lambda _, tensor, way=way: calls.append((way, tensor.name)) for way in ("slow", "fast")}
    passes = {"slow": [(5, 5), (1, 2), (3, 1)], "fast": [(2, 0), (9, 9), (1, 0)]}  # seconds of w and v in each round
    ticks = clock([float(s) for k in range(3) for way in ways for s in passes[way][k]])
    monkeypatch.setattr(demo_timing, "perf_counter", lambda: next(ticks))
    found = median_rounds(ways, TENSORS, {name: np.zeros(2) for name in TENSORS}, unwatched)
    assert calls[2:] == [(way, name) for _ in range(3) for way in ways for name in TENSORS]
    assert found == {"slow": {"w": 3, "v": 1}, "fast": {"w": 2, "v": 0}}


def test_a_comparison_has_all_three_ways() -> None:
    job = replace(demo.job_of("tiny"), threads=2)
    report = demo.measure(job, demo.allocate(job))
    assert report.one_thread_seconds is not None
    assert report.kernel_ratio is not None
    assert report.thread_ratio == report.one_thread_seconds / report.seconds
    assert report.times_as_fast == pytest.approx(report.kernel_ratio * report.thread_ratio)


@pytest.fixture(scope="module")
def report() -> demo.Report:
    """The report of a real run."""
    job = demo.job_of("tiny")
    return demo.measure(job, demo.allocate(job))


@pytest.mark.parametrize(
    ("threads", "ratio", "sentence"),
    [
        (1, 1.0, "fast_init was 10.0 times as fast as NumPy, on 1 thread each: that is the kernel, the loop"),
        (4, 3.5, "fast_init was 35.0 times as fast as NumPy: 10.0 times by the kernel"),
        (4, 3.5, "(1 thread against NumPy's 1), and 3.50 times that by up to 4 threads."),
        (
            4,
            1.1,
            "cannot be told: up to 4 threads were 1.10 times as fast as 1. Other programs keep the processors busy",
        ),
        (2, 2.6, "cannot be told: up to 2 threads were 2.60 times as fast as 1. Other programs"),
        (2, 0.1, "fast_init was 10.0 times as fast as NumPy, on 1 thread each. What more threads bring cannot be told"),
    ],
)
def test_the_speed_is_attributed_unless_the_machine_is_busy(
    capsys: pytest.CaptureFixture[str], report: demo.Report, threads: int, ratio: float, sentence: str
) -> None:
    print_report(replace(report, threads=threads, kernel_ratio=10.0, thread_ratio=ratio, times_as_fast=10 * ratio))
    assert sentence in " ".join(capsys.readouterr().out.split())


def test_the_report_is_one_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, report: demo.Report
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_report(replace(report, threads=2, kernel_ratio=10.0, thread_ratio=1.9, times_as_fast=19.0))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
