"""Draw the study's pictures with matplotlib, each as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np

from ..findings import Bars, Lines, Matrix, Panel, Picture
from ..networks.activations import Array
from .style import DOTS, GREY, INK, RC, stroke_of

try:
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.lines import Line2D
    from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
except ImportError:
    raise ImportError("the study's pictures need matplotlib: pip install 'fast-init[study]'") from None

__all__ = ["figure_of", "svg_of"]

WIDTH = 9.6  # inches
HEIGHTS: dict[type, float] = {Lines: 2.35, Bars: 1.05, Matrix: 2.5}  # of a panel
TALL = 2.9  # of a panel of lines or bars where at most two share a row
REACH = 4  # powers of two up or down at which a table's colours end
DECADES = 2.0  # at least this many on a logarithmic axis, so that noise does not look like a trend


def svg_of(picture: Picture) -> str:
    """Return the picture as the text of an SVG file."""
    buffer = BytesIO()
    with matplotlib.rc_context(RC):
        FigureCanvasSVG(figure_of(picture)).print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode()


def figure_of(picture: Picture) -> Any:
    """Return the picture as a matplotlib Figure, for another format or a notebook."""
    with matplotlib.rc_context(RC):
        rows = -(-len(picture.panels) // picture.columns)
        height = TALL if picture.columns <= 2 else max(HEIGHTS[type(panel)] for panel in picture.panels)
        figure = Figure(figsize=(WIDTH, height * rows + 0.35), layout=ConstrainedLayoutEngine(wspace=0.04, hspace=0.05))
        axes = figure.subplots(rows, picture.columns, squeeze=False)
        for ax in axes.flat[len(picture.panels) :]:
            ax.set_axis_off()
        for position, (ax, panel) in enumerate(zip(axes.flat, picture.panels, strict=False)):
            _draw(ax, panel, last_row=position // picture.columns == rows - 1)
        _legend(figure, list(axes.flat), picture.panels)
    return figure


def _draw(ax: Any, panel: Panel, *, last_row: bool) -> None:
    ax.set_title(panel.title)
    if isinstance(panel, Lines):
        _lines(ax, panel)
        ax.set_xlabel(panel.xlabel if last_row else "")
    elif isinstance(panel, Bars):
        _bars(ax, panel)
    else:
        _matrix(ax, panel)


def _lines(ax: Any, panel: Lines) -> None:
    x = np.arange(1.0, 1 + len(next(iter(panel.lines.values())))) if panel.x is None else panel.x
    log = panel.log and any(_positive(y).any() for y in panel.lines.values())
    for label, y in panel.lines.items():
        stroke = stroke_of(label, [*panel.lines])
        if label in panel.bands:
            ax.fill_between(x, *panel.bands[label], color=stroke["color"], alpha=0.16, linewidth=0)
        ax.plot(x, _shown(y, log=log), label=label, marker="o" if len(x) == 1 else "", **stroke)
        if label in panel.theory:
            ax.plot(x, _shown(panel.theory[label], log=log), **DOTS)
    if log:
        _log_axis(ax)
    if panel.limits:
        ax.set_ylim(*panel.limits)
    _x_axis(ax, panel, x)


def _x_axis(ax: Any, panel: Lines, x: Array) -> None:
    if panel.log_x:
        ax.set_xscale("log")
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set_xticks(x, [f"{value:g}" for value in x])
    else:
        margin = 0.02 * (x[-1] - x[0]) or 1
        ax.set_xlim(x[0] - margin, x[-1] + margin)
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))


def _positive(y: Array) -> Any:
    """Return which values a logarithmic axis can hold, with room to spare."""
    return (y > 1e-200) & (y < 1e200)


def _shown(y: Array, *, log: bool) -> Array:
    return np.where(_positive(y), y, np.nan) if log else y


def _log_axis(ax: Any) -> None:
    ax.set_yscale("log")
    low, high = (np.log10(limit) for limit in ax.get_ylim())
    missing = max(0.0, DECADES - (high - low)) / 2
    ax.set_ylim(10 ** (low - missing), 10 ** (high + missing))
    ax.yaxis.set_major_locator(LogLocator(numticks=6))
    ax.yaxis.set_minor_locator(NullLocator())


def _bars(ax: Any, panel: Bars) -> None:
    colour = stroke_of(panel.label, [panel.label])["color"]
    ax.stairs(panel.shares, panel.edges, fill=True, color=colour, alpha=0.85)
    if panel.shade_below is not None:
        below = panel.edges[1:] <= panel.shade_below
        ax.stairs(np.where(below, panel.shares, 0), panel.edges, fill=True, color="#cbd2d9")
        ax.text(0.03, 0.93, "set to zero", transform=ax.transAxes, color=GREY, va="top")
        ax.text(0.97, 0.93, "passed on", transform=ax.transAxes, color=colour, va="top", ha="right")
    ax.set_title(panel.note, loc="right", color=GREY, fontsize=7)
    ax.set_ylim(0, panel.top)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False)
    ticks = np.linspace(panel.edges[0], panel.edges[-1], 3)
    ax.set_xticks(ticks, [f"{tick:.3g}" for tick in ticks])
    if panel.row:
        ax.set_ylabel(panel.row, rotation=0, ha="right", va="center", color=INK)


def _matrix(ax: Any, panel: Matrix) -> None:
    depth = panel.values * REACH if panel.shares else np.clip(np.log2(panel.values), -REACH, REACH)
    if panel.shares:
        ax.imshow(depth, cmap="Greens", vmin=0, vmax=REACH, aspect="auto")
    else:
        ax.imshow(depth, cmap="RdBu_r", vmin=-REACH, vmax=REACH, aspect="auto")
    for (row, column), value in np.ndenumerate(panel.values):
        colour = "white" if abs(depth[row, column]) > 0.65 * REACH else INK
        text = f"{value:.0%}" if panel.shares else f"{value:.2f}" if value < 10 else f"{value:.1f}"
        ax.text(column, row, text, ha="center", va="center", color=colour, fontsize=7)
    ax.set_xticks(range(len(panel.columns)), panel.columns, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(panel.rows)), panel.rows)
    ax.tick_params(length=0, labelcolor=INK)
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)


def _legend(figure: Any, axes: Sequence[Any], panels: Sequence[Panel]) -> None:
    """Name the lines above all panels where each name has a colour of its own, else within each panel."""
    drawn = [(ax, panel) for ax, panel in zip(axes, panels, strict=False) if isinstance(panel, Lines)]
    if not drawn:
        return
    dots = [Line2D([], [], label="theory", **DOTS)] if any(panel.theory for _, panel in drawn) else []
    named = {handle.get_label(): handle for ax, _ in drawn for handle in ax.get_legend_handles_labels()[0]}
    if len({handle.get_color() for handle in named.values()}) == len(named):
        handles = [*named.values(), *dots]
        figure.legend(handles=handles, loc="outside upper left", ncols=min(len(handles), 5))
    else:
        for ax, panel in drawn:
            ax.legend(handles=[*ax.get_legend_handles_labels()[0], *(dots if panel.theory else [])], loc="best")
