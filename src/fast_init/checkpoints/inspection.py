"""What is in a checkpoint: of each tensor its moments, its histogram, and the schemes it looks like a draw of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from ..recipes.whole_numbers import is_whole
from ..sampling.destinations import Array
from ..verification.guess import looks_like
from .reading import read_checkpoint

__all__ = ["TensorSummary", "inspect_array", "inspect_checkpoint"]

SAMPLE = 1 << 20  # elements of a tensor that are looked at, spread over it
BINS = 24
SMALLEST = 1e-100  # of a tensor's largest magnitude, and 1 / SMALLEST its greatest: schemes are guessed by squares
BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class TensorSummary:
    """A tensor's figures, of `looked` of its elements; histogram counts are over BINS equal steps from min to max."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    looked: int
    mean: float
    std: float
    min: float
    max: float
    not_finite: int
    histogram: tuple[int, ...]
    looks_like: tuple[str, ...]  # names of schemes, the most specific first; of whole numbers only constants

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict, for JSON."""
        return asdict(self)

    @property
    def sparkline(self) -> str:
        """The histogram in one line of text."""
        top = max(self.histogram, default=0)
        return "".join(BARS[ceil(n * (len(BARS) - 1) / top)] for n in self.histogram) if top else ""


def inspect_checkpoint(path: str | Path) -> Iterator[TensorSummary]:
    """Look at every tensor of floats or whole numbers in a file, an index or a directory.

    Raises what `read_checkpoint` does.
    """
    for name, array in read_checkpoint(Path(path)).arrays().items():
        yield inspect_array(name, array)


def inspect_array(name: str, array: Array) -> TensorSummary:
    """Look at one tensor.

    Examples
    --------
    >>> w = he_normal_(np.empty((300, 700), np.float32), seed=1)
    >>> inspect_array("w", w).looks_like
    ('he_normal()',)
    """
    values = array.reshape(-1)[:: ceil(array.size / SAMPLE) or 1].astype(np.float64)
    sane = values[np.isfinite(values)]
    top = float(np.abs(sane).max(initial=0.0))
    unit = sane / (top or 1.0)  # whose squares neither overflow nor vanish
    mean, std = (float(f(unit)) * top if top else 0.0 for f in (np.mean, np.std))
    least, largest = (float(f(sane)) if sane.size else 0.0 for f in (np.min, np.max))
    known = sane.size == values.size > 0 and (top == 0 or SMALLEST < top < 1 / SMALLEST)
    known &= not is_whole(array.dtype) or least == largest
    return TensorSummary(
        name,
        array.shape,
        array.dtype.name,
        values.size,
        mean,
        std,
        least,
        largest,
        values.size - sane.size,
        _histogram(unit),
        tuple(looks_like(array, values)) if known else (),
    )


def _histogram(unit: Array) -> tuple[int, ...]:
    """Return the counts, none where all values are one; of values in [-1, 1]."""
    step = float(np.ptp(unit)) if unit.size else 0.0
    if not step:
        return ()
    counts = np.histogram((unit - unit.min()) / step, BINS, (0.0, 1.0))[0]
    return tuple(int(n) for n in counts)
