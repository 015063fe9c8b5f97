"""What a tensor that differs from its draw looks like: damaged, another tensor, another seed, or another recipe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..recipes.lazy_tensor import LazyTensor
from ..sampling.destinations import Array
from ..verification.verify import verify

__all__ = ["Comparison", "Finding", "Suspects", "diagnose"]

PRINT = 64  # elements, from the middle of a tensor, by which it is known
LEAST = 4  # elements by which a tensor can be told from another
SAMPLE = 1 << 14  # elements whose distribution is looked at


@dataclass(frozen=True)
class Finding:
    """What differs; `kind` is elements, swapped, seed, recipe, dtype, empty, missing, files or version."""

    tensor: str | None
    kind: str
    sentence: str


@dataclass
class Comparison:
    """How many elements were looked at, how many of them differ, and which; telling: those that could tell."""

    looked: int = 0
    different: int = 0
    telling: int = 0  # not zero in both: zeros agree by chance
    first: int = 0
    last: int = 0
    ratios: list[Array] = field(default_factory=list)  # stored / drawn, of some elements

    def add(self, first: int, stored: Array, drawn: Array, different: Array) -> None:
        """Take a range of elements into account."""
        where = np.flatnonzero(different)
        self.looked += stored.size
        if not where.size:
            self.telling += int(np.count_nonzero(drawn))
            return
        self.telling += int(np.count_nonzero((stored != 0) | (drawn != 0)))
        if not self.different:
            self.first = first + int(where[0])
        self.different += where.size
        self.last = first + int(where[-1])
        if len(self.ratios) < 4:
            some = np.flatnonzero(drawn)[:PRINT]
            self.ratios.append(stored[some].astype(np.float64) / drawn[some].astype(np.float64))


class Suspects:
    """The tensors of a checkpoint, by some of their values: to find whose values another holds."""

    def __init__(self, drawn: dict[str, LazyTensor], different: set[str]) -> None:
        # What is made as a whole is suspected only where it differs itself, as swapped ones do.
        self.tensors = [t for t in drawn.values() if t.in_ranges or t.name in different]

    @cached_property
    def names(self) -> dict[bytes, str]:
        """Name of the tensor, by its print."""
        return {self._print(t): t.name for t in self.tensors if _is_random(t) and t.size >= LEAST}

    def _print(self, tensor: LazyTensor) -> bytes:
        first, last = _middle(tensor.size)
        if not tensor.in_ranges:
            return _bytes(tensor.whole().reshape(-1)[first:last])
        return _bytes(tensor.fill_(np.empty(last - first, tensor.dtype), first, 1))

    def holder(self, array: Array) -> str | None:
        """Return the name of the tensor whose values these are."""
        first, last = _middle(array.size)
        return self.names.get(_bytes(array.reshape(-1)[first:last]))


def _middle(size: int) -> tuple[int, int]:
    count = min(size, PRINT)
    return (size - count) // 2, (size - count) // 2 + count


def _bytes(values: Array) -> bytes:
    return bytes(values.dtype.name.encode() + values.tobytes())


def _is_random(tensor: LazyTensor) -> bool:
    return tensor.std > 0


def diagnose(array: Array, tensor: LazyTensor, found: Comparison, suspects: Suspects) -> Finding:
    """Say what a tensor that differs looks like."""
    name, scheme = tensor.name, tensor.rule.scheme
    could_tell = found.telling if _is_random(tensor) else found.looked
    if 2 * found.different <= could_tell:
        return Finding(name, "elements", f"{name}: {_elements(array, found)}")
    if (other := suspects.holder(array)) not in (None, name):
        return Finding(name, "swapped", f"{name} holds the values of {other}: swapped")
    sample = array.reshape(-1)[:: max(1, array.size // SAMPLE)].astype(np.float64)
    if _is_random(tensor) and array.size > 1 and np.ptp(sample) == 0:
        text = f"{name} is {sample[0]:g} in every element looked at: it was not written, or by another recipe"
        return Finding(name, "recipe", text)
    if (factor := _factor(found.ratios)) is not None:
        text = f"{name} is the draw of this seed and name times {factor:.6g}: another recipe, of another std"
        return Finding(name, "recipe", text)
    if tensor.is_random and all(verify(rows, own, sample=SAMPLE) for rows, own in tensor.in_pieces(array)):
        text = f"{name} is not the draw of seed {tensor.seed}, but looks like one of {scheme!r}: another seed or name"
        return Finding(name, "seed", text)
    stds = f"std {sample.std():.6g}, expected {tensor.std:.6g}"
    return Finding(name, "recipe", f"{name} does not look like a draw of {scheme!r} at all ({stds}): another recipe")


def _elements(array: Array, found: Comparison) -> str:
    first, last = (_index(k, array.shape) for k in (found.first, found.last))
    rest = f"the other {found.looked - found.different:,} looked at agree"
    if found.different == 1:
        return f"element {first} differs; {rest}"
    return f"{found.different:,} elements differ, from {first} to {last}; {rest}"


def _index(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(k) for k in np.unravel_index(place, shape))


def _factor(ratios: Iterable[Array]) -> float | None:
    """Return the factor that all the ratios are, within rounding to 16 bits; None if they are not one."""
    values = np.concatenate([*ratios, np.empty(0)])
    if values.size < LEAST or not np.isfinite(values).all():
        return None
    factor = float(np.median(values))
    return factor if factor and np.abs(values / factor - 1).max() < 2**-6 else None
