"""A recipe's picture as a file: its words, its bytes, and names that are no words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from fast_init import Recipe, normal, recipes, zeros
from fast_init.study.page import picture_of
from support.transformer_shapes import gpt2_shapes, llama_shapes

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_has_words_and_the_same_bytes_again(tmp_path: Path) -> None:
    shapes = gpt2_shapes(2, 32)
    found = picture_of(recipes.gpt2(layers=2), shapes, tmp_path / "a.svg", seed=1)
    picture_of(recipes.gpt2(layers=2), shapes, tmp_path / "b.svg", seed=1)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    root = ET.parse(tmp_path / "a.svg").getroot()
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None
    assert title.text == "A recipe at step 0: GPT-2-like"
    assert desc is not None
    assert re.search(r"forward RMS, residual stream, layers passed 0 to 2: .*this recipe from", desc.text or "")
    assert all(note in (desc.text or "") for note in found.notes)


def test_the_title_stands_above_all_other_words(tmp_path: Path) -> None:
    """Where there are no signals the legend is above the panel too."""
    shapes = {**llama_shapes(2, 32, keys=16, f=48), "model.layers.0.mlp.shared_expert.weight": (4, 32)}
    picture_of(Recipe([("*", normal(std=0.02))]), shapes, tmp_path / "a.svg")
    lines = re.findall(r"<!-- ([^>]*) -->\s*<g [^>]*translate\(\S+ (\S+)\)", (tmp_path / "a.svg").read_text())
    heights = {line: float(y) for line, y in lines}
    assert any(line.startswith("embedding, ") for line in heights)
    title = heights.pop("A recipe at step 0: Llama-like")
    assert title < min(heights.values()) - 8  # points: the height of a line


def test_a_png_and_no_other_suffix(tmp_path: Path) -> None:
    shapes = {"head.weight": (4, 8)}
    recipe = Recipe([("*", normal(std=0.02))])
    picture_of(recipe, shapes, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=r"a picture is \.svg or \.png: give it one of these suffixes"):
        picture_of(recipe, shapes, tmp_path / "a.pdf")
    with pytest.raises(ValueError, match="constants only"):
        picture_of(Recipe([("*", zeros())]), shapes, tmp_path / "b.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("name", ["$x_$", "$\\frac{$", "a<b>&\"'", "\x00\x1b[2J", "h.1" + 400 * "0" + ".w"])
def test_names_are_shown_as_they_are_and_are_no_formulas_or_markup(tmp_path: Path, name: str) -> None:
    recipe = Recipe([("*", normal(std=0.02))])
    for suffix in ("svg", "png"):
        picture_of(recipe, {name: (3, 4), "b": (3, 4)}, tmp_path / f"a.{suffix}")
    root = ET.parse(tmp_path / "a.svg").getroot()
    shown = name.replace("\x00", "\\x00").replace("\x1b", "\\x1b")
    assert shown in (root.find(f"{SVG}desc").text or "")  # type: ignore[union-attr]
