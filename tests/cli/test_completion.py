"""Shell completion: the shell's questions to argcomplete, and the marks by which a shell finds the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fast_init
from fast_init.cli.main import COMMANDS, main

PACKAGE = Path(fast_init.__file__).parent


def completions(line: str, output: Path) -> list[str]:
    """Complete a line as bash does; argcomplete writes to the file where bash has it write to descriptor 8."""
    variables = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(output),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    code = "from fast_init.cli import main; main()"
    subprocess.run([sys.executable, "-c", code], env=os.environ | variables, check=True, capture_output=True)
    return output.read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("fast-init ch", ["checkpoint"]),
        ("fast-init demo --mo", ["--model"]),
        ("fast-init study --sc", ["--scheme"]),
        ("fast-init checkpoint --d", ["--dtype", "--debug"]),
    ],
)
def test_commands_and_options_are_completed(tmp_path: Path, line: str, expected: list[str]) -> None:
    assert sorted(completions(line, tmp_path / "found")) == sorted(expected)


def test_every_command_is_offered(tmp_path: Path) -> None:
    assert set(completions("fast-init ", tmp_path / "found")) >= COMMANDS.keys()


@pytest.mark.parametrize("file", ["__main__.py", "cli/__init__.py", "cli/__main__.py"])
def test_a_shell_finds_the_mark(file: str) -> None:
    """`activate-global-python-argcomplete` asks only programs that bear it in their first 1024 characters."""
    assert "PYTHON_ARGCOMPLETE_OK" in (PACKAGE / file).read_text(encoding="utf-8")[:1024]


def test_without_argcomplete_commands_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argcomplete", None)
    assert main(["info"]) == 0
    assert "version" in capsys.readouterr().out
