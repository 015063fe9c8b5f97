"""What a recipe reports: rows, dicts, the printed table, tensors without elements."""

from __future__ import annotations

import json
from collections.abc import Callable

import ml_dtypes
import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe
from fast_init.recipes import report as reports
from support.draws import Array
from support.recipe_cases import RECIPE, SHAPES, model


def test_the_report() -> None:
    arrays = model(np.float16)
    report = RECIPE.init_(arrays, seed=1)
    assert isinstance(report, fi.Report)
    assert [row.name for row in report.rows] == list(SHAPES)
    assert report.elements == sum(array.size for array in arrays.values())
    for row in report.rows:
        array, scheme = arrays[row.name], RECIPE.rule_for(row.name).scheme
        assert (row.shape, row.dtype, row.scheme) == (array.shape, "float16", scheme)
        assert row.expected_std == scheme.std_for(array.shape)
        assert row.measured_std == pytest.approx(float(array.astype(float).std()), rel=1e-12)
    rows = {row.name: row for row in report.rows}
    assert rows["h.0.experts.weight"].fans == fi.Fans(8, 6)
    assert rows["h.0.weight"].fans is None
    assert rows["h.0.experts.weight"].expected_std == 0.5


@pytest.mark.parametrize("view", [lambda w: w, lambda w: w.T, lambda w: w[:, ::2]], ids=["contiguous", "T", "columns"])
def test_a_large_tensor_is_measured_by_a_sample(view: Callable[[Array], Array]) -> None:
    array = view(np.empty((1024, 1024), np.float32))
    (row,) = Recipe([("w", fi.normal())]).init_({"w": array}, seed=1).rows
    step = (array.size - reports.BLOCK) / (reports.BLOCKS - 1)
    blocks = [array.reshape(-1)[int(k * step) :][: reports.BLOCK] for k in range(reports.BLOCKS)]
    assert row.measured_std == pytest.approx(float(np.concatenate(blocks).astype(float).std()), rel=1e-12)
    assert row.measured_std == pytest.approx(1.0, abs=5 / (2 * reports.BLOCKS * reports.BLOCK) ** 0.5)


def test_a_report_as_dicts_goes_to_json_and_back() -> None:
    report = RECIPE.init_({**model(ml_dtypes.bfloat16), "none": np.empty(0)}, seed=1, on_empty="ignore")
    records = json.loads(json.dumps(report.to_dicts(), allow_nan=False))
    assert [fi.Scheme.from_dict(record["scheme"]) for record in records] == [row.scheme for row in report.rows]
    by_name = {record["name"]: record for record in records}
    assert by_name["h.0.experts.weight"]["fans"] == [8, 6]
    assert by_name["none"]["measured_std"] is None
    assert (by_name["wte.weight"]["shape"], by_name["wte.weight"]["dtype"]) == ([20, 8], "bfloat16")


@pytest.mark.parametrize("count", [59, 60, 61, 75])
def test_sixty_rows_are_printed(count: int) -> None:
    arrays = {f"h.{k}.bias": np.empty(2, np.float32) for k in range(count)}
    head, *rows, last = str(RECIPE.init_(arrays)).splitlines()
    assert head.split() == ["name", "shape", "dtype", "scheme", "fans", "std", "measured"]
    assert last == f"{count} tensors, {2 * count} parameters"
    assert rows[:59] == [f"{f'h.{k}.bias':9}  2      float32  constant(0)        0.000000  0.000000" for k in range(59)]
    assert rows[60:] == ([f"... and {count - 60} more"] if count > 60 else [])


def test_scalars_and_empty_tensors_are_printed() -> None:
    text = str(Recipe([("*", fi.ones())]).init_({"a": np.empty(()), "b": np.empty((0, 2))}, on_empty="ignore"))
    assert [line.split() for line in text.splitlines()[1:]] == [
        ["a", "scalar", "float64", "constant(1)", "0.000000", "0.000000"],
        ["b", "0x2", "float64", "constant(1)", "0.000000"],
        ["2", "tensors,", "1", "parameters"],
    ]
    assert str(Recipe([]).init_({})).splitlines()[-1] == "0 tensors, 0 parameters"


def test_infinite_constants_are_reported_without_a_warning() -> None:
    (row,) = Recipe([("mask", fi.constant(-np.inf))]).init_({"mask": np.empty(3)}).rows
    assert row.expected_std == 0


def test_empty_tensors_as_one_wishes() -> None:
    recipe = Recipe([("*", fi.orthogonal()), ("b", fi.normal())])
    arrays = {"a": np.full((2, 2), 7.0), "b": np.empty((0, 3))}
    with pytest.raises(ValueError, match=r"^tensor 'b': array of shape \(0, 3\) has no elements; nothing was"):
        recipe.init_(arrays, on_empty="error")
    assert (arrays["a"] == 7).all()
    with pytest.warns(fi.EmptyArrayWarning, match=r"^array of shape \(0, 3\) has no elements") as record:
        recipe.init_(arrays)
    assert [warning.filename for warning in record] == [__file__]
    assert recipe.init_(arrays, on_empty="ignore").rows[1].measured_std is None
