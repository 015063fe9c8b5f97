"""How the tests of the commands run them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fast_init.cli.main import main


def found(capsys: pytest.CaptureFixture[str], code: int, *words: object) -> dict[str, Any]:
    """Run a command with --json and return what it prints."""
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == code
    out, err = capsys.readouterr()
    assert err == ""
    record: dict[str, Any] = json.loads(out)
    return record


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a command, which must refuse by one sentence on stderr; return it."""
    capsys.readouterr()
    try:
        code = main([*map(str, words)])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("fast-init: ")
    assert err.count("\n") == 1
    assert "Errno" not in err
    return err
