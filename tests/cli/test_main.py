"""What all commands share: errors as sentences or with their traceback, exit codes, help."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import fast_init as fi
from fast_init.cli.main import COMMANDS, main
from support.commands import refusal

COMMANDS_TO_RUN = {
    "demo": (["--model", "tiny"], "fast_init.cli.demo_job.fill"),
    "checkpoint": (["spec.json", "-o", "out"], "fast_init.cli.checkpoint.read_spec"),
    "recipe": (["gpt2"], "fast_init.cli.recipe.recipe_of"),
    "verify": (["model"], "fast_init.cli.verify.verify_checkpoint"),
    "inspect": (["model"], "fast_init.cli.inspect.inspect_checkpoint"),
    "study": (["--json"], "fast_init.cli.study.propagate"),
    "info": (["--json"], "fast_init.cli.info.config"),
}


def raising(monkeypatch: pytest.MonkeyPatch, command: str, error: BaseException) -> list[str]:
    """Let what a command calls raise an error, and return the words that run the command."""

    def fails(*_: object, **__: object) -> None:
        raise error

    words, called = COMMANDS_TO_RUN[command]
    monkeypatch.setattr(called, fails)
    return [command, *words]


def test_every_command_is_here() -> None:
    assert COMMANDS_TO_RUN.keys() == COMMANDS.keys()


EXPECTED = {
    "ValueError": (ValueError("seed is -1; pass another"), "seed is -1; pass another"),
    "TypeError": (TypeError("seed is None; pass an int"), "seed is None; pass an int"),
    "ImportError": (ImportError("this needs rich"), "this needs rich"),
    "OSError": (FileNotFoundError("x is not there: fetch it"), "x is not there: fetch it"),
    "OSError of the system": (OSError(28, "No space left on device"), "No space left on device"),
    "OSError of a file": (
        FileNotFoundError(2, "No such file or directory", "x"),
        "x: No such file or directory; pass another path",
    ),
    "MemoryError": (MemoryError("Unable to allocate 147. MiB"), "Unable to allocate 147. MiB"),
    "MemoryError of Python": (MemoryError(), "MemoryError"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", EXPECTED)
def test_an_expected_error_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, case: str, command: str
) -> None:
    error, sentence = EXPECTED[case]
    assert refusal(capsys, *raising(monkeypatch, command, error)) == f"fast-init: {sentence}\n"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("before", [True, False])
def test_debug_shows_the_traceback_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, before: bool, command: str
) -> None:
    words = raising(monkeypatch, command, ValueError("seed is -1; pass another"))
    assert main(["--debug", *words] if before else [*words, "--debug"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert any(f"cli/{command}.py" in line for line in lines)
    assert lines[-2:] == ["ValueError: seed is -1; pass another", "fast-init: seed is -1; pass another"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("error", [KeyError("x"), AssertionError(), RuntimeError(), ZeroDivisionError()], ids=repr)
def test_a_bug_is_let_through(monkeypatch: pytest.MonkeyPatch, error: Exception, command: str) -> None:
    words = raising(monkeypatch, command, error)
    with pytest.raises(type(error)) as caught:
        main(words)
    assert caught.value is error


@pytest.mark.parametrize("command", COMMANDS)
def test_interrupt(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    assert main(raising(monkeypatch, command, KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "fast-init: interrupted\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert f"examples:\n  fast-init {command}" in text
    assert "--debug" in text


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert all(f"{name} {command.HELP}" in text for name, command in COMMANDS.items())


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["info", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [f"{name:14} {value}" for name, value in found.items()] == lines


def test_import_needs_only_numpy() -> None:
    check = "import sys, fast_init, fast_init.cli; assert not {'rich', 'ml_dtypes', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_no_arguments_are_a_question_for_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "fast-init checkpoint config.json -o model" in capsys.readouterr().out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"fast-init {fi.__version__}\n"
