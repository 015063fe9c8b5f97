"""Tables in plain text."""

from __future__ import annotations

from collections.abc import Sequence

from .printable import printable

__all__ = ["text_table"]

CELL = 200  # characters: one name may not make every line as long as itself


def text_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each row, its cells left-aligned, two blanks between columns; rows are of one length.

    Cells are shown as `printable` says, cut to CELL characters.

    Examples
    --------
    >>> text_table([("name", "shape"), ("head.weight", "4x16")])
    ['name         shape', 'head.weight  4x16']
    """
    shown = [[printable(cell, CELL) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown]
