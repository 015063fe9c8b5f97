"""What a recipe did: one row for each tensor."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..sampling.destinations import Array
from ..sampling.floating_point import rounded_to_nearest
from ..schemes.fans import Fans
from ..schemes.scheme import Scheme
from .lazy_tensor import LazyTensor
from .text_table import text_table

__all__ = ["Report", "Row", "row_of", "scheme_text"]

# The standard deviation of a larger tensor is measured on so many blocks of so many elements, spread over it: two times
# in three within 0.6% of that of all. Single elements would each cost a line of the cache.
BLOCKS, BLOCK = 16, 1 << 10
SHOWN = 60  # rows that are printed
ARGUMENT = 24  # characters of an argument that is printed whole: a literal's data are longer


@dataclass(frozen=True)
class Row:
    """A tensor and how it was filled; fans are None where the scheme has none, measured_std where nothing is."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    scheme: Scheme
    fans: Fans | None
    expected_std: float
    measured_std: float | None
    parts: tuple[str, ...] = ()  # of a fused parameter, of which fans are None and std is the root of the mean variance


@dataclass(frozen=True)
class Report:
    """The rows of a model, in its order; prints as a table."""

    rows: tuple[Row, ...]

    @property
    def elements(self) -> int:
        """The number of all parameters."""
        return sum(int(np.prod(row.shape, dtype=np.int64)) for row in self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return plain dicts, for JSON."""
        return [{**asdict(row), "scheme": row.scheme.to_dict()} for row in self.rows]

    def __str__(self) -> str:
        heads = "name", "shape", "dtype", "scheme", "fans", "std", "measured"
        text = text_table([heads, *(_cells(row) for row in self.rows[:SHOWN])])
        if len(self.rows) > SHOWN:
            text.append(f"... and {len(self.rows) - SHOWN} more")
        return "\n".join([*text, f"{len(self.rows)} tensors, {self.elements:,} parameters"])


@rounded_to_nearest
def row_of(tensor: LazyTensor, array: Array) -> Row:
    """Return the row of a tensor, of which the array is all or a part: that is what is measured."""
    sample = _sample(array).astype(np.float64)
    measured = float(sample.std()) if sample.size and np.isfinite(sample).all() else None
    return Row(
        tensor.name,
        tensor.shape,
        tensor.dtype.name,
        tensor.rule.scheme,
        tensor.fans,
        tensor.std,
        measured,
        tuple(part.name for part in tensor.rule.checked_parts),
    )


def _sample(array: Array) -> Array:
    if array.size <= BLOCKS * BLOCK:
        return array.reshape(-1)
    flat: Any = array.reshape(-1) if array.flags.c_contiguous else array.flat
    starts = (k * (array.size - BLOCK) // (BLOCKS - 1) for k in range(BLOCKS))
    return np.concatenate([flat[start : start + BLOCK] for start in starts])


def _shown(argument: object) -> str:
    text = f"{argument:.6g}" if isinstance(argument, float) else str(argument)
    return text if len(text) <= ARGUMENT else f"{text[: ARGUMENT // 2]}..."


def scheme_text(scheme: Scheme) -> str:
    """Return a scheme as a table shows it: long arguments are cut.

    Examples
    --------
    >>> scheme_text(normal(std=0.02))
    'normal(0, 0.02)'
    """
    return f"{scheme.kind}({', '.join(map(_shown, scheme.arguments.values()))})"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        "x".join(map(str, row.shape)) or "scalar",
        row.dtype,
        scheme_text(row.scheme) + (f" in {len(row.parts)} parts" if row.parts else ""),
        "" if row.fans is None else f"{row.fans.fan_in}, {row.fans.fan_out}",
        f"{row.expected_std:.6f}",
        "" if row.measured_std is None else f"{row.measured_std:.6f}",
    )
