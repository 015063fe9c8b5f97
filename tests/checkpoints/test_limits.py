"""What files say of sizes is looked at before it costs anything, and refused by one short sentence with the name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init.checkpoints.limits import shape_of
from fast_init.checkpoints.plan import bytes_of, plan_of
from fast_init.checkpoints.reading import read_checkpoint, read_json
from fast_init.checkpoints.safetensors_file import read_header
from fast_init.checkpoints.spec import read_spec
from fast_init.sampling.shown import shown

INDEX = "model.safetensors.index.json"
DIMENSIONS = "at most 32 ints >= 0 and < 2\\*\\*63"
BYTES = "its elements of 4 bytes must be < 2\\*\\*63 bytes"
BAD_SHAPES = [
    pytest.param([1] * 33, DIMENSIONS, id="33 dimensions"),
    pytest.param([2**63], DIMENSIONS, id="a dimension of 2**63"),
    pytest.param([True, 3], DIMENSIONS, id="a bool"),
    pytest.param([2.0], DIMENSIONS, id="a float"),
    pytest.param([-1], DIMENSIONS, id="a negative"),
    pytest.param("23", DIMENSIONS, id="a text"),
    pytest.param({}, DIMENSIONS, id="an object"),
    pytest.param(3, DIMENSIONS, id="a number"),
    pytest.param([2**31, 2**30], BYTES, id="2**63 bytes"),
    pytest.param([0, 2**62], BYTES, id="2**64 bytes, of none"),
    pytest.param([2**62] * 32, BYTES, id="a product of 600 digits"),
]


def sentence(error: pytest.ExceptionInfo[BaseException]) -> str:
    """Return an error's text, which must be one short line."""
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 1000
    return text


def header(path: Path, text: str) -> Path:
    path.write_bytes(len(text).to_bytes(8, "little") + text.encode())
    return path


@pytest.mark.parametrize("shape", [(), (3, 4), [2**61 - 1], [1] * 32, (0, 5), np.array([2, 3]), (np.int64(3),)])
def test_shapes_that_are_taken(shape: Any) -> None:
    assert shape_of(shape, 4) == tuple(int(n) for n in shape)


@pytest.mark.parametrize(("shape", "reason"), BAD_SHAPES)
def test_shapes_that_headers_and_plans_refuse(tmp_path: Path, shape: Any, reason: str) -> None:
    record = {"w": {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}}
    path = header(tmp_path / "x.safetensors", json.dumps(record))
    with pytest.raises(ValueError, match=rf"x\.safetensors .*'w': its shape is .*{reason}; fetch") as error:
        read_header(path)
    sentence(error)
    recipe = fi.Recipe([("*", fi.zeros())])
    with pytest.raises(ValueError, match=rf"tensor 'w' is given as .*{reason}: pass such as \(3, 4\)") as error:
        fi.write_checkpoint(tmp_path / "d", {"w": (shape, "float32")}, recipe, seed=1)
    sentence(error)


def test_digits_that_took_minutes(tmp_path: Path) -> None:
    digits = "9" * 4000
    path = header(tmp_path / "x.safetensors", '{"w":{"dtype":"F32","shape":[' + ",".join([digits] * 3000) + "]}}")
    with pytest.raises(ValueError, match="a number has 4,000 digits, and at most 40 are read") as error:
        read_header(path)
    assert "x.safetensors" in sentence(error)
    with pytest.raises(ValueError, match=r"tensor 'w' is given as .*an int of 33,220 bits.*at most 32 ints") as error:
        fi.write_checkpoint(tmp_path / "d", {"w": ([10**10000] * 3000, "float32")}, fi.Recipe([]), seed=1)
    sentence(error)


def test_what_is_printed_is_cut() -> None:
    assert shown([10**5000] * 3000).startswith("[an int of 16,610 bits, ")
    assert all(len(shown(value)) <= 400 for value in ("x" * 10**6, [10**5000] * 3000, [["x" * 999] * 99] * 2))
    assert shown(((-3,), "float32")) == "((-3,), 'float32')"


def test_a_file_of_more_bytes_than_files_have() -> None:
    with pytest.raises(ValueError, match=r"model\.safetensors would have \d+ bytes; a file has fewer than 2\*\*63"):
        plan_of({"w": ((2**61 - 1,), "float32")}, {}, "5GB")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_json_that_is_nested_too_deep(tmp_path: Path, text: str) -> None:
    path = header(tmp_path / "x.safetensors", text)
    with pytest.raises(ValueError, match=r"x\.safetensors is no whole safetensors file: it is nested too deep"):
        read_header(path)
    (tmp_path / INDEX).write_text(text)
    for read in (read_checkpoint, read_spec):
        with pytest.raises(ValueError, match=rf"{INDEX} is no JSON: it is nested too deep"):
            read(tmp_path)


def test_json_of_more_than_a_headers_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fast_init.checkpoints.reading.LONGEST", 10)
    (tmp_path / "x.json").write_text("[1, 2, 3 ]")
    assert read_json(tmp_path / "x.json") == [1, 2, 3]
    (tmp_path / "x.json").write_text("[1, 2, 3  ]")
    with pytest.raises(ValueError, match=r"x\.json is no JSON: it has more than 10 bytes"):
        read_json(tmp_path / "x.json")


@pytest.mark.parametrize(
    ("weight_map", "reason"),
    [
        ({}, "names no tensors in its weight_map"),
        (None, "is neither safetensors nor their index"),
        (["w"], "is neither safetensors nor their index"),
        ({"w": 3}, "places tensor 'w' in 3; it must be the name of a file in the directory of the index"),
        ({"w": ["x"]}, r"places tensor 'w' in \['x'\]; it must be"),
        ({"w": ""}, "places tensor 'w' in ''; it must be"),
        ({"w": "../x.safetensors"}, r"in '\.\./x\.safetensors'; it must be the name of a file in the directory"),
        ({"w": "a/../../x.safetensors"}, "it must be the name of a file in the directory"),
        ({"w": "/x.safetensors"}, "it must be the name of a file in the directory"),
        ({"w": "x\0"}, "which is not there"),
        ({"w": "x" * 10**5}, "which is not there"),
        ({"w": "."}, "which is not there"),
    ],
)
def test_indexes_that_are_none(tmp_path: Path, weight_map: Any, reason: str) -> None:
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": weight_map}))
    with pytest.raises((ValueError, FileNotFoundError), match=rf"{INDEX}.*{reason}") as error:
        read_checkpoint(tmp_path)
    sentence(error)


def test_a_tensor_in_two_files(tmp_path: Path) -> None:
    empty = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    header(tmp_path / "a.safetensors", json.dumps({"v": empty, "w": empty}))
    header(tmp_path / "b.safetensors", json.dumps({"w": empty}))
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": {"v": "a.safetensors", "w": "b.safetensors"}}))
    with pytest.raises(ValueError, match=r"b\.safetensors holds tensor 'w', as does .*a\.safetensors: fetch"):
        read_checkpoint(tmp_path)


@pytest.mark.parametrize("text", ["9" * 400, "1e5", "1e400", "inf", "nan", str(2**63), "10000000TB", " " * 30 + "5GB"])
def test_texts_that_are_no_size_of_files(text: str) -> None:
    with pytest.raises(ValueError, match=r"max_shard_size is '.*'; it must be a number of bytes > 0 and < 2") as error:
        bytes_of(text)
    sentence(error)


def test_numbers_that_are_no_size_of_files() -> None:
    numbers: list[Any] = [2**63, 10**5000, -1, 1.5, float("inf"), None, True]
    for number in numbers:
        with pytest.raises(ValueError, match=r"max_shard_size is .*; it must be a number of bytes > 0") as error:
            bytes_of(number)
        sentence(error)
    assert bytes_of(2**63 - 1) == 2**63 - 1


@pytest.mark.parametrize("value", [{"w": {"shape": [10**30]}}, {"w": {"shape": 3}}, {"w": {"shape": [1] * 33}}])
def test_a_spec_names_its_file(tmp_path: Path, value: Any) -> None:
    (tmp_path / "shapes.json").write_text(json.dumps(value))
    with pytest.raises(ValueError, match=rf"shapes\.json: tensor 'w': its shape is .*{DIMENSIONS}"):
        read_spec(tmp_path / "shapes.json")
