"""The command fast-init: the models' sizes, the values it leaves, what it reports and refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fast_init import he_normal_, normal_, xavier_normal_
from fast_init.cli import demo_job as demo
from fast_init.cli.gpt2_shapes import Tensor, fill, tensors_of
from fast_init.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "init_transformer.py"
PARAMETERS = {"gpt2": 124_439_808, "gpt2-medium": 354_823_168, "gpt2-large": 774_030_080, "gpt2-xl": 1_557_611_200}


def json_report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run the demo on the tiny model, which must succeed, and return what it prints."""
    assert main(["demo", "--model", "tiny", "--json", *arguments]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the demo, which must refuse with one sentence on stderr and nothing on stdout; return the sentence."""
    try:
        code = main(["demo", *arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("fast-init: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("scheme", ["gpt2", "he", "xavier"])
@pytest.mark.parametrize(("model", "parameters"), PARAMETERS.items())
def test_parameter_counts(model: str, parameters: int, scheme: str) -> None:
    tensors = tensors_of(model, scheme)
    assert sum(tensor.size for tensor in tensors) == parameters
    assert len({tensor.name for tensor in tensors}) == len(tensors)


def test_gpt2_tensors() -> None:
    tensors = {tensor.name: tensor for tensor in tensors_of("gpt2")}
    residual = 0.02 / sqrt(24)
    assert len(tensors) == 148
    assert tensors["wte.weight"] == Tensor("wte.weight", "wte", (50257, 768), "normal_", 0.02)
    for name, shape, std in (
        ("h.0.attn.c_attn.weight", (768, 2304), 0.02),
        ("h.3.attn.c_proj.weight", (768, 768), residual),
        ("h.5.mlp.c_fc.weight", (768, 3072), 0.02),
        ("h.11.mlp.c_proj.weight", (3072, 768), residual),
    ):
        assert (tensors[name].shape, tensors[name].init) == (shape, "normal_")
        assert tensors[name].std == pytest.approx(std, rel=1e-15)
    assert tensors["h.11.mlp.c_fc.bias"].shape == (3072,)
    assert tensors["h.11.mlp.c_fc.bias"].init == "zeros_"
    assert tensors["ln_f.weight"].init == "ones_"


def test_fill_rejects_an_unknown_function() -> None:
    with pytest.raises(ValueError, match="init is 'cauchy_'"):
        fill(np.empty(3, np.float32), Tensor("w", "w", (3,), "cauchy_"), seed=0)


@pytest.mark.parametrize("compare", [True, False])
@pytest.mark.parametrize("scheme", ["gpt2", "he", "xavier"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_arrays_are_those_of_direct_calls(scheme: str, dtype: str, compare: bool) -> None:
    job = demo.prepare("tiny", scheme, dtype, seed=7)
    arrays = demo.allocate(job)
    assert demo.run(job, arrays, compare=compare).ok
    for name, array in arrays.items():
        direct = np.empty(array.shape, dtype)
        if name.endswith(".bias"):
            direct[...] = 0
        elif "ln_" in name:
            direct[...] = 1
        elif name in ("wte.weight", "wpe.weight"):
            normal_(direct, std=0.02, seed=7, name=name)
        elif scheme == "he":
            he_normal_(direct, layout="io", seed=7, name=name)
        elif scheme == "xavier":
            xavier_normal_(direct, layout="io", seed=7, name=name)
        else:
            normal_(direct, std=0.02 / sqrt(4) if "c_proj" in name else 0.02, seed=7, name=name)
        np.testing.assert_array_equal(array, direct, err_msg=name)


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
    assert sum(group["seconds"] for group in report["groups"]) == pytest.approx(report["seconds"])
    arrays = demo.allocate(demo.prepare("tiny"))
    assert sum(group["tensors"] for group in report["groups"]) == len(arrays)
    for group in report["groups"]:
        assert abs(group["measured_std"] - group["expected_std"]) <= group["std_tolerance"]
        assert group["expected_mean"] == (group["group"] == "norms")
        assert (group["expected_std"] == 0) == (group["group"] in ("norms", "biases"))


def test_measured_std_is_that_of_the_array() -> None:
    job = demo.prepare("tiny")
    arrays = demo.allocate(job)
    groups = {group.group: group for group in demo.run(job, arrays, compare=False).groups}
    pooled = np.concatenate([arrays[f"h.{layer}.mlp.c_fc.weight"].ravel() for layer in (0, 1)]).astype(np.float64)
    assert groups["mlp.c_fc"].measured_std == pytest.approx(pooled.std(), rel=1e-12)
    assert groups["mlp.c_fc"].measured_mean == pytest.approx(pooled.mean(), rel=1e-9)
    assert groups["mlp.c_fc"].std_tolerance == pytest.approx(6 * 0.02 / sqrt(2 * pooled.size))


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_numpy_fills_the_same_distributions(monkeypatch: pytest.MonkeyPatch, dtype: str) -> None:
    by_numpy = demo.numpy_fill(seed=5)
    monkeypatch.setattr(demo, "fill", lambda array, tensor, *_: by_numpy(array, tensor))
    job = demo.prepare("tiny", dtype=dtype)
    assert demo.run(job, demo.allocate(job)).ok


def test_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["demo", "--model", "tiny", "--scheme", "xavier", "--threads", "1"]) == 0
    out, err = capsys.readouterr()
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.endswith("✓ ")}
    assert list(rows) == ["wte", "wpe", "norms", "biases", "attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"]
    assert rows["attn.c_attn"][1:5] == ["2", "32x96", "xavier_normal_", f"{sqrt(2 / 128):.6f}"]
    assert float(rows["attn.c_attn"][5]) == pytest.approx(0.125, rel=6 / sqrt(2 * 6144))
    assert "tiny: 29,056 parameters, 0.1 MB in float32" in out
    assert "numpy.random.Generator (SFC64, 1 thread) took" in out
    assert "on 1 thread was" in out
    assert err == ""


def test_table_without_numpy_or_utf8(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rich.console.Console.encoding", "ascii")
    assert main(["demo", "--model", "tiny", "--no-compare"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert "numpy" not in out


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
    assert sentence in refusal(capsys, *arguments)


def test_bfloat16_needs_ml_dtypes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    assert "pip install ml_dtypes" in refusal(capsys, "--model", "tiny", "--dtype", "bfloat16")


def test_needs_rich_only_for_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich", None)
    expected = "fast-init: fast-init needs rich for its tables and progress bars: pip install 'fast-init[cli]'\n"
    assert refusal(capsys, "--model", "tiny") == expected
    assert json_report(capsys)["ok"]


def test_too_little_memory(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "available_memory", lambda: 3_000_000_000)
    sentence = refusal(capsys, "--model", "gpt2-large")
    assert "gpt2-large in float32 needs 3.1 GB and 3 GB of memory are available" in sentence
    demo.prepare("gpt2-large", dtype="float16")


def test_failed_allocation(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError("Unable to allocate 147. MiB")

    monkeypatch.setattr(demo, "allocate", fails)
    assert "Unable to allocate 147. MiB" in refusal(capsys, "--model", "tiny")


def test_unknown_memory_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "available_memory", lambda: None)
    assert demo.prepare("gpt2-xl").bytes == 4 * PARAMETERS["gpt2-xl"]


def test_available_memory() -> None:
    available = demo.available_memory()
    assert (available is None) == (not Path("/proc/meminfo").exists())
    assert available is None or available > 1_000_000


def test_interrupt(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "fill", interrupted)
    assert main(["demo", "--model", "tiny"]) == 130
    assert capsys.readouterr().err == "fast-init: interrupted\n"


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["info", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [f"{name:14} {value}" for name, value in found.items()] == lines


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["demo", "--help"])
    assert stop.value.code == 0
    assert "fast-init demo --model gpt2-xl --dtype bfloat16" in capsys.readouterr().out


def test_import_needs_only_numpy() -> None:
    check = "import sys, fast_init, fast_init.cli; assert not {'rich', 'ml_dtypes'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_example_runs() -> None:
    result = subprocess.run([sys.executable, EXAMPLE], check=True, capture_output=True, text=True)
    lines = result.stdout.splitlines()
    assert len(lines) == 2 + 4 * 12
    assert lines[0].startswith("wte.weight")
    assert float(lines[0].split()[-1]) == pytest.approx(0.02, rel=0.01)
    assert len(EXAMPLE.read_text().splitlines()) <= 30
