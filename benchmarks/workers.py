"""Times a checkpoint that processes write by an executor beside one of a process with as many threads.

Usage: python -m benchmarks.workers folder [--gigabytes 8] [--workers 4] [--rounds 3]

Linux only. The folder is on the disk to be measured, with room for the bytes; what is written there is removed. The two
take turns; times are of the command `fast-init checkpoint`, with the start of its processes and fsync.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree
from statistics import median

from fast_init import Recipe, normal

from .machine import cpu_name
from .scale import command

SIDE = 8192  # of a tensor
BYTES = 4 * SIDE * SIDE


def written(folder: Path, *options: str) -> float:
    """Seconds for the checkpoint of folder/spec.json; it is removed."""
    out, recipe = folder / "checkpoint", str(folder / "normal.json")
    try:
        return command(
            "checkpoint", str(folder / "spec.json"), "-o", str(out), "--recipe", recipe, "--seed", "1", *options
        )[0]
    finally:
        rmtree(out, ignore_errors=True)


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gigabytes", type=float, default=8)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(words)
    options.folder.mkdir(exist_ok=True)
    count = max(1, round(options.gigabytes * 1e9 / BYTES))
    tensors = {f"layers.{k}.weight": {"shape": [SIDE, SIDE], "dtype": "float32"} for k in range(count)}
    (options.folder / "spec.json").write_text(json.dumps(tensors))
    (options.folder / "normal.json").write_text(Recipe([("*", normal(std=0.02))]).to_json())
    number = str(options.workers)
    ways = {f"1 process, {number} threads": ("--threads", number), f"{number} processes": ("--workers", number)}
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, given in ways.items():
            times[way].append(written(options.folder, *given))
    for name in ("spec.json", "normal.json"):
        (options.folder / name).unlink()
    rates = {way: count * BYTES / median(taken) / 1e9 for way, taken in times.items()}
    for way, rate in rates.items():
        print(f"{way:<24} {rate:6.2f} GB/s")
    alone, together = rates.values()
    print(f"{cpu_name()}: {number} processes have {together / alone:.2f} of the rate (target: at least 0.95)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
