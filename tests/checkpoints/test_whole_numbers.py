"""Counters, positions and masks in a checkpoint: in dtypes of whole numbers, as a recipe gives them, never drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import fast_init as fi
from fast_init.checkpoints import pieces
from fast_init.checkpoints.inspection import inspect_checkpoint
from fast_init.checkpoints.safetensors_file import WHOLE, read_header
from fast_init.checkpoints.verification import verify_checkpoint
from fast_init.cli.main import main
from support.checkpoint_files import content

IDS = fi.literal.of(np.arange(120.0).reshape(1, 120))
RULES = [("*.count", fi.zeros()), ("*.ids", IDS), ("*.mask", fi.ones()), ("*", fi.normal())]
TENSORS: dict[str, tuple[tuple[int, ...], str]] = {
    "a.weight": ((30, 7), "float16"),
    "a.count": ((), "int64"),
    "a.mask": ((3, 5), "bool"),
    **{f"{dtype}.ids": ((1, 120), dtype) for dtype in WHOLE if dtype != "bool"},
    "b.weight": ((30, 7), "float32"),
    "empty.count": ((0, 3), "uint8"),
}


def write(folder: Path, **options: Any) -> Any:
    return fi.write_checkpoint(folder, TENSORS, fi.Recipe(RULES), **{"seed": 1, **options})


def stored(folder: Path) -> dict[str, Any]:
    return {name: array for path in folder.glob("*.safetensors") for name, array in load_file(path).items()}


def edit(folder: Path, name: str, values: np.ndarray[Any, Any]) -> None:
    """Store other values of a tensor, or those of another dtype."""
    path = folder / "model.safetensors"
    metadata = dict(read_header(path).metadata)
    save_file({**stored(folder), name: values}, path, metadata=metadata)


@pytest.mark.parametrize("dtype", [None, "float16"])
def test_they_keep_their_dtypes_and_values(tmp_path: Path, dtype: str | None) -> None:
    assert write(tmp_path, dtype=dtype).complete
    arrays = stored(tmp_path)
    assert {name: array.dtype.name for name, array in arrays.items()} == {
        name: dtype or own if own.startswith("float") else own for name, (_, own) in TENSORS.items()
    }
    for name, array in arrays.items():
        assert array.shape == TENSORS[name][0]
        if name.endswith(".ids"):
            assert np.array_equal(array, np.arange(120).reshape(1, 120))
    assert (arrays["a.count"], arrays["a.mask"].all()) == (0, True)
    drawn = fi.normal().new((30, 7), dtype or "float32", seed=1, name="b.weight")
    assert arrays["b.weight"].tobytes() == drawn.tobytes()


def test_slabs_parts_and_resuming_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a", max_shard_size=900)
    monkeypatch.setattr(pieces, "SLAB", 64)
    files = write(tmp_path / "b", max_shard_size=900, part=(2, 2)).files
    write(tmp_path / "b", max_shard_size=900, part=(1, 2), threads=1)
    (tmp_path / "b" / files[0]).unlink()
    assert write(tmp_path / "b", max_shard_size=900, resume=True).complete
    assert content(tmp_path / "a") == content(tmp_path / "b")


@pytest.mark.parametrize(
    ("scheme", "dtype", "kind", "sentence"),
    [
        (fi.normal(), "int64", TypeError, r"dtype is int64 for normal\(.*\); whole numbers are given by constant or"),
        (fi.eye(), "uint8", TypeError, "dtype is uint8 for eye"),
        (fi.constant(0.5), "int32", ValueError, "a value is 0.5 for dtype int32; it must be a whole number from -2147"),
        (fi.constant(128), "int8", ValueError, "a value is 128.0 for dtype int8; .* from -128 to 127: give such a one"),
        (fi.constant(-1), "uint16", ValueError, "a value is -1.0 for dtype uint16; .* from 0 to 65535"),
        (fi.constant(2.0**63), "int64", ValueError, r"a value is 9.223372036854776e\+18 for dtype int64"),
        (fi.constant(2), "bool", ValueError, "a value is 2.0 for dtype bool; it must be a whole number from 0 to 1"),
        (fi.constant(float("nan")), "int64", ValueError, "a value is nan for dtype int64"),
        (fi.literal.of([0.0, np.inf]), "int64", ValueError, "a value is inf for dtype int64"),
        (fi.literal.of([0.0, 1.0, 2.0]), "int64", ValueError, r"shape is \(2,\) for a literal of shape \(3,\)"),
    ],
)
def test_what_gives_no_such_values_is_refused(
    tmp_path: Path, scheme: Any, dtype: str, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=f"^tensor 'w': {sentence}"):
        fi.write_checkpoint(tmp_path / "d", {"w": ((2,), dtype)}, fi.Recipe([("*", scheme)]), seed=1)
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(("value", "dtype"), [(-(2.0**63), "int64"), (2.0**63, "uint64"), (-128, "int8"), (1, "bool")])
def test_the_greatest_values(tmp_path: Path, value: float, dtype: str) -> None:
    fi.write_checkpoint(tmp_path, {"w": ((2,), dtype)}, fi.Recipe([("*", fi.constant(value))]), seed=1)
    assert [int(n) for n in stored(tmp_path)["w"]] == [int(value)] * 2


def test_a_dtype_of_whole_numbers_for_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^dtype is 'int64'; it must be one of float32, float16, bfloat16: pass one"):
        write(tmp_path / "d", dtype="int64")


def test_arrays_of_whole_numbers_in_memory_are_refused() -> None:
    with pytest.raises(TypeError, match="array has dtype int64; only float32"):
        fi.Recipe([("*", fi.zeros())]).init_({"w": np.ones(3, np.int64)}, seed=1)


def test_verify_looks_at_every_bit(tmp_path: Path) -> None:
    write(tmp_path)
    verdict = verify_checkpoint(tmp_path, every=True)
    assert verdict
    assert (verdict.tensors, verdict.uncovered) == (len(TENSORS), ())
    values = np.arange(120).reshape(1, 120)
    for changed, kind in ((values + (values == 7), "elements"), (values[:, ::-1].copy(), "recipe")):
        edit(tmp_path, "int64.ids", changed)
        (finding,) = verify_checkpoint(tmp_path).findings
        assert (finding.tensor, finding.kind) == ("int64.ids", kind)


def test_a_dtype_that_the_rule_does_not_make_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path)
    edit(tmp_path, "b.weight", stored(tmp_path)["b.weight"].view(np.int32))
    (finding,) = verify_checkpoint(tmp_path).findings
    assert (finding.tensor, finding.kind) == ("b.weight", "dtype")


def test_inspect_shows_them_and_names_constants_alone(tmp_path: Path) -> None:
    write(tmp_path)
    seen = {one.name: one for one in inspect_checkpoint(tmp_path)}
    assert seen.keys() == TENSORS.keys()
    assert seen["a.count"].looks_like == ("zeros()",)
    assert seen["a.mask"].looks_like == ("ones()",)
    ids = seen["int64.ids"]
    assert (ids.dtype, ids.min, ids.max, ids.looks_like) == ("int64", 0, 119, ())


def test_the_command_writes_those_of_a_checkpoint_that_the_recipe_gives(tmp_path: Path) -> None:
    ids = np.arange(120).reshape(1, 120)
    save_file({"w": np.ones(3, np.float32), "x.ids": ids, "y.other": ids}, tmp_path / "old")
    (tmp_path / "recipe.toml").write_text(fi.Recipe([("*.ids", IDS), ("*", fi.normal())]).to_toml())
    words = "checkpoint", tmp_path / "old", "-o", tmp_path / "new", "--recipe", tmp_path / "recipe.toml"
    assert main([*map(str, words), "--dtype", "float16"]) == 0
    arrays = stored(tmp_path / "new")
    assert {name: array.dtype.name for name, array in arrays.items()} == {"w": "float16", "x.ids": "int64"}
    assert np.array_equal(arrays["x.ids"], ids)
