"""Which files a checkpoint has, and every byte of them but the values: a function of the tensors alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from ..sampling.numbers import int_of
from ..sampling.shards import Shape
from ..sampling.shown import shown
from .limits import LARGEST, shape_of
from .safetensors_file import CODES, METADATA, SIZES, WHOLE, Entry, encode_header, lay_out

__all__ = ["CONFIG", "DTYPES", "INDEX", "CheckpointPlan", "File", "Tensors", "bytes_of", "checked", "plan_of"]

DTYPES = ("float32", "float16", "bfloat16")  # of floats
SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
CONFIG = "config.json"  # of the model, beside its weights
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}

Tensors = Mapping[str, tuple[tuple[int, ...], str]]  # shape and name of the dtype, by the tensor's name


@dataclass(frozen=True)
class File:
    """A file of a checkpoint: its header, the places of its tensors after it, and its size in bytes."""

    name: str
    metadata: Mapping[str, str]
    header: bytes
    entries: tuple[Entry, ...]
    size: int


@dataclass(frozen=True)
class CheckpointPlan:
    """The files of a checkpoint, and its index, None where there is but one file."""

    files: tuple[File, ...]
    index: bytes | None


def checked(tensors: Mapping[str, tuple[Shape, object]], dtype: str | None) -> Tensors:
    """Return shapes as ints and dtypes by name; `dtype`, where given, is that of all floats.

    ValueError for dtypes other than DTYPES and those of WHOLE, and shapes other than `shape_of` takes.
    """
    found = {}
    floats = None if dtype is None else _dtype_name(dtype, DTYPES)
    given: Mapping[Any, Any] = tensors
    for name, value in given.items():
        if not isinstance(name, str) or name == METADATA:
            named = f"a tensor is named {shown(name)}"
            raise ValueError(f"{named}; safetensors needs a str other than {METADATA}: rename it")
        try:
            shape, own = value
            kind = floats if floats and _name_of(own) not in [*WHOLE] else _dtype_name(own, (*DTYPES, *WHOLE))
            found[name] = _shape(shape, kind), kind
        except (TypeError, ValueError) as error:
            given_as = f"tensor {shown(name)} is given as {shown(value)}"
            raise ValueError(f"{given_as}; that is no shape and dtype: {error}") from None
    if not found:
        raise ValueError("there are no tensors; a checkpoint has at least one: pass a shape and a dtype by name")
    return found


def _shape(shape: Any, dtype: str) -> tuple[int, ...]:
    try:
        return shape_of(shape, SIZES[CODES[dtype]])
    except ValueError as error:
        raise ValueError(f"{error}: pass such as (3, 4)") from None


def _dtype_name(dtype: object, names: Sequence[str]) -> str:
    """Return the name of a dtype, which must be one of these."""
    name = _name_of(dtype)
    if name not in names:
        raise ValueError(f"dtype is {shown(name)}; it must be one of {', '.join(names)}: pass one of these")
    return str(name)


def _name_of(dtype: object) -> Any:
    """Return the name of a dtype or of its name; a NumPy type such as np.float32 has one too."""
    return getattr(dtype, "name", getattr(dtype, "__name__", dtype))


def bytes_of(size: int | str) -> int:
    """Return a size in bytes, > 0 and < 2^63: an int, or a str of at most 25 characters such as 5GB (10^9) or 5GiB."""
    count = int_of(size)
    if isinstance(size, str) and len(size) <= 25:
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", size, re.IGNORECASE)
        if match and match[2].upper() in UNITS:
            count = int(float(match[1]) * UNITS[match[2].upper()])
    if count is not None and 0 < count < LARGEST:
        return count
    raise ValueError(
        f"max_shard_size is {shown(size)}; it must be a number of bytes > 0 and < 2**63, in at most 25 characters: "
        "pass such as '5GB' or 500000000"
    )


def plan_of(tensors: Tensors, metadata: Mapping[str, str], max_shard_size: int | str) -> CheckpointPlan:
    """Fill files with tensors in their order, as Hugging Face does: a new file where one would grow too large."""
    limit, room = bytes_of(max_shard_size), 0
    shards: list[dict[str, tuple[tuple[int, ...], str]]] = [{}]
    for name, (shape, dtype) in tensors.items():
        size = prod(shape) * SIZES[CODES[dtype]]
        if shards[-1] and size > room:
            shards.append({})
        room = (room if shards[-1] else limit) - size
        shards[-1][name] = shape, CODES[dtype]
    if len(shards) == 1:
        return CheckpointPlan((_file(SINGLE, shards[0], metadata),), None)
    files = tuple(
        _file(f"model-{k:05}-of-{len(shards):05}.safetensors", shard, metadata) for k, shard in enumerate(shards, 1)
    )
    return CheckpointPlan(files, _index(files))


def _file(name: str, tensors: Tensors, metadata: Mapping[str, str]) -> File:
    entries = lay_out(tensors)
    header = encode_header(entries, metadata)
    size = len(header) + entries[-1].end
    if size >= LARGEST:
        raise ValueError(f"{name} would have {size} bytes; a file has fewer than 2**63: pass smaller shapes")
    return File(name, metadata, header, entries, size)


def _index(files: tuple[File, ...]) -> bytes:
    places = {entry.name: file.name for file in files for entry in file.entries}
    total = sum(file.entries[-1].end for file in files)
    return (json.dumps({"metadata": {"total_size": total}, "weight_map": places}, indent=2) + "\n").encode()
