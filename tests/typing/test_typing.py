"""Types: a checker accepts the calls of right.py and refuses, with the codes given there, those of wrong.py."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from inspect import isfunction
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parent.parent / "src"
CALLS = {
    name: call
    for name, call in runpy.run_path(str(HERE / "right.py"), run_name="right").items()
    if isfunction(call) and call.__module__ == "right"
}
OPTIONS = ["--strict", "--config-file=", "--follow-imports=silent", "--no-error-summary", "--no-pretty"]

Errors = dict[tuple[str, int], list[str]]  # codes by file and line


@pytest.fixture(scope="module")
def found(pytestconfig: pytest.Config) -> tuple[Errors, str]:
    """What mypy says of both files, and its text."""
    assert pytestconfig.cache is not None
    command = [sys.executable, "-m", "mypy", *OPTIONS, "--cache-dir", str(pytestconfig.cache.mkdir("mypy"))]
    environment = {**os.environ, "MYPYPATH": str(SOURCE)}
    run = subprocess.run(
        [*command, "right.py", "wrong.py"], cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    errors: Errors = {}
    for file, line, code in re.findall(r"^(\w+\.py):(\d+): error: .*\[([a-z-]+)\]$", run.stdout, re.MULTILINE):
        errors.setdefault((file, int(line)), []).append(code)
    return errors, run.stdout


def marks(file: str) -> Errors:
    """Return the codes of the comments ``# error: [code]``."""
    lines = enumerate((HERE / file).read_text(encoding="utf-8").splitlines(), 1)
    marked = {(file, number): re.findall(r"\[([a-z-]+)\]", line.partition("# error: ")[2]) for number, line in lines}
    return {place: codes for place, codes in marked.items() if codes}


def test_right_calls_are_accepted(found: tuple[Errors, str]) -> None:
    errors, text = found
    assert not [place for place in errors if place[0] == "right.py"], text


def test_wrong_calls_are_refused(found: tuple[Errors, str]) -> None:
    errors, text = found
    expected = marks("wrong.py")
    assert len(expected) > 50
    assert {place: sorted(codes) for place, codes in errors.items() if place[0] == "wrong.py"} == {
        place: sorted(codes) for place, codes in expected.items()
    }, text


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_right_calls_run(call: Callable[[], None]) -> None:
    call()
