"""Check that no code is shared between ISA levels, and that the kernel compiles without a warning.

Usage: python tools/check_symbols.py [COMPILER ...]        (default: c++)

An inline function that two levels define under one name is merged by the linker, and the copy that is
kept may hold instructions that the running processor lacks. So each level's object may define `kernels`
and read-only tables in its own namespace, and may need nothing but memory functions and fma.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from compile_commands import Command, kernel_commands

NEEDED = {"memcpy", "memset", "memmove", "fma", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_"}


def foreign_symbols(command: Command, folder: str) -> list[str]:
    """Return what the level's object defines outside its namespace, or needs beside NEEDED."""
    level = command.isa
    target = f"{folder}/{level}.o"
    command.run("-Werror", "-c", str(command.source), "-o", target)
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
            for command in kernel_commands(compiler):
                strange += foreign_symbols(command, folder)
    print("\n".join(strange) or "no symbol is shared between ISA levels")
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
