"""What the names and headers of a checkpoint's files say against it, before a tensor is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..sampling.shown import shown
from ..sampling.streams import STREAM_VERSION
from .diagnosis import Finding
from .plan import INDEX, SINGLE
from .reading import MEMBER, CheckpointFiles

__all__ = ["findings_of_files"]


def findings_of_files(stored: CheckpointFiles, metadata: Mapping[str, str]) -> Iterator[Finding]:
    """Find files that are missing, that do not belong together, or that are of another version."""
    yield from _of_names(stored)
    yield from _of_total_size(stored)
    for file, header in stored.headers.items():
        version = header.metadata.get("stream_version", str(STREAM_VERSION))
        if version != str(STREAM_VERSION):
            text = f"{file.name} was drawn with stream version {version:.20}, and this is {STREAM_VERSION}"
            yield Finding(None, "version", f"{text}: its bits are others")
        for key in ("seed", "recipe"):
            if header.metadata.get(key) != metadata.get(key):
                yield Finding(None, "files", f"{file.name} has another {key} in its header than the first file")


def _of_names(stored: CheckpointFiles) -> Iterator[Finding]:
    """Find members, by name the K-th of N files, of which others are missing; one that is asked for alone is whole."""
    if stored.path in stored.headers:
        return
    if stored.path.is_dir() and not any((stored.path / name).exists() for name in (INDEX, SINGLE)):
        yield Finding(None, "missing", f"{INDEX} is missing: the checkpoint is not complete, resume its writing")
    groups: dict[tuple[Path, str, str], dict[int, str]] = {}
    for file in stored.headers:
        if match := MEMBER.fullmatch(file.name):
            groups.setdefault((file.parent, match[1], match[3]), {})[int(match[2])] = match[2]
    for (_, stem, count), members in groups.items():
        first = min(1, *members)  # some count from 0
        absent = int(count) - len(members)
        if absent > 0:
            k = next(k for k in range(first, first + int(count)) if k not in members)
            name = f"{stem}-{k:0{len(next(iter(members.values())))}}-of-{count}.safetensors"
            are = f"and {absent - 1} more of its {int(count)} files are" if absent > 1 else "is"
            yield Finding(None, "missing", f"{name} {are} missing: the names of the others count them")


def _of_total_size(stored: CheckpointFiles) -> Iterator[Finding]:
    """Find that an index says how many bytes its tensors have, and they have another number: a file is not named."""
    found = sum(entry.end - entry.begin for header in stored.headers.values() for entry in header.entries)
    if stored.total_size is not None and stored.total_size != found:
        text = f"the index says that its tensors have {shown(stored.total_size)} bytes, and those of the files it names"
        yield Finding(None, "missing", f"{text} have {found}: a file is missing in it, or it counts otherwise")
