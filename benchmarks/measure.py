"""Runs the contests of docs/performance.md and keeps the medians.

Usage: python -m benchmarks.measure [-o run.json] [--quick]      (about five minutes; --quick: small buffers)

In each round every contestant of a contest runs once, so that a slow moment of the machine meets all; the
median over the rounds is kept, in nanoseconds per element, with the extremes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from fast_init import _core
from fast_init.sampling.config import config

from . import contests, contests_of_schemes
from .contests import Contest

PROGRESS = Console(stderr=True)
Results = dict[str, dict[str, dict[str, float]]]


def race(contest: Contest, rounds: int) -> dict[str, dict[str, float]]:
    """Return for each contestant the median, least and greatest ns per element."""
    times: dict[str, list[float]] = {name: [] for name in contest.calls}
    for call in contest.calls.values():
        call()
    for _ in track(range(rounds), f"{contest.name:24}", console=PROGRESS):
        for name, call in contest.calls.items():
            start = perf_counter()
            for _ in range(contest.repeat):
                call()
            times[name].append((perf_counter() - start) / contest.repeat / contest.elements * 1e9)
    return {name: {"median": median(t), "least": min(t), "greatest": max(t)} for name, t in times.items()}


def cpu_name() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {"cpu": cpu_name(), "cpus": os.cpu_count(), "numpy": np.__version__, **config()}


def measure(quick: bool) -> Results:
    big, rounds = (1 << 20, 5) if quick else (1 << 26, 15)
    results: Results = {}
    jobs: list[tuple[Callable[[int], Contest], int]] = [
        # First: the idle threads of other libraries may spin for a while.
        *((contests.scaling, k << 20) for k in ((1,) if quick else (1, 4, 16, 64))),
        (contests.normal_float32, big),
        (contests.normal_float64, big // 2),
        (contests.normal_16_bit, 2 * big),
        (contests.uniform_float32, big),
        (contests_of_schemes.truncated, big // 16),
        (partial(contests_of_schemes.truncated, dtype=np.float64), big // 16),
        (contests_of_schemes.shards, big),
        (contests.fresh_memory, big),
        (contests.strided, big),
        *((contests.small, k) for k in (1, 64, 1024)),
        (contests.cached, 65536),
    ]
    for make, n in jobs:
        contest = make(n)
        results[contest.name] = race(contest, rounds)
    results |= avx2(quick)
    return results


def avx2(quick: bool) -> Results:
    """The contest of a forced level, in a process of its own."""
    if "avx2" not in _core.available_isas():
        contests.MISSING["AVX2 level"] = "not available on this machine"
        return {}
    command = [sys.executable, "-m", "benchmarks.measure", "--only-forced", *(["--quick"] if quick else [])]
    run = subprocess.run(
        command, env={**os.environ, "FAST_INIT_ISA": "avx2"}, stdout=subprocess.PIPE, text=True, check=True
    )
    forced: Results = json.loads(run.stdout)
    return forced


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=Path("run.json"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only-forced", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only_forced:
        contest = contests.normal_forced(1 << 20 if arguments.quick else 1 << 26)
        sys.stdout.write(json.dumps({contest.name: race(contest, 5 if arguments.quick else 9)}))
        return
    results = measure(arguments.quick)
    run = {"machine": machine(), "missing": contests.MISSING, "results": results}
    arguments.output.write_text(json.dumps(run, indent=1) + "\n")
    for name, why in contests.MISSING.items():
        print(f"left out: {name} ({why})")
    print(f"written: {arguments.output}; python -m benchmarks.report {arguments.output} makes the tables and pictures")


if __name__ == "__main__":
    main()
