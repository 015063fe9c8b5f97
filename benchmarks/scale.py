"""Measures what a checkpoint costs on this machine and disk, and writes the tables of docs/scale.md.

Usage: python -m benchmarks.scale folder [--gigabytes 4] [--rounds 3] [--docs docs]

Linux only. The folder is on the disk to be measured, with room for twice the bytes; what is written there is removed.
The rows are medians of the rounds. Without --docs nothing is changed: the tables are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import rmtree
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from ml_dtypes import bfloat16

from fast_init import Recipe, normal, normal_

from .machine import DEFAULT_THREADS, cpu_name
from .report import between_marks

ITEM = {"bfloat16": 2, "float32": 4}
DTYPES: dict[str, Any] = {"bfloat16": bfloat16, "float32": np.float32}
SIDE = 8192  # of a tensor
PIECE = 4 << 20  # bytes of a plain write
MACHINES = 64
MODELS = [("7 x 10^9", 7e9), ("7 x 10^10", 7e10), ("10^12", 1e12)]

Rates = dict[str, float]  # GB/s, and MB of memory


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def drawing(dtype: str) -> float:
    """GB/s of `normal_` into memory that was written before."""
    array = np.ones(1 << 28, DTYPES[dtype])
    return array.nbytes / median(seconds(lambda: normal_(array, seed=1)) for _ in range(5)) / 1e9


def plain_writes(path: Path, size: int) -> float:
    """GB/s of large writes of the same bytes, and fsync."""
    piece = np.random.default_rng(1).bytes(PIECE)

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            for _ in range(size // PIECE):
                file.write(piece)
            os.fsync(file.fileno())

    taken = seconds(write)
    path.unlink()
    return size / taken / 1e9


# Runs the command line and prints the peak of its own memory in kB: what the parent had is not counted (VmHWM is the
# address space's, where the resource usage of a child may begin with its parent's).
WATCHED = """
import sys
from fast_init.cli import main
code = main(sys.argv[1:])
print([line for line in open("/proc/self/status") if line.startswith("VmHWM")][0].split()[1], file=sys.stderr)
sys.exit(code)
"""


def command(*words: str) -> tuple[float, float]:
    """Seconds and peak MB of a fast-init command in a process of its own."""
    start = perf_counter()
    child = subprocess.run([sys.executable, "-c", WATCHED, *words], check=True, capture_output=True, text=True)
    return perf_counter() - start, float(child.stderr.splitlines()[-1]) * 1024 / 1e6


def checkpoint(folder: Path, dtype: str, size: int) -> Rates:
    """One round: a checkpoint of `size` bytes, written and verified."""
    count = max(1, size // (SIDE * SIDE * ITEM[dtype]))
    tensors = {f"layers.{k}.weight": {"shape": [SIDE, SIDE], "dtype": dtype} for k in range(count)}
    spec, recipe, out = folder / "spec.json", folder / "normal.json", folder / "checkpoint"
    spec.write_text(json.dumps(tensors))
    recipe.write_text(Recipe([("*", normal(std=0.02))]).to_json())
    written = count * SIDE * SIDE * ITEM[dtype]
    try:
        plain = plain_writes(folder / "plain", written)
        taken, memory = command("checkpoint", str(spec), "-o", str(out), "--recipe", str(recipe), "--seed", "1")
        verifying, _ = command("verify", str(out), "--all")
    finally:
        rmtree(out, ignore_errors=True)
        spec.unlink()
        recipe.unlink()
    return {"plain": plain, "write": written / taken / 1e9, "memory": memory, "verify": written / verifying / 1e9}


def measured(rates: dict[str, Rates], gigabytes: float) -> str:
    """Return the table of what was measured."""
    rows = [
        ("`normal_` in memory", "draw", "GB/s"),
        (f"`fast-init checkpoint` of {gigabytes:g} GB, fsync included", "write", "GB/s"),
        ("plain writes of 4 MiB to the same disk, fsync included", "plain", "GB/s"),
        ("peak memory of the process", "memory", "MB"),
        ("`fast-init verify --all`", "verify", "GB/s"),
    ]
    head = f"| {DEFAULT_THREADS} threads, {cpu_name()} | {' | '.join(rates)} |"
    lines = [f"| {what} | {' | '.join(f'{r[key]:.3g} {unit}' for r in rates.values())} |" for what, key, unit in rows]
    return "\n".join([head, "|---" * (len(rates) + 1) + "|", *lines]) + "\n"


def duration(taken: float) -> str:
    return f"{taken:.2g} s" if taken < 100 else f"{taken / 60:.2g} min" if taken < 6000 else f"{taken / 3600:.2g} h"


def on_paper(rates: Rates) -> str:
    """Return what models of bfloat16 would take at these rates."""
    draw, disk = rates["draw"], rates["plain"]
    head = (
        f"| parameters | bytes | {DEFAULT_THREADS} threads draw at {draw:.3g} GB/s | one disk of {disk:.3g} GB/s | "
        f"{MACHINES} such machines |"
    )
    lines = []
    for what, parameters in MODELS:
        size = 2 * parameters / 1e9
        times = (size / draw, size / disk, size / disk / MACHINES)
        lines.append(f"| {what} | {size:g} GB | {' | '.join(map(duration, times))} |")
    return "\n".join([head, "|---" * 5 + "|", *lines]) + "\n"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and write the page where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gigabytes", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--docs", type=Path)
    arguments = parser.parse_args(words)
    arguments.folder.mkdir(exist_ok=True)
    rates = {}
    for dtype in DTYPES:
        rounds = [checkpoint(arguments.folder, dtype, int(arguments.gigabytes * 1e9)) for _ in range(arguments.rounds)]
        rates[dtype] = {key: median(r[key] for r in rounds) for key in rounds[0]} | {"draw": drawing(dtype)}
    text = f"{measured(rates, arguments.gigabytes)}\nAt these rates, in bfloat16:\n\n{on_paper(rates['bfloat16'])}"
    print(text)
    if arguments.docs:
        between_marks(arguments.docs / "scale.md", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
