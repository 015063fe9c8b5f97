"""The format: what is written the library reads, and every file that is not whole is refused by a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from fast_init.checkpoints.safetensors_file import Entry, arrays_of, encode_header, lay_out, read_header

A, B = (
    {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
    {"dtype": "F16", "shape": [], "data_offsets": [24, 26]},
)


def write(path: Path, header: Any, data: bytes = bytes(26)) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def test_wide_dtypes_come_first_and_the_data_is_aligned() -> None:
    entries = lay_out({"a": ((3,), "BF16"), "b": ((2, 2), "F32"), "c": ((), "F16"), "d": ((0, 5), "F32")})
    assert entries == (
        Entry("b", "F32", (2, 2), 0, 16),
        Entry("d", "F32", (0, 5), 16, 16),
        Entry("a", "BF16", (3,), 16, 22),
        Entry("c", "F16", (), 22, 24),
    )
    for k in range(9):
        header = encode_header(entries, {"k": "x" * k})
        assert len(header) % 8 == 0
        assert int.from_bytes(header[:8], "little") == len(header) - 8


def test_the_library_reads_what_is_written(tmp_path: Path) -> None:
    entries = lay_out({"a": ((2, 3), "F32"), "ü": ((4,), "F16")})
    values = np.arange(6, dtype=np.float32), np.arange(4, dtype=np.float16)
    path = tmp_path / "x"
    path.write_bytes(encode_header(entries, {"who": "me"}) + values[0].tobytes() + values[1].tobytes())
    with safe_open(path, "np") as file:
        assert file.metadata() == {"who": "me"}
        assert np.array_equal(file.get_tensor("a"), values[0].reshape(2, 3))
        assert np.array_equal(file.get_tensor("ü"), values[1])


def test_what_the_library_writes_is_read(tmp_path: Path) -> None:
    tensors: dict[str, Any] = {
        "w": np.arange(6, dtype=np.float32).reshape(2, 3),
        "h": np.arange(3, dtype=np.float16),
        "b": np.arange(3).astype(ml_dtypes.bfloat16),
        "k": np.arange(3),
        "t": np.array([True, False]),
        "z": np.zeros(2, np.complex64),
    }
    save_file(tensors, tmp_path / "x", {"a": "b"})
    header = read_header(tmp_path / "x")
    assert header.metadata == {"a": "b"}
    assert {e.name: (e.code, e.shape) for e in header.entries} == {
        "w": ("F32", (2, 3)),
        "h": ("F16", (3,)),
        "b": ("BF16", (3,)),
        "k": ("I64", (3,)),
        "t": ("BOOL", (2,)),
        "z": ("C64", (2,)),
    }
    arrays = arrays_of(tmp_path / "x", header)
    assert set(arrays) == {"w", "h", "b", "k", "t"}
    for name, array in arrays.items():
        assert array.dtype == tensors[name].dtype
        assert np.array_equal(array, tensors[name])
        assert not array.flags.writeable


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"a": A}, "its tensors have 24 bytes and 26 follow"),
        ({"a": A, "b": {**B, "data_offsets": [20, 22]}}, "'b' begins at byte 20 and the one before it ends at 24"),
        ({"a": A, "b": {**B, "data_offsets": [25, 27]}}, "'b' begins at byte 25"),
        ({"a": A, "b": {**B, "data_offsets": [24, 28]}}, r"'b' of shape \[\] and dtype F16 has 4 bytes"),
        ({"a": A, "b": {**B, "dtype": "F128"}}, "'b' has the unknown dtype 'F128'"),
        ({"a": {**A, "shape": [-2, -3]}, "b": B}, r"shape is \[-2, -3\]; it must be"),
        ({"a": {**A, "shape": [2.0, 3]}, "b": B}, r"shape is \[2.0, 3\]; it must be"),
        ({"a": {"dtype": "F32"}, "b": B}, r"'a' has \['dtype'\] and not"),
        ({"a": A, "b": B, "__metadata__": {"k": 1}}, "__metadata__ is not strings by name"),
        ({"a": {**A, "data_offsets": [0, "24"]}, "b": B}, r"data_offsets \[0, '24'\], not two ints >= 0"),
        ({"a": {**A, "data_offsets": 24}, "b": B}, "data_offsets 24, not two ints >= 0"),
        ({"a": {**A, "dtype": []}, "b": B}, r"'a' has the unknown dtype \[\]"),
        ({"a": A, "b": B, "__metadata__": 3}, "__metadata__ is not strings by name"),
        ({"a": A, "b": 3}, "'b' has 3 and not dtype, shape and data_offsets"),
        ([1, 2], r"its header is \[1, 2\] and not an object of JSON"),
        (b'{"a": 1, "a": 2}', "a name occurs twice"),
        (b"\xff\xfe", "is no whole safetensors file"),
        (b"{" * 5000, "is no whole safetensors file"),
    ],
)
def test_bad_headers(tmp_path: Path, header: Any, reason: str) -> None:
    path = write(tmp_path / "bad.safetensors", header)
    with pytest.raises(ValueError, match=reason) as error:
        read_header(path)
    assert "bad.safetensors" in str(error.value)
    assert "fetch or write it again" in str(error.value)
    with pytest.raises(SafetensorError), safe_open(path, "np"):
        pass


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x", {"a": A, "b": B})
    read_header(path)
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(ValueError, match=r"cut short|no whole safetensors file"):
            read_header(path)
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(ValueError, match="cut short or no safetensors file"):
        read_header(path)
