"""The model of fast-init demo: its tensors, and the values that the demo leaves in them."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from fast_init import (
    Recipe,
    Rule,
    Scheme,
    he_normal,
    he_normal_,
    normal,
    normal_,
    ones,
    xavier_normal,
    xavier_normal_,
    zeros,
)
from fast_init.cli import demo_job as demo
from fast_init.cli.demo_numpy import numpy_fill
from fast_init.cli.gpt2_shapes import Tensor, tensors_of
from fast_init.recipes.families import gpt2
from fast_init.sampling.dtypes import dtype_named

PARAMETERS = {"gpt2": 124_439_808, "gpt2-medium": 354_823_168, "gpt2-large": 774_030_080, "gpt2-xl": 1_557_611_200}


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
    assert tensors["wte.weight"] == Tensor("wte.weight", "wte", (50257, 768), normal(std=0.02))
    for name, shape, std in (
        ("h.0.attn.c_attn.weight", (768, 2304), 0.02),
        ("h.3.attn.c_proj.weight", (768, 768), residual),
        ("h.5.mlp.c_fc.weight", (768, 3072), 0.02),
        ("h.11.mlp.c_proj.weight", (3072, 768), residual),
    ):
        assert (tensors[name].shape, tensors[name].filler) == (shape, "normal_")
        assert tensors[name].std == pytest.approx(std, rel=1e-15)
    assert tensors["h.11.mlp.c_fc.bias"].shape == (3072,)
    assert tensors["h.11.mlp.c_fc.bias"].filler == "zeros_"
    assert tensors["ln_f.weight"].filler == "ones_"


@pytest.mark.parametrize("compare", [True, False])
@pytest.mark.parametrize("scheme", ["gpt2", "he", "xavier"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_arrays_are_those_of_direct_calls(scheme: str, dtype: str, compare: bool) -> None:
    job = demo.job_of("tiny", scheme, dtype, seed=7)
    arrays = demo.allocate(job)
    assert demo.measure(job, arrays, compare=compare).ok
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


@pytest.mark.parametrize(
    ("scheme", "filler", "mean", "std"),
    [
        (normal(0.5, 0.1), "normal_", 0.5, 0.1),
        (zeros(), "zeros_", 0.0, 0.0),
        (ones(), "ones_", 1.0, 0.0),
        (he_normal(layout="io"), "he_normal_", 0.0, sqrt(2 / 32)),
        (xavier_normal(layout="io"), "xavier_normal_", 0.0, sqrt(2 / 128)),
    ],
)
def test_a_tensor_says_what_its_scheme_does(scheme: Scheme, filler: str, mean: float, std: float) -> None:
    tensor = Tensor("w", "w", (32, 96), scheme)
    assert (tensor.filler, tensor.mean) == (filler, mean)
    assert tensor.std == pytest.approx(std, rel=1e-15)


LINEAR: dict[str, list[Rule]] = {
    "gpt2": [],
    "he": [Rule(f"*.c_{name}.weight", he_normal(layout="io")) for name in ("attn", "proj", "fc")],
    "xavier": [Rule(f"*.c_{name}.weight", xavier_normal(layout="io")) for name in ("attn", "proj", "fc")],
}


@pytest.mark.parametrize("scheme", LINEAR)
@pytest.mark.parametrize("dtype", demo.DTYPES)
def test_arrays_are_those_of_the_recipe(scheme: str, dtype: str) -> None:
    job = demo.job_of("tiny", scheme, dtype, seed=7)
    arrays = demo.allocate(job)
    demo.measure(job, arrays)
    by_recipe = {name: np.empty(array.shape, dtype_named(dtype)) for name, array in arrays.items()}
    Recipe([*LINEAR[scheme], *gpt2(layers=2).rules]).init_(by_recipe, seed=7)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, by_recipe[name], err_msg=name)


def test_measured_std_is_that_of_the_array() -> None:
    job = demo.job_of("tiny")
    arrays = demo.allocate(job)
    groups = {group.group: group for group in demo.measure(job, arrays, compare=False).groups}
    pooled = np.concatenate([arrays[f"h.{layer}.mlp.c_fc.weight"].ravel() for layer in (0, 1)]).astype(np.float64)
    assert groups["mlp.c_fc"].measured_std == pytest.approx(pooled.std(), rel=1e-12)
    assert groups["mlp.c_fc"].measured_mean == pytest.approx(pooled.mean(), rel=1e-9)
    assert groups["mlp.c_fc"].std_tolerance == pytest.approx(6 * 0.02 / sqrt(2 * pooled.size))


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_numpy_fills_the_same_distributions(monkeypatch: pytest.MonkeyPatch, dtype: str) -> None:
    by_numpy = numpy_fill(seed=5)
    monkeypatch.setattr(demo, "fill", lambda array, tensor, *_: by_numpy(array, tensor))
    job = demo.job_of("tiny", dtype=dtype)
    assert demo.measure(job, demo.allocate(job)).ok
