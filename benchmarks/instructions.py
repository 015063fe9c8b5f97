"""Counts the instructions of one small call, a figure that other processes do not disturb.

Usage: python -m benchmarks.instructions

Under valgrind, whose processor has no AVX-512: fast_init runs its AVX2 level. The count is the difference of two fresh
processes with different numbers of calls, divided by the difference; it includes the loop around the call.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.random import SFC64, Generator

import fast_init

from .peers import SEED

NUMPY = "Generator.standard_normal"
CALLS: dict[str, Callable[[], object]] = {
    NUMPY: partial(Generator(SFC64(SEED)).standard_normal, out=np.ones(1, np.float32), dtype=np.float32),
    "normal_": partial(fast_init.normal_, np.ones(1, np.float32), seed=SEED),
    "he_normal_": partial(fast_init.he_normal_, np.ones((1, 1), np.float32), seed=SEED),
}
FEW, MANY = 1000, 31000
# No thread of a library waits in a loop, and sets keep their order: two runs count the same to a few thousand.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
VALGRIND = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]


def repeat(name: str, times: int) -> None:
    """Do the named call; what the counted processes run."""
    call = CALLS[name]
    for _ in range(times):
        call()


def instructions_of_process(name: str, times: int) -> int:
    """Return the instructions of a process that does the call so often."""
    code = f"from benchmarks.instructions import repeat; repeat({name!r}, {times})"
    run = subprocess.run(
        [*VALGRIND, sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    return references(run.stderr)


def references(report: str) -> int:
    """Return the number of instructions in what cachegrind prints."""
    found = re.search(r"I\s+refs:\s+([\d,]+)", report)
    if found is None:
        raise ValueError(f"cachegrind printed no number of instructions: {report!r}")
    return int(found[1].replace(",", ""))


def instructions_of_call(name: str) -> float:
    """Return the instructions of one call."""
    return (instructions_of_process(name, MANY) - instructions_of_process(name, FEW)) / (MANY - FEW)


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; exit code 2 without valgrind."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args(words)
    if shutil.which("valgrind") is None:
        print("valgrind is not installed; it counts the instructions: install it", file=sys.stderr)
        return 2
    counts = {name: instructions_of_call(name) for name in CALLS}
    print(f"{'one call, one float32':28}  instructions   ratio")
    for name, count in counts.items():
        print(f"{name:28}  {count:12.0f}  {count / counts[NUMPY]:6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
