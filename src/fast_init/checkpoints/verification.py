"""Does a checkpoint hold what its seed and recipe say: elements are drawn again and compared."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..recipes.lazy_tensor import LazyTensor
from ..recipes.printable import printable
from ..recipes.progress import Track, tracked
from ..recipes.recipe import Recipe
from ..recipes.whole_numbers import gives, is_whole, tensor_of
from ..sampling.destinations import Array
from ..sampling.shown import shown
from ..sampling.streams import key_of
from .diagnosis import Comparison, Finding, Suspects, diagnose
from .file_findings import findings_of_files
from .reading import CheckpointFiles, read_incomplete
from .safetensors_file import CODES

__all__ = ["CheckpointVerdict", "ranges_looked_at", "verify_checkpoint"]

BLOCK = 1 << 12  # elements that are compared at a time, of a sample
BLOCKS = 16  # of a tensor, spread over it
SLAB = 1 << 20  # elements that are compared at a time, of a whole tensor
SHOWN = 20  # findings that are printed


@dataclass(frozen=True)
class CheckpointVerdict:
    """What `verify_checkpoint` found; true if nothing differs."""

    path: str
    seed: int
    tensors: int
    elements: int  # that were looked at
    size: int  # elements of all the tensors
    findings: tuple[Finding, ...]
    summary: str
    uncovered: tuple[str, ...] = ()  # tensors that are no floats and have no rule in the recipe that is given

    def __bool__(self) -> bool:
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict, for JSON."""
        return {"ok": bool(self), **asdict(self)}

    def __str__(self) -> str:
        lines = [f"{'yes' if self else 'NO'}: {self.path} {self.summary}"]
        lines += [f"  of {self.size:,} elements in {self.tensors} tensors {self.elements:,} were looked at"]
        if self.uncovered:
            names = ", ".join(self.uncovered[:SHOWN]) + (", ..." if len(self.uncovered) > SHOWN else "")
            lines.append(f"  not covered by the recipe, and so not looked at: {names}")
        lines += [f"  {finding.sentence}" for finding in self.findings[:SHOWN]]
        if len(self.findings) > SHOWN:
            lines.append(f"  ... and {len(self.findings) - SHOWN} more")
        return "\n".join(map(printable, lines))


def verify_checkpoint(
    path: str | Path,
    *,
    seed: int | None = None,
    recipe: Recipe | None = None,
    every: bool = False,
    threads: int | None = None,
    progress: bool | Track = False,
) -> CheckpointVerdict:
    """Draw elements of every tensor again and say which differ, and what that looks like.

    Parameters
    ----------
    path
        A file of safetensors, an index of them, or a directory of one of them, or of files whose index is missing.
    seed, recipe
        None for those that the checkpoint's header keeps.
    every
        Look at every element, not at 65,536 of each tensor.
    threads, progress
        As in `Recipe.init_`.

    Returns
    -------
    CheckpointVerdict
        True if nothing differs; else its findings say, of each tensor, whether single elements are damaged, it holds
        the values of another tensor, or is the draw of another seed or of another recipe. Files that are missing by
        the names or the index of the others are findings. So is a tensor that is no float and that the recipe does
        not make. Only where a recipe is given, and has no rule for it, it is listed as not covered.

    Raises
    ------
    ValueError, FileNotFoundError
        A file is not whole, a tensor of floats has no rule, or no seed or recipe is in the header and none is given.
    """
    stored = read_incomplete(Path(path))
    metadata = dict(next(iter(stored.headers.values())).metadata)
    key = _own_seed(stored, metadata) if seed is None else key_of(seed)
    wanted = _own_recipe(stored, metadata) if recipe is None else recipe
    with _naming(stored.path):
        arrays, skipped = _divided(stored, wanted)
        rules = wanted.rules_for(arrays)
        drawn = {name: tensor_of(name, array.shape, array.dtype, rules[name], key) for name, array in arrays.items()}
        for tensor in drawn.values():
            tensor.check()
    comparisons = _compare(arrays, drawn, every, threads, progress)
    suspects = Suspects(drawn, {name for name, found in comparisons.items() if found.different})
    uncovered = () if recipe is None else tuple(name for name in skipped if not _covers(recipe, name))
    findings = [*findings_of_files(stored, metadata), *_of_what_is_skipped(skipped, uncovered, arrays)]
    findings += [diagnose(arrays[n], drawn[n], found, suspects) for n, found in comparisons.items() if found.different]
    looked, size = sum(found.looked for found in comparisons.values()), sum(array.size for array in arrays.values())
    summary = _summary(findings, comparisons, drawn, key, metadata.get("seed"))
    return CheckpointVerdict(str(path), key, len(arrays), looked, size, tuple(findings), summary, uncovered)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Begin what is raised with the path, of whose tensors or header it speaks."""
    try:
        yield
    except (RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None


def _own_seed(stored: CheckpointFiles, metadata: dict[str, str]) -> int:
    text = metadata.get("seed", "")
    if not re.fullmatch(r"[0-9]{1,20}", text):
        given = f"keeps the seed {shown(text)}" if text else "keeps no seed"
        raise ValueError(f"{stored.path} {given} in its header; what it was drawn with is unknown: pass the seed")
    with _naming(stored.path):
        return key_of(int(text))


def _own_recipe(stored: CheckpointFiles, metadata: dict[str, str]) -> Recipe:
    if "recipe" not in metadata:
        raise ValueError(f"{stored.path} keeps no recipe in its header; how it was drawn is unknown: pass the recipe")
    with _naming(stored.path):
        return Recipe.loads(metadata["recipe"])


def _divided(stored: CheckpointFiles, recipe: Recipe) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the tensors to look at, and the dtype's code of those that are no floats and that no rule makes."""
    arrays, skipped = stored.arrays(), stored.without_values()
    whole = {name: array for name, array in arrays.items() if is_whole(array.dtype)}
    for name, array in whole.items():
        if not gives(recipe, name, array.shape, array.dtype):
            skipped[name] = CODES[arrays.pop(name).dtype.name]
    return arrays, skipped


def _covers(recipe: Recipe, name: str) -> bool:
    try:
        recipe.rule_for(name)
    except ValueError:
        return False
    return True


def _of_what_is_skipped(
    skipped: dict[str, str], uncovered: Container[str], arrays: dict[str, Array]
) -> Iterator[Finding]:
    """Find tensors that a recipe does not make, though it has a rule for them, and checkpoints of nothing."""
    for name, code in skipped.items():
        if name not in uncovered:
            sentence = f"{name} is of dtype {code} in its header, which its recipe does not make: it was not looked at"
            yield Finding(name, "dtype", sentence)
    if not arrays:
        yield Finding(None, "empty", "it holds no tensors that a recipe draws")


def _compare(
    arrays: dict[str, Array], drawn: dict[str, LazyTensor], every: bool, threads: int | None, progress: bool | Track
) -> dict[str, Comparison]:
    total, done, found = sum(array.nbytes for array in arrays.values()), 0, {}
    with tracked(progress) as track:
        for name, array in arrays.items():
            found[name] = _compare_one(array.reshape(-1), drawn[name], every, threads)
            done += array.nbytes
            track(done, total)
    return found


def _compare_one(flat: Array, tensor: LazyTensor, every: bool, threads: int | None) -> Comparison:
    whole = None if tensor.in_ranges else tensor.whole(threads).reshape(-1)
    found = Comparison()
    for first, last in ranges_looked_at(flat.size, every):
        part = flat[first:last]
        buffer = np.empty(last - first, flat.dtype)
        redrawn = tensor.fill_(buffer, first, threads) if whole is None else whole[first:last]
        found.add(first, part, redrawn, _different(part, redrawn))
    most_differ = found.different > flat.size // 100
    if whole is not None and most_differ and tensor.same(flat, whole).all():
        return Comparison(found.looked)  # another LAPACK, which rounds most elements otherwise
    return found


def _different(a: Array, b: Array) -> Array:
    return np.asarray(a.view(f"u{a.itemsize}") != b.view(f"u{b.itemsize}"))


def ranges_looked_at(size: int, every: bool) -> Iterator[tuple[int, int]]:
    """Return first and last index, the last excluded, of the elements to look at."""
    if every or size <= BLOCK * BLOCKS:
        yield from ((first, min(first + SLAB, size)) for first in range(0, size, SLAB))
        return
    for k in range(BLOCKS):
        first = k * (size - BLOCK) // (BLOCKS - 1)
        yield first, first + BLOCK


def _summary(
    findings: list[Finding],
    comparisons: dict[str, Comparison],
    drawn: dict[str, LazyTensor],
    seed: int,
    own: str | None,
) -> str:
    """Say of the checkpoint what most of its findings come to."""
    if not findings:
        return f"is the draw of its recipe with seed {seed}"
    if all(finding.kind in ("dtype", "empty", "missing") for finding in findings):
        return f"is the draw of its recipe with seed {seed} as far as it was looked at"
    random = {name for name in comparisons if drawn[name].is_random}
    kinds = {finding.tensor: finding.kind for finding in findings if finding.tensor is not None}
    header = f"; its header says seed {own}" if own not in (None, str(seed)) else ""
    if random and all(kinds.get(name) == "seed" for name in random):
        return f"looks like the draw of another seed than {seed}{header}"
    if kinds and all(kind == "recipe" for kind in kinds.values()):
        return f"looks like the draw of another recipe{header}"
    return f"differs from the draw of its recipe with seed {seed} in {len(kinds)} of {len(comparisons)} tensors{header}"
