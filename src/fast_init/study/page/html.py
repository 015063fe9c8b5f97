"""The page of the study: one HTML file with its pictures in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from ..findings import Claim, Picture, Topic
from ..sources import SOURCES, Source
from .alt_texts import alt_of
from .pictures import svg_of

__all__ = ["html_of"]

NUMBERS = ("measured", "theory", "holds if", "room")  # of a claim

STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --grey: #616e7c; --pale: #e4e7eb; --good: #2f855a; --bad: #c53030 }
:root { --ground: #f5f7fa; --paper: #ffffff; --code: #eef1f4 }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
body { overflow-wrap: break-word }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { font-size: 1.25rem; margin: 0 0 .4rem }
p { margin: .4rem 0 .9rem; max-width: 46rem }
section, nav { background: var(--paper); border: 1px solid var(--pale); border-radius: 10px }
section, nav { padding: 1.4rem 1.6rem; margin: 1.4rem 0 }
nav ol { margin: 0; padding-left: 1.6rem; columns: 2; column-gap: 2.5rem }
nav a, h2 a { color: inherit; text-decoration: none }
nav a:hover, h2 a:hover { text-decoration: underline }
section a { color: inherit }
.up { margin: 1rem 0 0; font-size: .8rem }
li { padding: .15rem 0; break-inside: avoid }
figure { margin: 1.1rem 0 0; overflow-x: auto }
img { display: block; width: 100%; min-width: 54rem; height: auto }
table { border-collapse: collapse; width: 100%; font-size: .875rem }
th { text-align: left; font-weight: 500; color: var(--grey) }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--pale); vertical-align: top }
td small { display: block; color: var(--grey); font-size: .8rem }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.good { color: var(--good); font-weight: 700 }
.bad { color: var(--bad); font-weight: 700 }
code { font: .875em ui-monospace, monospace; background: var(--code); padding: .1em .35em; border-radius: 4px }
footer { color: var(--grey); font-size: .875rem }
"""

NARROW = """
@media (max-width: 50rem) {
  main { padding: 1.5rem .75rem 3rem }
  section, nav { padding: 1rem }
  nav ol { columns: 1 }
  figure::before { content: "wider than the screen: scroll it \\2192"; position: sticky; left: 0 }
  figure::before { color: var(--grey); font-size: .8rem }
  table, tbody { display: block }
  tr { display: grid; grid-template-columns: 1.5rem 1.1fr 1fr 1.4fr .8fr; column-gap: .4rem; padding: .6rem 0 }
  tr { border-bottom: 1px solid var(--pale) }
  tr:first-child { display: none }
  td { border: 0; padding: 0 }
  td:nth-child(2) { grid-column: 2 / -1; padding-bottom: .4rem }
  td:nth-child(3) { grid-column: 2 }
  td.number { text-align: left; white-space: normal }
  td.number strong { white-space: nowrap }
  td.number::before { content: attr(data-name); display: block; color: var(--grey); font-size: .8rem }
}
"""  # a claim becomes a block: its sentence, and below it the numbers, each under its name

DARK = """
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7eb; --grey: #9aa5b1; --pale: #323f4b; --good: #68d391; --bad: #fc8181 }
  :root { --ground: #08090a; --paper: #141414; --code: #262b31 }
  img { filter: invert(.92) hue-rotate(180deg) }
}
"""  # the filter keeps hues and makes white the paper's #141414: 8 % of 255


def html_of(network: Topic, topics: Sequence[Topic], *, seed: int, command: str) -> str:
    """Return the page of these topics, the network first.

    Parameters
    ----------
    network, topics
        What `one_network` and `measure` return.
    seed
        With which they were measured.
    command
        What makes this page again.

    Returns
    -------
    str
        HTML that refers to nothing outside itself.
    """
    claims = [claim for topic in topics for claim in topic.claims]
    held = sum(claim.holds for claim in claims)
    items = "".join(
        f'<li><a href="#{topic.key}">{escape(topic.title)}</a> {"".join(map(_mark, topic.claims))}</li>'
        for topic in topics
    )
    numbered = (replace(topic, title=f"{k}. {topic.title}") for k, topic in enumerate(topics, start=1))
    sections = "".join(_section(topic) for topic in (network, *numbered))
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fast_init: the textbook, measured</title>
<style>{STYLE}{NARROW}{DARK}</style>
<main>
<h1>The textbook, measured</h1>
<p>What textbooks say of initial weights, measured on networks that fast_init filled. Every number on this page was
computed for it, with seed {seed}; a tick or a cross is decided by the threshold beside it, and room is how far the
figure is from it: in units of the threshold, or of half the range where there are two.
<strong>{held} of {len(claims)} claims hold.</strong></p>
<nav aria-label="Topics" id="topics"><ol>{items}</ol><p><a href="#sources">Sources</a></p></nav>
{sections}{_sources({topic.key: topic.title for topic in topics})}
<footer>Made by <code>{escape(command)}</code>.</footer>
</main>
</html>
"""


def _section(topic: Topic) -> str:
    figures = "".join(_figure(topic.title, picture) for picture in topic.pictures)
    head = f'<h2><a href="#{topic.key}">{escape(topic.title)}</a></h2>'
    return (
        f'<section id="{topic.key}">{head}<p>{escape(topic.text)}</p>'
        f'{_table(topic.claims)}{figures}<p class="up"><a href="#topics">All topics</a></p></section>\n'
    )


def _table(claims: Sequence[Claim]) -> str:
    if not claims:
        return ""
    head = "".join(f'<th class="number">{name}</th>' for name in NUMBERS)
    rows = "".join(_row(claim) for claim in claims)
    return f"<table><tr><th></th><th>claim</th>{head}</tr>{rows}</table>"


def _row(claim: Claim) -> str:
    numbers = (f"<strong>{claim.measured:.3g}</strong>", _expected(claim), claim.threshold, claim.room)
    cells = "".join(
        f'<td class="number" data-name="{name}">{number}</td>' for name, number in zip(NUMBERS, numbers, strict=True)
    )
    why = f"<small>{escape(f'Why this threshold: {claim.why}.')}</small>" if claim.why else ""
    sentence = f"{escape(claim.sentence)}<small>{escape(claim.quantity)}</small>{why}"
    return f"<tr><td>{_mark(claim)}</td><td>{sentence}</td>{cells}</tr>"


def _expected(claim: Claim) -> str:
    return "&ndash;" if claim.expected is None else f"{claim.expected:.3g}"


def _sources(titles: Mapping[str, str]) -> str:
    """List the sources, each with links to those topics that the page has."""
    items = "".join(_source(source, titles) for source in SOURCES)
    return f'<section id="sources"><h2><a href="#sources">Sources</a></h2><ul>{items}</ul></section>'


def _source(source: Source, titles: Mapping[str, str]) -> str:
    links = "; ".join(f'<a href="#{key}">{escape(titles[key])}</a>' for key in source.topics if key in titles)
    return f"<li>{escape(source.citation)}. {escape(source.says)} <small>{links}</small></li>"


def _mark(claim: Claim) -> str:
    kind, sign, word = ("good", "&#10003;", "holds") if claim.holds else ("bad", "&#10007;", "does not hold")
    return f'<span class="{kind}" role="img" aria-label="{word}">{sign}</span>'


def _figure(title: str, picture: Picture) -> str:
    source = f"data:image/svg+xml;base64,{b64encode(svg_of(picture).encode()).decode()}"
    return f'<figure><img alt="{escape(f"{title}: {alt_of(picture)}")}" src="{source}"></figure>'
