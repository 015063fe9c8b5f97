"""What a picture of the study shows, in words and with its figures, for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..findings import Bars, Lines, Matrix, Picture
from ..networks.activations import Array

__all__ = ["alt_of"]

FEW = 4  # lines: where every panel has more, not each is told
NEAR = 10.0  # times up or down: how far a line may go and still count as staying
TENTH = 0.9, 1.1


def alt_of(picture: Picture) -> str:
    """Return the picture in words: of each line its ends, of histograms their fullest bins, of a table its extremes.

    Examples
    --------
    >>> panel = Lines("variance", {"He": np.array([2.0, 1.9, 1.8])}, theory={"He": np.array([2.0, 2.0, 2.0])})
    >>> alt_of(Picture([panel], 1))
    'variance, layer 1 to 3: He from 2 to 1.8 (theory to 2).'
    """
    panels = picture.panels
    bars = [panel for panel in panels if isinstance(panel, Bars)]
    crowds = [panel for panel in panels if isinstance(panel, Lines) and len(panel.lines) > FEW]
    if len(bars) == len(panels) > 1:
        return "; ".join(_rows(bars, picture.columns)) + "."
    if len(crowds) == len(panels):
        return f"lines that end within a factor {NEAR:g} of where they begin: {', '.join(map(_crowd, crowds))}."
    return "; ".join(map(_words, panels)) + "."


def _words(panel: Lines | Bars | Matrix) -> str:
    if isinstance(panel, Lines):
        return _lines(panel)
    return _bars(panel) if isinstance(panel, Bars) else _matrix(panel)


def _lines(panel: Lines) -> str:
    count = len(next(iter(panel.lines.values())))
    first, last = (1, count) if panel.x is None else (panel.x[0], panel.x[-1])
    where = f"{panel.title}, {panel.xlabel} {first:g} to {last:g}"
    return f"{where}: {', '.join(_line(panel, label, y) for label, y in panel.lines.items())}"


def _crowd(panel: Lines) -> str:
    stay = sum(bool(y[0] / NEAR <= y[-1] <= y[0] * NEAR) for y in panel.lines.values())
    return f"{panel.title} {stay} of {len(panel.lines)}"


def _line(panel: Lines, label: str, y: Array) -> str:
    theory = f" (theory to {panel.theory[label][-1]:.3g})" if label in panel.theory else ""
    return f"{label} from {y[0]:.3g} to {y[-1]:.3g}{theory}"


def _bars(panel: Bars) -> str:
    fullest = int(np.argmax(panel.shares))
    low, high = panel.edges[fullest : fullest + 2]
    words = f"{panel.title}: the fullest bin, {low:.3g} to {high:.3g}, holds {panel.shares[fullest]:.0%}"
    if panel.shade_below is None:
        return words
    below = panel.shares[panel.edges[1:] <= panel.shade_below].sum()
    return f"{words}, and {below:.0%} are below {panel.shade_below:g}"


def _rows(panels: Sequence[Bars], columns: int) -> Iterator[str]:
    """Tell of each row of histograms its first and its last; their titles stand in the first row."""
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        first, last = row[0], row[-1]
        name = f"{first.row.replace(chr(10), ', ')}: " if first.row else ""
        yield (
            f"{name}the fullest bin holds {first.shares.max():.0%} in {panels[0].title} and "
            f"{last.shares.max():.0%} in {panels[len(row) - 1].title}"
        )


def _matrix(panel: Matrix) -> str:
    low, high = int(np.argmin(panel.values)), int(np.argmax(panel.values))
    ends = f"the least {_cell(panel, low)}, the most {_cell(panel, high)}"
    if panel.shares:
        return f"{panel.title}: {ends}"
    near = int(((panel.values >= TENTH[0]) & (panel.values <= TENTH[1])).sum())
    return f"{panel.title}: {near} of {panel.values.size} within a tenth of 1, {ends}"


def _cell(panel: Matrix, position: int) -> str:
    row, column = divmod(position, len(panel.columns))
    value = panel.values[row, column]
    text = f"{value:.0%}" if panel.shares else f"{value:.3g}"
    return f"{text} for {panel.rows[row]} with {panel.columns[column]}"
