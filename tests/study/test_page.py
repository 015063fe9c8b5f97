"""The study's page for readers on a phone, in the dark, and for those who do not see its pictures."""

from __future__ import annotations

import re

import numpy as np
import pytest

from fast_init import lecun_normal
from fast_init.study import Claim, Topic, propagate
from fast_init.study.findings import Bars, Lines, Matrix, Picture
from fast_init.study.page import html_of
from fast_init.study.page.alt_texts import alt_of
from fast_init.study.page.style import GREY, INK
from fast_init.study.topics.one_network import one_network

EDGES = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
SHARES = np.array([0.1, 0.2, 0.3, 0.4])


@pytest.fixture(scope="module")
def page() -> str:
    """A page with a claim that has a theory and one that has none."""
    claims = [Claim("1 is 1", "one", 1.0, low=0.5, high=1, expected=1.0), Claim("2 is 2", "two", 2.0, low=2)]
    topic = Topic("sums", "Sums", "What is so.", claims, [])
    return html_of(
        one_network(propagate([9, 5, 5], "gelu", lecun_normal())), [topic], seed=0, command="fast-init study"
    )


def rules(page: str, condition: str) -> str:
    """Return the rules of the page's style under a condition, or those under none."""
    style = page.split("<style>")[1].split("</style>")[0]
    blocks = dict(re.findall(r"@media \(([^)]*)\) \{\n(.*?)\n\}", style, flags=re.DOTALL))
    return blocks[condition] if condition else style.split("@media")[0]


def test_a_figure_keeps_its_size_and_scrolls_by_itself(page: str) -> None:
    """At 390 pixels a picture of four panels was 340 wide, its letters 3 high."""
    assert re.search(r"figure \{[^}]*overflow-x: auto", rules(page, ""))
    assert re.search(r"img \{[^}]*min-width: 54rem", rules(page, ""))
    assert "<figure><img " in page


def test_a_claim_is_a_block_on_a_phone(page: str) -> None:
    """Beside four columns its sentence had one word a line, and the threshold was cut off."""
    narrow = rules(page, "max-width: 50rem")
    assert re.search(r"tr \{[^}]*display: grid", narrow)
    assert "td:nth-child(2) { grid-column: 2 / -1" in narrow
    assert re.search(r"td\.number \{[^}]*white-space: normal", narrow)
    assert "content: attr(data-name)" in narrow
    for name, number in (("measured", "<strong>1<"), ("theory", "1<"), ("holds if", "from 0.5 to 1<")):
        assert f'<td class="number" data-name="{name}">{number}' in page


def test_the_dark_page_changes_every_colour(page: str) -> None:
    names = re.compile(r"(--[a-z]+): #")
    dark = rules(page, "prefers-color-scheme: dark")
    assert sorted(names.findall(dark)) == sorted(names.findall(rules(page, "")))
    assert "color-scheme: light dark" in page
    share = float(re.findall(r"img \{ filter: invert\((\.\d+)\) hue-rotate\(180deg\)", dark)[0])
    white = f"{round((1 - share) * 255):02x}"
    assert f"--paper: #{white * 3};" in dark, "the ground of a picture is not that of the page"


def contrast(colour: str, ground: str) -> float:
    """Return the contrast of two colours by WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(colour), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("condition", ["", "prefers-color-scheme: dark"])
def test_text_stands_out(page: str, condition: str) -> None:
    """4.5 is the least that WCAG's level AA has for text."""
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", rules(page, condition)))
    for name in ("ink", "grey", "good", "bad"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name


@pytest.mark.parametrize("colour", [INK, GREY])
def test_text_in_pictures_stands_out(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5


def lines(count: int) -> Lines:
    """Return lines from 1 to 1, 10, 100, ..."""
    return Lines("variance", {f"line {k}": np.array([1.0, 10.0**k]) for k in range(count)})


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Picture([lines(2)], 1), "variance, layer 1 to 2: line 0 from 1 to 1, line 1 from 1 to 10."),
        (
            Picture([lines(5), lines(6)], 2),
            "lines that end within a factor 10 of where they begin: variance 2 of 5, variance 2 of 6.",
        ),
        (
            Picture([Lines("spread", {"a": np.array([3.0, 4.0])}, x=np.array([32.0, 64.0]), xlabel="width")], 1),
            "spread, width 32 to 64: a from 3 to 4.",
        ),
        (
            Picture([Bars("what enters", EDGES, SHARES, "He", shade_below=0.0), lines(1)], 2),
            (
                "what enters: the fullest bin, 1 to 2, holds 40%, and 30% are below 0; "
                "variance, layer 1 to 2: line 0 from 1 to 1."
            ),
        ),
        (
            Picture(
                [
                    Bars("layer 1", EDGES, SHARES, "He", row="tanh\nHe"),
                    Bars("layer 9", EDGES, SHARES[:2].repeat(2), "He"),
                    Bars("", EDGES, SHARES * 2, "He", row="relu\nHe"),
                    Bars("", EDGES, SHARES, "He"),
                ],
                2,
            ),
            (
                "tanh, He: the fullest bin holds 40% in layer 1 and 20% in layer 9; "
                "relu, He: the fullest bin holds 80% in layer 1 and 40% in layer 9."
            ),
        ),
        (
            Picture([Matrix("forward", ["He", "Xavier"], ["relu", "tanh"], np.array([[1.0, 0.95], [0.7, 3.0]]))], 1),
            "forward: 2 of 4 within a tenth of 1, the least 0.7 for Xavier with relu, the most 3 for Xavier with tanh.",
        ),
    ],
)
def test_a_picture_in_words(picture: Picture, words: str) -> None:
    assert alt_of(picture) == words


def test_the_page_has_the_words(page: str) -> None:
    network = one_network(propagate([9, 5, 5], "gelu", lecun_normal()))
    assert re.findall(r'alt="([^"]*)"', page) == [f"One network: {alt_of(picture)}" for picture in network.pictures]
