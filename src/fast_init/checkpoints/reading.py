"""A checkpoint as it is on the disk: a file of safetensors, an index with its files, or a directory of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..sampling.destinations import Array
from .plan import INDEX, SINGLE
from .safetensors_file import CODES, Header, arrays_of, read_header
from .temporaries import TEMPORARY

__all__ = ["CheckpointFiles", "is_safetensors", "read_checkpoint", "read_json"]


@dataclass(frozen=True)
class CheckpointFiles:
    """The files of a checkpoint with their headers."""

    path: Path
    headers: dict[Path, Header]

    def without_values(self) -> dict[str, str]:
        """Return the format's dtype of each tensor that is no float of a dtype that can be drawn, by name."""
        entries = (entry for header in self.headers.values() for entry in header.entries)
        return {entry.name: entry.code for entry in entries if entry.code not in CODES.values()}

    def arrays(self) -> dict[str, Array]:
        """Return the tensors of floats, on memory maps."""
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
    files = _indexed(path, place, index["weight_map"])
    _check_total_size(place, index.get("metadata"), files)
    return files


def _indexed(path: Path, index: Path, places: dict[str, str]) -> CheckpointFiles:
    headers: dict[Path, Header] = {}
    for name in dict.fromkeys(places.values()):
        file = index.parent / str(name)
        if not file.is_file():
            raise FileNotFoundError(f"{index} names {name}, which is not there: fetch or write it again")
        headers[file] = read_header(file)
    found = {entry.name: file.name for file, header in headers.items() for entry in header.entries}
    for name, place in places.items():
        if found.pop(name, None) != place:
            raise ValueError(f"{index} places tensor {name!r} in {place}, which does not hold it: write it again")
    if found:
        name = next(iter(found))
        raise ValueError(f"{found[name]} holds tensor {name!r}, which {index} does not name: write it again")
    return CheckpointFiles(path, headers)


def _check_total_size(index: Path, metadata: Any, files: CheckpointFiles) -> None:
    """Raise if an index says how many bytes its tensors have, and they have another number: a file is not named."""
    said = metadata.get("total_size") if isinstance(metadata, dict) else None
    found = sum(entry.end - entry.begin for header in files.headers.values() for entry in header.entries)
    if said is not None and said != found:
        raise ValueError(
            f"{index} says that its tensors have {said} bytes, and those of the files it names have {found}; a file is "
            "missing in it: fetch or write it again"
        )


def is_safetensors(path: Path) -> bool:
    """Whether a file begins like safetensors: the length of a header is binary, JSON is text."""
    with path.open("rb") as file:
        start = file.read(8)
    return not start or 0 in start


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; ValueError, with its name, for what is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no JSON: {error}; correct it there") from None
