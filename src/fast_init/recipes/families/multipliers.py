"""What belongs to an initialisation and is no weight: factors in the forward pass and in the optimiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..arithmetic import value_of
from ..text_table import text_table

__all__ = ["Multiplier", "Multipliers", "multipliers_of"]


class Multiplier(NamedTuple):
    """A factor: of what, of which kind (``forward``, ``learning rate``, ...), its formula and its value."""

    what: str
    kind: str
    formula: str
    value: float


@dataclass(frozen=True)
class Multipliers:
    """A table of factors; prints as one. What it does not list is 1."""

    rows: tuple[Multiplier, ...]

    def __getitem__(self, key: tuple[str, str]) -> float:
        """Return the value for what and a kind, as in ``table["hidden", "learning rate"]``; KeyError if not listed."""
        return {(row.what, row.kind): row.value for row in self.rows}[key]

    def __str__(self) -> str:
        cells = [(row.what, row.kind, row.formula, f"{row.value:.6g}") for row in self.rows]
        return "\n".join(text_table([Multiplier._fields, *cells]))


def multipliers_of(rows: Sequence[tuple[str, str, str]], sizes: Mapping[str, float]) -> Multipliers:
    """Return the table of formulas of these sizes."""
    return Multipliers(tuple(Multiplier(*row, value_of(row[2], sizes)) for row in rows))
