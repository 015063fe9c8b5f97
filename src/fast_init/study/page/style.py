"""The look of the study's pictures: one colour a label everywhere, light ground, as little ink as will do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..networks.lineup import HE, LECUN, ORTHOGONAL, SMALL, SMALL_RANGE, UNIT, UNIT_RANGE, XAVIER

__all__ = ["DOTS", "GREY", "INK", "RC", "stroke_of"]

INK, GREY, PALE = "#1f2933", "#616e7c", "#e4e7eb"

COLOURS = {
    SMALL: "#2b6cb0",
    SMALL_RANGE: "#63b3ed",
    UNIT: "#c53030",
    UNIT_RANGE: "#f6915e",
    LECUN: "#6b46c1",
    XAVIER: "#d69e2e",
    HE: "#2f855a",
    ORTHOGONAL: "#1f2933",
    "this recipe": "#0e7c86",
    "he_normal in every matrix": "#616e7c",
}
OTHERS = (
    "#0e7c86",
    "#b83280",
    "#8a5a2b",
    "#52606d",
    "#2b6cb0",
    "#c53030",
    "#6b46c1",
    "#2f855a",
)  # of labels that are no schemes
OVERLAID: dict[str, dict[str, Any]] = {  # lines that coincide where layers are square, to be seen on one another
    LECUN: {"linewidth": 3.2, "alpha": 0.5},
    XAVIER: {"linestyle": (0, (3, 2.2))},
    ORTHOGONAL: {"linewidth": 0.9},
}
DOTS: dict[str, Any] = {"color": INK, "linestyle": (0, (0.1, 3.5)), "linewidth": 1.6, "dash_capstyle": "round"}

RC: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
    "text.color": INK,
    "axes.edgecolor": "#9aa5b1",
    "axes.labelcolor": GREY,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.titlepad": 7,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "lines.linewidth": 1.5,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.handlelength": 1.8,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "fast_init",
}


def stroke_of(label: str, labels: Sequence[str]) -> dict[str, Any]:
    """Return how the line of one of these labels is drawn: in its scheme's colour, or in that of its position."""
    colour = COLOURS.get(label, OTHERS[labels.index(label) % len(OTHERS)])
    return {"color": colour, **(OVERLAID.get(label, {}) if {*OVERLAID} <= {*labels} else {})}
