"""Check that no code is shared between ISA levels, and that the kernel compiles without a warning.

Usage: python tools/check_symbols.py [COMPILER ...]        (default: c++)

An inline function that two levels define under one name is merged by the linker, and the copy that is
kept may hold instructions that the running processor lacks. So each level's object may define `kernels`
and read-only tables in its own namespace, and may need nothing but memory functions and fma.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
from pathlib import Path

CPP = Path(__file__).parent.parent / "cpp"
LEVELS: dict[str, list[str]] = {"generic": []}
if platform.machine() == "x86_64":
    LEVELS |= {"avx2": ["-march=x86-64-v3"], "avx512": ["-march=x86-64-v4"]}
# As in CMakeLists.txt.
FLAGS = "-std=c++20 -O3 -fPIC -ffp-contract=off -fno-math-errno -fvisibility=hidden -Wno-psabi -Wno-uninitialized"
WARNINGS = "-Wall -Wextra -Werror -Wno-unknown-warning-option -Wno-maybe-uninitialized"
NEEDED = {"memcpy", "memset", "memmove", "fma", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_"}


def foreign_symbols(compiler: str, level: str, folder: str) -> list[str]:
    """Return what the level's object defines outside its namespace, or needs beside NEEDED."""
    target = f"{folder}/{level}.o"
    flags = [*FLAGS.split(), *LEVELS[level], *WARNINGS.split(), f"-I{CPP}", f"-DFAST_INIT_ISA={level}"]
    subprocess.run([compiler, *flags, "-c", str(CPP / "cpu/kernel.cpp"), "-o", target], check=True)
    listing = subprocess.run(["nm", "-C", target], check=True, capture_output=True, text=True).stdout
    strange = []
    for line in listing.splitlines():
        *_, kind, name = line[17:].split(maxsplit=1)
        local = kind in "trdb" or name.startswith(f"fast_init::{level}::")
        if not (name in NEEDED if kind == "U" else local):
            strange.append(f"{level}: {line.strip()}")
    return strange


def main() -> int:
    """Return 0 if every level's object is closed."""
    strange = []
    with tempfile.TemporaryDirectory() as folder:
        for compiler in sys.argv[1:] or ["c++"]:
            for level in LEVELS:
                strange += foreign_symbols(compiler, level, folder)
    print("\n".join(strange) or "no symbol is shared between ISA levels")
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
