"""How CMake compiles the files of cpp/: tools take the flags from a configuration of their own and restate none."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pybind11

__all__ = ["ROOT", "Command", "compile_commands", "kernel_commands"]

ROOT = Path(__file__).parent.parent


class Command(NamedTuple):
    """One source, and the command that compiles it but for input and output."""

    source: Path
    compiler_and_flags: list[str]

    @property
    def isa(self) -> str:
        """The ISA level of a kernel; empty for other files."""
        return next((flag.partition("=")[2] for flag in self.compiler_and_flags if "FAST_INIT_ISA=" in flag), "")

    def run(self, *arguments: str, cwd: Path | None = None) -> None:
        """Compile with further arguments, inputs and output among them; CalledProcessError if that fails."""
        subprocess.run([*self.compiler_and_flags, *arguments], check=True, cwd=cwd)


def compile_commands(compiler: str = "c++") -> list[Command]:
    """Return how `compiler` compiles every source of the Python module in a release build."""
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "CMAKE_CXX_COMPILER": compiler,
            "CMAKE_EXPORT_COMPILE_COMMANDS": "ON",
            "Python_EXECUTABLE": sys.executable,
            "pybind11_DIR": pybind11.get_cmake_dir(),
        }
        defined = [f"-D{name}={value}" for name, value in options.items()]
        subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", *defined], check=True, stdout=subprocess.PIPE)
        entries = json.loads((Path(folder) / "compile_commands.json").read_text())
    return [Command(Path(entry["file"]), _flags(entry["command"], entry["file"])) for entry in entries]


def kernel_commands(compiler: str = "c++") -> list[Command]:
    """Return those of the kernels, one for each ISA level."""
    return [command for command in compile_commands(compiler) if command.isa]


def _flags(command: str, source: str) -> list[str]:
    """What is left of a command without -c, the source and -o with its file."""
    words = shlex.split(command)
    output = words.index("-o")
    del words[output : output + 2]
    return [word for word in words if word not in ("-c", source)]
