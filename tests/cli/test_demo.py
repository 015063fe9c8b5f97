"""`fast-init demo`: what it reports and refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from fast_init.cli import demo_job as demo
from fast_init.cli.main import main
from support.commands import refusal

EXAMPLE = Path(__file__).parents[2] / "examples" / "init_transformer.py"


def json_report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run the demo on the tiny model, which must succeed, and return what it prints."""
    assert main(["demo", "--model", "tiny", "--json", *arguments]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


@pytest.mark.parametrize("scheme", ["gpt2", "he", "xavier"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64"])
def test_json(capsys: pytest.CaptureFixture[str], scheme: str, dtype: str) -> None:
    if dtype == "bfloat16":
        pytest.importorskip("ml_dtypes")
    report = json_report(capsys, "--scheme", scheme, "--dtype", dtype, "--seed", "3", "--threads", "1")
    size = {"float64": 8, "float32": 4}.get(dtype, 2)
    assert report["ok"] is True
    assert (report["scheme"], report["dtype"], report["seed"], report["threads"]) == (scheme, dtype, 3, 1)
    assert report["bytes"] == report["parameters"] * size
    assert report["times_as_fast"] == pytest.approx(report["numpy_seconds"] / report["seconds"])
    assert report["kernel_ratio"] == report["times_as_fast"]
    assert (report["one_thread_seconds"], report["thread_ratio"]) == (report["seconds"], 1)
    assert sum(group["seconds"] for group in report["groups"]) == pytest.approx(report["seconds"])
    arrays = demo.allocate(demo.job_of("tiny"))
    assert sum(group["tensors"] for group in report["groups"]) == len(arrays)
    for group in report["groups"]:
        assert abs(group["measured_std"] - group["expected_std"]) <= group["std_tolerance"]
        assert group["expected_mean"] == (group["group"] == "norms")
        assert (group["expected_std"] == 0) == (group["group"] in ("norms", "biases"))


def test_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["demo", "--model", "tiny", "--scheme", "xavier", "--threads", "1"]) == 0
    out, err = capsys.readouterr()
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.endswith("✓")}
    assert list(rows) == ["wte", "wpe", "norms", "biases", "attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"]
    assert rows["attn.c_attn"][1:5] == ["2", "32x96", "xavier_normal_", f"{sqrt(2 / 128):.6f}"]
    assert float(rows["attn.c_attn"][5]) == pytest.approx(0.125, rel=6 / sqrt(2 * 6144))
    assert "tiny: 29,056 parameters, 0.1 MB in float32" in out
    assert "NumPy's fastest generator (SFC64), 1 thread " in out
    assert "times as fast as NumPy, on 1 thread each: that is the kernel" in " ".join(out.split())
    assert err == ""


def test_table_without_numpy_or_utf8(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rich.console.Console.encoding", "ascii")
    assert main(["demo", "--model", "tiny", "--no-compare"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert "numpy" not in out.lower()
    assert "times as fast" not in out


def test_progress_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["demo", "--model", "tiny"]) == 0
    err = capsys.readouterr().err
    assert all(name in err for name in ("allocate", "NumPy", "fast_init", "check"))


@pytest.mark.parametrize(
    ("form", "verdict"), [([], "The values of wte, wpe, norms, attn.c_attn"), (["--json"], '"ok": false')]
)
def test_wrong_values_are_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: list[str], verdict: str
) -> None:
    monkeypatch.setattr(demo, "fill", lambda array, *_: array.fill(0))
    assert main(["demo", "--model", "tiny", *form]) == 1
    assert verdict in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--model", "gpt3"], "model is 'gpt3'; it must be one of gpt2, gpt2-medium"),
        (["--dtype", "int8"], "dtype is 'int8'; it must be one of float32, float16, bfloat16, float64"),
        (["--scheme", "lecun"], "scheme is 'lecun'; it must be one of gpt2, he, xavier"),
        (["--seed", "-1"], "seed is -1; it must be in [0, 2**64)"),
        (["--seed", "one"], "argument --seed: invalid int value: 'one'"),
        (["--threads", "0"], "threads is 0; it must be at least 1"),
        (["--fast"], "unrecognized arguments: --fast"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    assert sentence in refusal(capsys, "demo", *arguments)


def test_bfloat16_needs_ml_dtypes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    expected = "dtype is 'bfloat16'; NumPy knows it only with ml_dtypes: pip install 'fast-init[cli]'"
    assert refusal(capsys, "demo", "--model", "tiny", "--dtype", "bfloat16") == f"fast-init: {expected}\n"


def test_the_extra_brings_what_the_command_asks_for() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    extra = next(line for line in project.splitlines() if line.startswith("cli = "))
    assert all(f'"{name}>=' in extra for name in ("rich", "ml_dtypes", "argcomplete"))


def test_needs_rich_only_for_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich", None)
    expected = "fast-init: fast-init needs rich for its tables and progress bars: pip install 'fast-init[cli]'\n"
    assert refusal(capsys, "demo", "--model", "tiny") == expected
    assert json_report(capsys)["ok"]


def test_too_little_memory(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "available_memory", lambda: 3_000_000_000)
    sentence = refusal(capsys, "demo", "--model", "gpt2-large")
    assert "gpt2-large in float32 needs 3.1 GB and 3 GB of memory are available" in sentence
    demo.job_of("gpt2-large", dtype="float16")


def test_failed_allocation(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError("Unable to allocate 147. MiB")

    monkeypatch.setattr(demo, "allocate", fails)
    assert "Unable to allocate 147. MiB" in refusal(capsys, "demo", "--model", "tiny")


def test_unknown_memory_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "available_memory", lambda: None)
    assert demo.job_of("gpt2-xl").bytes == 4 * 1_557_611_200


def test_available_memory() -> None:
    available = demo.available_memory()
    assert (available is None) == (not Path("/proc/meminfo").exists())
    assert available is None or available > 1_000_000


def test_example_runs() -> None:
    result = subprocess.run([sys.executable, EXAMPLE], check=True, capture_output=True, text=True)
    lines = result.stdout.splitlines()
    assert len(lines) == 2 + 4 * 12
    assert lines[0].startswith("wte.weight")
    assert float(lines[0].split()[-1]) == pytest.approx(0.02, rel=0.01)
    assert len(EXAMPLE.read_text().splitlines()) <= 30
