"""`fast-init inspect`: what tensors look like."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import load_file

import fast_init as fi
from fast_init.checkpoints.inspection import inspect_array
from fast_init.cli.main import main
from support.checkpoint_cases import SHAPES

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="recipes in headers are TOML")


def test_inspect(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["inspect", str(model)]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert set(lines) == {"name", *SHAPES}
    assert "2000x64" in lines["embed.weight"]
    assert lines["embed.weight"].endswith("normal(std=0.02)")
    assert lines["up.weight"].endswith("he_normal()")
    assert lines["q.weight"].endswith("orthogonal(gain=1)")
    assert lines["norm.weight"].endswith("ones()")
    assert lines["up.bias"].endswith("zeros()")
    assert max(lines["embed.weight"]) == "█"
    capsys.readouterr()
    assert main(["inspect", str(model / "model.safetensors"), "--json"]) == 0
    records = {record["name"]: record for record in json.loads(capsys.readouterr().out)}
    stored = load_file(model / "model.safetensors")
    for name, record in records.items():
        assert record["std"] == pytest.approx(float(stored[name].astype(np.float64).std()))
        assert (record["min"], record["max"]) == (stored[name].min(), stored[name].max())
        assert sum(record["histogram"]) in (0, stored[name].size)


LIKE: dict[str, tuple[fi.Scheme, tuple[int, ...], tuple[str, ...]]] = {
    "he": (fi.he_normal(), (300, 700), ("he_normal()",)),
    "he of (in, out)": (fi.he_normal(layout="io"), (300, 700), ("he_normal(layout='io')",)),
    "lecun, square": (fi.lecun_normal(), (300, 300), ("lecun_normal()", "xavier_normal()")),
    "xavier": (fi.xavier_uniform(), (300, 700), ("xavier_uniform()",)),
    "torch": (fi.he_uniform(5**0.5), (64, 32, 3, 3), ("he_uniform(a=5**0.5), torch's default",)),
    "gpt2": (fi.normal(std=0.02), (300, 700), ("normal(std=0.02)",)),
    "cut": (fi.trunc_normal(std=0.02, bounds="sigma"), (300, 700), ("trunc_normal(std=0.02, bounds='sigma')",)),
    "jax": (
        fi.variance_scaling(1.0, "fan_in", "truncated_normal"),
        (300, 700),
        ("variance_scaling(1.0, 'fan_in', 'truncated_normal'), JAX's lecun",),
    ),
    "orthogonal": (fi.orthogonal(1.5), (64, 32, 3, 3), ("orthogonal(gain=1.5)",)),
    "constant": (fi.constant(0.25), (5,), ("constant(val=0.25)",)),
    "few": (fi.normal(), (5,), ()),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("case", LIKE)
def test_what_a_tensor_looks_like(case: str, dtype: Any) -> None:
    scheme, shape, names = LIKE[case]
    w = scheme.fill_(np.empty(shape, dtype), seed=1)
    assert inspect_array("w", w).looks_like == names


def test_other_laws_and_bad_values() -> None:
    rng = np.random.default_rng(1)
    assert inspect_array("w", rng.normal(0, 0.003, 50_000)).looks_like[0].startswith("normal(std=0.00")
    assert inspect_array("w", rng.uniform(-0.3, 0.3, 500)).looks_like[0].startswith("uniform(a=-0.")
    assert inspect_array("w", rng.laplace(size=50_000)).looks_like == ()
    w = rng.normal(size=1000)
    w[5] = np.nan
    seen = inspect_array("w", w)
    assert (seen.not_finite, seen.looks_like, np.isfinite(seen.std)) == (1, (), True)
    assert inspect_array("w", np.empty((0, 3))).looked == 0


ODD = {  # values of which the squares, or the range, are beyond float64, or the range is but one rounding
    "huge": [1e308, -1e308] * 50,
    "tiny": [5e-324, 0.0] * 50,
    "small": [1e-300, -1e-300] * 50,
    "one rounding": [1.0, 1.0 + 2**-52] * 50,
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(100,), (10, 10)])
@pytest.mark.parametrize("case", ODD)
def test_values_at_the_ends_of_float64(case: str, shape: tuple[int, ...]) -> None:
    w = np.array(ODD[case]).reshape(shape)
    seen = inspect_array("w", w)
    assert (seen.min, seen.max) == (w.min(), w.max())
    assert seen.histogram == (50, *[0] * 22, 50)
    half = seen.max / 2 - seen.min / 2
    assert seen.std == pytest.approx(half, rel=0.5, abs=1e-323)
