"""`materialize_` and `init_`: every tensor of a module by its name, wherever it is, and nothing else of it changed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import fast_init as fi
from fast_init.torch.recordings import recording_of
from support.torch_draws import bits_of
from support.torch_parallel import Model, bits_by_name

ft = fi.torch
RECIPE = fi.Recipe([("*.bias", fi.zeros()), ("*norm.weight", fi.ones()), ("*", fi.normal(std=0.02))])


def tied() -> Any:
    """Return an embedding and a head with one weight."""
    model = nn.Sequential(nn.Embedding(13, 12), nn.Linear(12, 13, bias=False))
    model[1].weight = model[0].weight
    return model


def on_meta(factory: Any = Model) -> Any:
    """Return the module on the meta device."""
    with torch.device("meta"):
        return factory()


def test_values_are_those_of_the_names() -> None:
    model = on_meta(lambda: nn.Sequential(nn.Linear(8, 4), nn.Linear(4, 4)))
    report = ft.materialize_(model, seed=42, recipe=RECIPE)
    assert torch.equal(model[0].weight, ft.normal_(torch.empty(4, 8), 0.0, 0.02, seed=42, name="0.weight"))
    assert not model[1].bias.any()
    arrays = {name: np.empty(p.shape, np.float32) for name, p in model.named_parameters()}
    assert str(report) == str(RECIPE.init_(arrays, seed=42))


def test_meta_and_real_modules_get_the_same() -> None:
    recipe = ft.record(Model)
    model, real, filled = on_meta(), Model(), Model()
    reports = [ft.materialize_(model, seed=1, recipe=recipe), ft.materialize_(real, seed=1, recipe=recipe)]
    reports.append(ft.init_(filled, seed=1, recipe=recipe))
    assert str(reports[0]) == str(reports[1]) == str(reports[2])
    for other in (real, filled):
        mine, its = bits_by_name(model), bits_by_name(other)
        assert all(np.array_equal(mine[name], its[name]) for name in mine)


def test_without_a_recipe_the_module_is_recorded() -> None:
    model = on_meta(lambda: nn.Sequential(nn.Linear(8, 4), nn.BatchNorm1d(4)))
    ft.materialize_(model, seed=1)
    assert float(model[0].weight.detach().abs().max()) <= 8**-0.5
    assert model[1].running_var.tolist() == [1] * 4
    assert int(model[1].num_batches_tracked) == 0


def test_what_is_real_keeps_its_memory_and_its_identity() -> None:
    model = nn.Linear(8, 4)
    weight, memory, version = model.weight, model.weight.data_ptr(), model.weight._version
    ft.materialize_(model, seed=1, recipe=RECIPE)
    assert model.weight is weight
    assert model.weight.data_ptr() == memory
    assert model.weight._version > version


def test_ties_stay_one_tensor_which_has_its_first_name() -> None:
    model = on_meta(tied)
    report = ft.materialize_(model, seed=42, recipe=RECIPE)
    assert model[1].weight is model[0].weight
    assert [row.name for row in report.rows] == ["0.weight"]
    assert torch.equal(model[1].weight, ft.normal_(torch.empty(13, 12), 0.0, 0.02, seed=42, name="0.weight"))


def test_class_requires_grad_attributes_and_strides_stay() -> None:
    class Kept(nn.Parameter):  # type: ignore[misc]
        pass

    module: Any = nn.Module()
    module.a = Kept(torch.empty(3, 4, device="meta"), requires_grad=False)
    module.b = nn.Parameter(torch.empty(4, 3, device="meta").T)
    module.a.tag = "kept"
    ft.materialize_(module, seed=1, recipe=RECIPE)
    assert type(module.a) is Kept
    assert module.a.tag == "kept"
    assert not module.a.requires_grad
    assert module.b.requires_grad
    assert module.b.stride() == (1, 3)
    assert dict(module.named_parameters()).keys() == {"a", "b"}


def test_dtype_is_that_of_parameters_and_persistent_buffers() -> None:
    def make() -> Any:
        return nn.ModuleList([Model(), nn.BatchNorm1d(4)])

    model = on_meta(make)
    ft.materialize_(model, seed=1, recipe=ft.record(make), dtype=torch.bfloat16)
    assert {p.dtype for p in model.parameters()} == {torch.bfloat16}
    assert model[1].running_mean.dtype == torch.bfloat16
    assert model[0].blocks[0].scale.dtype == torch.float32
    assert model[0].steps.dtype == torch.int64


def test_a_real_module_of_another_dtype_keeps_what_nothing_fills() -> None:
    model = nn.BatchNorm1d(4)
    model.running_mean.fill_(5)
    ft.materialize_(model, seed=1, recipe=fi.Recipe([("weight", fi.ones()), ("bias", fi.zeros())]), dtype=torch.float64)
    assert model.running_mean.tolist() == [5] * 4
    assert model.running_mean.dtype == model.weight.dtype == torch.float64


def test_a_pattern_of_random_weights_holds_for_no_buffer() -> None:
    model = nn.BatchNorm1d(4)
    ft.init_(model, seed=1, recipe=fi.Recipe([("*", fi.normal())]))
    assert model.running_var.tolist() == [1] * 4
    ft.init_(model, seed=1, recipe=fi.Recipe([("running_var", fi.uniform(2, 3)), ("*", fi.normal())]))
    assert torch.equal(model.running_var, ft.uniform_(torch.empty(4), 2, 3, seed=1, name="running_var"))


@pytest.mark.parametrize("part", ["a[0]", "a*", "{l}"])
def test_a_name_with_the_characters_of_patterns_is_itself(part: str) -> None:
    """Of a parameter, and of a drawn buffer, whose rule must name it in full."""

    def make() -> Any:
        inside = nn.Linear(3, 2)
        inside.register_buffer("noise", torch.empty(100).normal_())
        module = nn.Module()
        module.add_module(part, inside)
        return module

    inside = ft.build(make, seed=42).get_submodule(part)
    assert torch.equal(inside.noise, ft.normal_(torch.empty(100), seed=42, name=f"{part}.noise"))
    bound = 3**-0.5
    want = ft.uniform_(torch.empty(2), -bound, bound, seed=42, name=f"{part}.bias")
    assert torch.allclose(inside.bias, want, rtol=1e-6)


def test_recorded_buffers_are_copies() -> None:
    recipe = ft.record(Model)
    model = on_meta()
    ft.materialize_(model, seed=1, recipe=recipe)
    model.steps += 1
    again = on_meta()
    ft.materialize_(again, seed=1, recipe=recipe)
    assert int(again.steps) == 3
    assert again.blocks[1].scale.tolist() == [1, 2, 3]


def test_with_a_recipe_buffers_are_what_the_module_makes_them_again() -> None:
    model = on_meta(lambda: nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)))
    ft.materialize_(model, seed=1, recipe=RECIPE)
    assert model[1].running_mean.tolist() == [0, 0, 0, 0]
    assert model[1].running_var.tolist() == [1, 1, 1, 1]
    assert int(model[1].num_batches_tracked) == 0
    assert recording_of(model) is None


def test_a_buffer_of_which_nothing_tells_is_an_error_before_anything_changes() -> None:
    model = on_meta(Table)
    with pytest.raises(ValueError, match=r"buffers table are on the meta device"):
        ft.materialize_(model, seed=1, recipe=RECIPE)
    assert all(x.is_meta for x in (*model.parameters(), *model.buffers()))


class Table(nn.Module):  # type: ignore[misc]
    """A module with values that only its constructor makes."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.register_buffer("table", torch.arange(4))


def vectors() -> Any:
    """Return a matrix and a vector."""
    return nn.ParameterList([torch.ones(2, 2), torch.ones(3)])


@pytest.mark.parametrize(
    ("make", "recipe", "sentence"),
    [
        (vectors, fi.Recipe([("0", fi.zeros())]), "no rule matches 1;"),
        (vectors, fi.Recipe([("*", fi.orthogonal())]), "tensor '1': shape"),
        (lambda: nn.ParameterList([torch.ones(2), torch.ones(2).cfloat()]), RECIPE, "tensor '1': tensor has dtype"),
    ],
    ids=["no rule", "wrong shape", "wrong dtype"],
)
def test_what_cannot_be_drawn_is_said_before_anything_changes(make: Any, recipe: fi.Recipe, sentence: str) -> None:
    real, model = make(), on_meta(make)
    for call, module in ((ft.init_, real), (ft.materialize_, real), (ft.materialize_, model)):
        with pytest.raises((TypeError, ValueError), match=sentence):
            call(module, seed=1, recipe=recipe)
    assert all(p.is_meta for p in model)
    assert all((p == 1).all() for p in real)


def test_init_wants_memory() -> None:
    with pytest.raises(ValueError, match=r"tensor 'weight': tensor of shape .* call fast_init.torch.materialize_"):
        ft.init_(on_meta(lambda: nn.Linear(3, 3)), seed=1, recipe=RECIPE)


def test_recorded_values_of_another_shape_are_refused() -> None:
    recipe = ft.record(lambda: Model())
    recipe.buffers["steps"] = torch.zeros(3)
    with pytest.raises(ValueError, match=r"buffer 'steps' has shape .*record the model that is filled"):
        ft.materialize_(on_meta(), seed=1, recipe=recipe)


def test_progress_counts_bytes_of_all_tensors() -> None:
    seen: list[tuple[int, int]] = []
    ft.materialize_(on_meta(tied), seed=1, recipe=RECIPE, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (13 * 12 * 4, 13 * 12 * 4)


def test_a_recorded_recipe_serves_numpy_too() -> None:
    recipe = ft.record(Model)
    model = ft.build(Model, seed=7)
    arrays = {name: np.empty(p.shape, np.float32) for name, p in model.named_parameters()}
    recipe.init_(arrays, seed=7)
    assert all(np.array_equal(bits_of(p), bits_of(arrays[name])) for name, p in model.named_parameters())


MEMORY = """
import resource, torch, fast_init as fi
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
with torch.device("meta"):
    model = torch.nn.ModuleList([torch.nn.Linear(4096, 4096, bias=False) for _ in range(16)])
recipe = fi.Recipe([("*", fi.normal())])
fi.torch.materialize_(torch.nn.Linear(8, 8), seed=1, recipe=recipe)
before = peak()
fi.torch.materialize_(model, seed=1, recipe=recipe, dtype=torch.bfloat16)
print((peak() - before) / (16 * 4096**2 * 2))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no /proc")
def test_peak_memory_is_the_models() -> None:
    run = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    assert float(run.stdout) <= 1.05
