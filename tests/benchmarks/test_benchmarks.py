"""A benchmark that did not draw what it should is no benchmark, and a run of small buffers is none for the docs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.checking import WrongDrawError, check
from benchmarks.contest import Contest, Contestant
from benchmarks.instructions import references
from benchmarks.machine import cpu_name

import fast_init as fi
from benchmarks import measure, report, scale, trillion

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
    assert "it makes no docs: run all of them" in capsys.readouterr().err


def test_a_second_run_stands_beside_the_first(tmp_path: Path) -> None:
    run = json.loads((report.DOCS / "performance" / "run.json").read_text())
    other = {**run, "machine": {**run["machine"], "cpu": "another"}, "results": {}}
    (tmp_path / "docs").mkdir()
    for page in ("README.md", "docs/performance.md"):
        (tmp_path / page).write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    paths = [tmp_path / name for name in ("a.json", "b.json", "c.json")]
    for path, document in zip(paths, (run, run, other), strict=True):
        path.write_text(json.dumps(document))
    assert report.main([*map(str, paths), "--docs", str(tmp_path / "docs")]) == 0
    page = (tmp_path / "docs/performance.md").read_text()
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page
    first = next(line for line in page.splitlines() if "NumPy's fastest Generator" in line).split("|")
    assert first[5].strip() == f"**{first[6].strip()}** x as fast"
    assert first[7].strip() == ""
    assert f"ratio, {run['machine']['cpu']} | ratio, another | target" in page
    assert sorted(p.name for p in (tmp_path / "docs/performance").iterdir()) == [
        *("other-1.json", "other-2.json", "parts.svg", "peers.svg", "run.json")
    ]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (
            {"vendor_id": "AuthenticAMD", "cpu family": "25", "model": "17", "model name": "AMD EPYC"},
            "AMD EPYC (Zen 4)",
        ),
        ({"vendor_id": "AuthenticAMD", "cpu family": "99", "model": "1", "model name": "AMD X"}, "AMD X"),
        ({"model name": "ARM"}, "ARM"),
    ],
)
def test_a_processor_is_named(tmp_path: Path, fields: dict[str, str], name: str) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("".join(f"{key}\t: {value}\n" for key, value in fields.items()) + "\nprocessor: 1\n")
    assert cpu_name(info) == name


def test_instructions_are_read_from_what_cachegrind_prints() -> None:
    assert references("==12== \n==12== I   refs:      1,234,567\n") == 1234567
    with pytest.raises(ValueError, match="cachegrind printed no number"):
        references("valgrind: no")


@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc")
def test_a_sparse_checkpoint_is_verified_and_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One layer of 19 x 10^9 parameters: 39 GB of files that hold some megabytes."""
    assert trillion.main([str(tmp_path / "disk"), "--layers", "1"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"plan of 1\.947e\+10 parameters, experts one by one \| 1,162 \|", said)
    assert float(re.findall(r"files of 39 GB hold (\d+) MB", said)[0]) < 10
    assert "The last row of model.layers.0.mlp.experts.down_proj is that of normal_." in said
    assert not any((tmp_path / "disk").iterdir())


@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc")
def test_a_round_of_scale_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "SIDE", 64)
    rates = scale.checkpoint(tmp_path, "bfloat16", 64 * 64 * 2)
    assert all(rate >= 0 for rate in rates.values())
    assert [*tmp_path.iterdir()] == []
