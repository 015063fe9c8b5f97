"""A checkpoint as it is on the disk: a file of safetensors, an index with its files, or a directory of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from ..sampling.destinations import Array
from ..sampling.shown import shown
from .limits import LONGEST, parsed
from .plan import INDEX, SINGLE
from .safetensors_file import CODES, Header, arrays_of, read_header
from .temporaries import TEMPORARY

__all__ = ["MEMBER", "CheckpointFiles", "is_safetensors", "read_checkpoint", "read_incomplete", "read_json"]

MEMBER = re.compile(r"(.+)-([0-9]{1,9})-of-([0-9]{1,9})\.safetensors", re.DOTALL)  # the K-th of N files


@dataclass(frozen=True)
class CheckpointFiles:
    """The files of a checkpoint with their headers."""

    path: Path
    headers: dict[Path, Header]
    total_size: object = None  # what the index says of it, None if nothing

    def without_values(self) -> dict[str, str]:
        """Return the format's dtype of each tensor that is of no dtype that can be filled, by name."""
        entries = (entry for header in self.headers.values() for entry in header.entries)
        return {entry.name: entry.code for entry in entries if entry.code not in CODES.values()}

    def arrays(self) -> dict[str, Array]:
        """Return the tensors of floats and of whole numbers, on memory maps."""
        return {name: array for path, header in self.headers.items() for name, array in arrays_of(path, header).items()}


def read_checkpoint(path: Path) -> CheckpointFiles:
    """Return the headers of a checkpoint; FileNotFoundError or ValueError, in a sentence, if it is not whole."""
    place = path
    if path.is_dir():
        place = next((path / name for name in (INDEX, SINGLE) if (path / name).exists()), path)
        if place == path:
            unfinished = any(path.glob(f"*{TEMPORARY}")) or any(path.glob("model-*.safetensors"))
            fix = "finish it with --resume" if unfinished else "pass the directory of one"
            raise FileNotFoundError(f"{path} holds no complete checkpoint, neither {SINGLE} nor {INDEX}: {fix}")
    if is_safetensors(place):
        return CheckpointFiles(path, {place: read_header(place)})
    index = read_json(place)
    if not isinstance(index, dict) or not isinstance(index.get("weight_map"), dict):
        raise ValueError(f"{place} is neither safetensors nor their index: pass such a file or a directory of them")
    metadata = index.get("metadata")
    total_size = metadata.get("total_size") if isinstance(metadata, dict) else None
    return _indexed(path, place, index["weight_map"], total_size)


def read_incomplete(path: Path) -> CheckpointFiles:
    """Do what `read_checkpoint` does, but take also a directory of some of its files without their index."""
    if path.is_dir() and not any((path / name).exists() for name in (INDEX, SINGLE)):
        members = sorted(file for file in path.iterdir() if MEMBER.fullmatch(file.name))
        if members:
            return CheckpointFiles(path, {file: read_header(file) for file in members})
    return read_checkpoint(path)


def _indexed(path: Path, index: Path, places: dict[str, Any], total_size: object) -> CheckpointFiles:
    if not places:
        raise ValueError(f"{index} names no tensors in its weight_map: fetch or write it again")
    headers = {index.parent / name: _member(index, name) for name in dict.fromkeys(_names(index, places))}
    found: dict[str, Path] = {}
    for file, header in headers.items():
        for entry in header.entries:
            if found.setdefault(entry.name, file) != file:
                twin = f"{file} holds tensor {shown(entry.name)}, as does {found[entry.name]}"
                raise ValueError(f"{twin}: fetch or write them again")
    for name, place in places.items():
        if found.pop(name, None) != index.parent / place:
            raise ValueError(f"{index} places tensor {shown(name)} in {place}, which does not hold it: write it again")
    if found:
        name = next(iter(found))
        raise ValueError(f"{found[name]} holds tensor {shown(name)}, which {index} does not name: write it again")
    return CheckpointFiles(path, headers, total_size)


def _names(index: Path, places: dict[str, Any]) -> Iterator[str]:
    """Return the names of files in an index, each of which must be of a file in its directory or below."""
    for tensor, name in places.items():
        below = isinstance(name, str) and name and not PurePath(name).is_absolute() and ".." not in PurePath(name).parts
        if not below:
            raise ValueError(
                f"{index} places tensor {shown(tensor)} in {shown(name)}; it must be the name of a file in the "
                "directory of the index: correct it there"
            )
        yield name


def _member(index: Path, name: str) -> Header:
    try:
        there = (index.parent / name).is_file()
    except (OSError, ValueError):  # no name that a file can have
        there = False
    if not there:
        raise FileNotFoundError(f"{index} names {name:.120}, which is not there: fetch or write it again")
    return read_header(index.parent / name)


def is_safetensors(path: Path) -> bool:
    """Whether a file begins like safetensors: the length of a header is binary, JSON is text."""
    with path.open("rb") as file:
        start = file.read(8)
    return not start or 0 in start


def read_json(path: Path) -> Any:
    """Return what a JSON file of at most 100,000,000 bytes holds; ValueError, with its name, for what is none."""
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise ValueError(f"it has more than {LONGEST:,} bytes")
        return parsed(text.decode())
    except ValueError as error:
        raise ValueError(f"{path} is no JSON: {error}; correct it there") from None
