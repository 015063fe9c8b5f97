"""Tables in plain text."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["text_table"]


def text_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each row, its cells left-aligned, two blanks between columns; rows are of one length.

    Examples
    --------
    >>> text_table([("name", "shape"), ("head.weight", "4x16")])
    ['name         shape', 'head.weight  4x16']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
