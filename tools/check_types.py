"""Check that cpp/ compiles where std::uint64_t and std::size_t are two types, as on macOS.

Usage: python tools/check_types.py [COMPILER ...]        (default: c++)

On Linux both are unsigned long, and code that takes one for the other compiles. Here a copy of cpp/ in which the 64-bit
types are long long is checked, with warnings as errors.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from compile_commands import ROOT, Command, compile_commands

TYPES = "using macos_uint64_t = unsigned long long;\nusing macos_int64_t = long long;\n"
NAMES = re.compile(r"\b(?:std::)?(u?int64_t)\b")


def copy_of_cpp(folder: Path) -> None:
    """Write cpp/ to the folder, its 64-bit types replaced."""
    for source in (ROOT / "cpp").rglob("*.?pp"):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(NAMES.sub(r"macos_\1", source.read_text()))
    (folder / "macos_types.hpp").write_text(TYPES)


def compiles(command: Command, folder: Path) -> bool:
    """Whether the copy of a source compiles with the source's own flags; the compiler says why not."""
    copied = command._replace(
        compiler_and_flags=[flag.replace(f"{ROOT}/cpp", f"{folder}/cpp") for flag in command.compiler_and_flags]
    )
    source = folder / command.source.relative_to(ROOT)
    try:
        copied.run("-Werror", "-fsyntax-only", "-include", str(folder / "macos_types.hpp"), str(source))
    except subprocess.CalledProcessError:
        return False
    return True


def main() -> int:
    """Return 0 if every source compiles."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_cpp(folder)
        commands = [command for compiler in sys.argv[1:] or ["c++"] for command in compile_commands(compiler)]
        wrong = [str(command.source) for command in commands if not compiles(command, folder)]
    print("\n".join(wrong) or f"{len(commands)} compilations with a 64-bit type of its own: no error")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
