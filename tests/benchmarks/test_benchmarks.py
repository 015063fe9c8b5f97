"""A benchmark that did not draw what it should is no benchmark, and a run of small buffers is none for the docs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.checking import WrongDrawError, check
from benchmarks.contest import Contest, Contestant
from benchmarks.instructions import references

import fast_init as fi
from benchmarks import measure, report

N = 1 << 14


def contestant(name: str, std: float, **options: Any) -> Contestant:
    """Return one that is to draw N(0, 1)."""
    array = np.ones(N, np.float32)
    return Contestant(name, lambda: fi.normal_(array, std=std, **options), fi.normal(), array, same_again=True)


def test_who_draws_something_else_is_named() -> None:
    contest = Contest("normals", N, lambda _: [])
    check(contest, [contestant("right", 1.0, seed=1)])
    with pytest.raises(WrongDrawError, match=r"^normals: twice as wide is wrong: NO: looks like a draw of normal"):
        check(contest, [contestant("right", 1.0, seed=1), contestant("twice as wide", 2.0, seed=1)])
    with pytest.raises(WrongDrawError, match=r"^normals: no seed is wrong: a second fill gave other bits$"):
        check(contest, [contestant("no seed", 1.0)])


def test_some_contests_run_and_are_kept_but_make_no_docs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "run.json"
    assert measure.main(["--quick", "--only", "small, 64", "-o", str(output)]) == 0
    assert "small, 64" in capsys.readouterr().out
    assert list(json.loads(output.read_text())["results"]) == ["small, 64"]
    assert report.main([str(output)]) == 2
    assert "it is not for docs: pass another folder by --docs" in capsys.readouterr().err


def test_instructions_are_read_from_what_cachegrind_prints() -> None:
    assert references("==12== \n==12== I   refs:      1,234,567\n") == 1234567
    with pytest.raises(ValueError, match="cachegrind printed no number"):
        references("valgrind: no")
