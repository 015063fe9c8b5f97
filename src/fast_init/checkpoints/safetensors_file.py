"""The format safetensors: the length of a header, the header as JSON with the place of each tensor, their bytes.

A header has at most 100,000,000 bytes, as in the safetensors library, and each of its shapes is what `limits.shape_of`
takes: at most 32 dimensions, and fewer than 2^63 bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..sampling.destinations import Array
from ..sampling.dtypes import dtype_named
from ..sampling.shown import shown
from .limits import LONGEST, parsed, shape_of

__all__ = ["CODES", "WHOLE", "Entry", "Header", "arrays_of", "encode_header", "lay_out", "read_header"]

SIZES = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 8),
    **dict.fromkeys(("F32", "I32", "U32"), 4),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 2),
    **dict.fromkeys(("I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 1),
}  # bytes of an element, by the format's name of its dtype
FLOATS = {"float32": "F32", "float16": "F16", "bfloat16": "BF16", "float64": "F64"}  # by NumPy's name, as all here
WHOLE = {f"{kind}{bits}": f"{kind[0].upper()}{bits}" for bits in (64, 32, 16, 8) for kind in ("int", "uint")}
WHOLE["bool"] = "BOOL"
CODES = {**FLOATS, **WHOLE}
METADATA = "__metadata__"


class Entry(NamedTuple):
    """A tensor in a file; begin and end are bytes, counted from the end of the header."""

    name: str
    code: str  # the format's name of its dtype
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Header:
    """What a file says of itself."""

    entries: tuple[Entry, ...]  # in the order of their bytes
    metadata: Mapping[str, str]
    start: int  # where the data begins, in bytes


def lay_out(tensors: Mapping[str, tuple[tuple[int, ...], str]]) -> tuple[Entry, ...]:
    """Place tensors, given as shape and code, one after the other: wide dtypes first, so that each is aligned."""
    entries, end = [], 0
    for name in sorted(tensors, key=lambda name: -SIZES[tensors[name][1]]):
        shape, code = tensors[name]
        begin, end = end, end + prod(shape) * SIZES[code]
        entries.append(Entry(name, code, shape, begin, end))
    return tuple(entries)


def encode_header(entries: tuple[Entry, ...], metadata: Mapping[str, str]) -> bytes:
    """Return the bytes that come before the data, a multiple of 8 of them."""
    record: dict[str, Any] = {METADATA: dict(metadata)}
    for name, code, shape, begin, end in entries:
        record[name] = {"dtype": code, "shape": shape, "data_offsets": (begin, end)}
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > LONGEST:
        raise ValueError(f"the header has {len(text)} bytes; readers take at most {LONGEST}: write smaller files")
    return len(text).to_bytes(8, "little") + text


def read_header(path: Path) -> Header:
    """Return the header of a file; ValueError, with the file's name, if anything in the file is not as it must be."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(size - 8, LONGEST):
            raise ValueError(
                f"{path} has {size} bytes and its header would have {length}; it is cut short or no safetensors file: "
                "fetch or write it again"
            )
        text = file.read(length)
    try:
        record = parsed(text.decode(), _without_twins)
        if not isinstance(record, dict):
            raise ValueError(f"its header is {shown(record)} and not an object of JSON")
        metadata = record.pop(METADATA, {})
        if not isinstance(metadata, dict) or not all(isinstance(word, str) for word in metadata.values()):
            raise ValueError(f"{METADATA} is not strings by name")
        entries = sorted((_entry(name, value) for name, value in record.items()), key=lambda entry: entry[3:])
        _check_places(entries, size - 8 - length)
    except ValueError as error:
        raise ValueError(f"{path} is no whole safetensors file: {error}; fetch or write it again") from None
    return Header(tuple(entries), metadata, 8 + length)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a name occurs twice in its header")
    return record


def _entry(name: str, value: Any) -> Entry:
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
        keys = sorted(value) if isinstance(value, dict) else value
        raise ValueError(f"tensor {shown(name)} has {shown(keys)} and not dtype, shape and data_offsets")
    code, offsets = value["dtype"], value["data_offsets"]
    if not isinstance(code, str) or code not in SIZES:
        raise ValueError(f"tensor {shown(name)} has the unknown dtype {shown(code)}")
    if not (isinstance(offsets, list) and [type(n) for n in offsets] == [int, int] and min(offsets) >= 0):
        raise ValueError(f"tensor {shown(name)} has data_offsets {shown(offsets)}, not two ints >= 0")
    try:
        shape = shape_of(value["shape"], SIZES[code])
    except ValueError as error:
        raise ValueError(f"tensor {shown(name)}: its {error}") from None
    begin, end = offsets
    if end - begin != prod(shape) * SIZES[code]:
        raise ValueError(f"tensor {shown(name)} of shape {list(shape)} and dtype {code} has {end - begin} bytes")
    return Entry(name, code, shape, begin, end)


def _check_places(entries: list[Entry], size: int) -> None:
    reached = 0
    for name, _, _, begin, end in entries:
        if begin != reached:
            raise ValueError(f"tensor {shown(name)} begins at byte {begin} and the one before it ends at {reached}")
        reached = end
    if reached != size:
        raise ValueError(f"its tensors have {reached} bytes and {size} follow the header")


def arrays_of(path: Path, header: Header) -> dict[str, Array]:
    """Return the tensors of floats and of whole numbers in a file as read-only arrays on a memory map."""
    names = {code: name for name, code in CODES.items()}
    data: Array = np.memmap(path, np.uint8, mode="r")[header.start :].view(np.ndarray)
    return {
        entry.name: data[entry.begin : entry.end].view(dtype_named(names[entry.code])).reshape(entry.shape)
        for entry in header.entries
        if entry.code in names
    }
