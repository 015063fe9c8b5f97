"""The picture of a recipe: sigma by layer and role, and the signal forward and backward, as SVG or PNG."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np

from ...recipes.printable import printable
from ...recipes.recipe import Recipe
from ..findings import Lines, Picture
from ..topics.recipe_signals import RecipeSignals, recipe_signals
from .alt_texts import alt_of
from .pictures import figure_of
from .style import GREY, RC

__all__ = ["picture_of"]

RECIPE, HE = "this recipe", "he_normal in every matrix"
TITLE = "A recipe at step 0"
GROUPS = 8  # lines of sigma that are drawn
LINE = 38  # characters of a legend that a panel has room for


def picture_of(
    recipe: Recipe,
    shapes: Mapping[str, tuple[int, ...]],
    path: str | Path,
    *,
    seed: int = 0,
    experts_per_token: int = 2,
) -> RecipeSignals:
    """Write the picture of a recipe, an SVG with its words for those who do not see it, or a PNG by the suffix.

    Parameters
    ----------
    recipe, shapes, seed, experts_per_token
        As in `recipe_signals`.
    path
        The file; its suffix is ``.svg`` or ``.png``.

    Returns
    -------
    RecipeSignals
        What it shows.

    Raises
    ------
    ValueError, TypeError, OSError
        The suffix is another, `recipe_signals` raises, or the file cannot be written.
    """
    path = Path(path)
    if path.suffix not in (".svg", ".png"):
        raise ValueError(f"path is {str(path)!r}; a picture is .svg or .png: give it one of these suffixes")
    found = recipe_signals(recipe, shapes, seed=seed, experts_per_token=experts_per_token)
    path.write_bytes(_bytes_of(found, path.suffix))
    return found


def _bytes_of(found: RecipeSignals, suffix: str) -> bytes:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    picture, notes = _picture(found)
    notes = [*map(printable, notes)]
    title = f"{TITLE}: {found.family or 'names of no known family'}"
    buffer = BytesIO()
    with matplotlib.rc_context(RC):
        figure = _figure(picture, title, notes)
        if suffix == ".png":
            FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None}, pil_kwargs=None)
            return buffer.getvalue()
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    words = f"<title>{escape(title)}</title><desc>{escape(alt_of(picture))} {escape('; '.join(notes))}.</desc>"
    before, attributes, after = re.split(r"<svg ([^>]*)>", buffer.getvalue().decode(), maxsplit=1)
    return f'{before}<svg role="img" {attributes}>{words}{after}'.encode()


def _figure(picture: Picture, title: str, notes: list[str]) -> Any:
    """Return the picture with a title above all, which a legend there has for its own, and notes below."""
    figure: Any = figure_of(picture)
    figure.set_size_inches(9.6, 3.4 + 0.16 * len(notes))
    if not figure.legends:
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
    for legend in figure.legends:
        legend.set_title(title, {"size": 10})
        legend.set_alignment("left")
    below = figure.supxlabel("\n".join(notes), x=0.01, ha="left", fontsize=7, color=GREY)
    legends = [*figure.legends, *filter(None, (ax.get_legend() for ax in figure.axes))]
    for text in (below, *(text for legend in legends for text in legend.get_texts())):
        text.set_parse_math(False)  # a name may have dollars
    return figure


def _picture(found: RecipeSignals) -> tuple[Picture, list[str]]:
    notes = list(found.notes)
    panels = []
    if (lines := _sigma_lines(found, notes)) is not None:
        panels.append(lines)
    if found.signals:
        x = np.array([float(s.layers) for s in found.signals])
        for title, own, other in (
            ("forward RMS, residual stream", "forward", "he_forward"),
            ("backward RMS, its gradient", "backward", "he_backward"),
        ):
            values = {
                label: np.array([getattr(s, key) for s in found.signals]) for label, key in ((HE, other), (RECIPE, own))
            }
            panels.append(Lines(title, values, x=x, xlabel="layers passed"))
    if not panels:
        raise ValueError("the recipe has constants only; a picture shows sigma: pass tensors that are drawn")
    return Picture(panels, len(panels)), notes


def _sigma_lines(found: RecipeSignals, notes: list[str]) -> Lines | None:
    """Return a line for each group of roles whose sigmas are the same; what is in no layer is drawn flat."""
    layers = sorted({row.layer for row in found.sigmas if row.layer is not None}) or [0]
    groups: dict[tuple[float, ...], list[str]] = {}
    for role, by_layer in found.by_role.items():
        sigmas = tuple(by_layer.get(layer, by_layer.get(None, 0.0)) for layer in layers)
        if any(sigmas):
            groups.setdefault(tuple(float(f"{sigma:.6g}") for sigma in sigmas), []).append(role)
    drawn = [*groups.items()][:GROUPS]
    if len(groups) > GROUPS:
        notes.append(f"of {len(groups)} different lines of sigma the first {GROUPS} are drawn")
    if not drawn:
        return None
    lines = {_label(roles): np.array(sigmas) for sigmas, roles in drawn}
    return Lines("sigma of a weight", lines, x=np.array(layers, float), xlabel="layer")


def _label(roles: list[str]) -> str:
    """Name so many roles in lines that a panel has room for."""
    words = ", ".join(map(printable, roles[:12])) + (f" and {len(roles) - 12} more" if len(roles) > 12 else "")
    return "\n".join(wrap(words, LINE, break_long_words=False, break_on_hyphens=False))
