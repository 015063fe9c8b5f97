"""The table of docs/textbook.md: each sentence of the texts, its verdict, and a figure that is measured again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from fast_init.study import Topic
from fast_init.study.sentences import SENTENCES, claim_of, table_of
from fast_init.study.sources import SOURCES
from support import measured

PAGE = Path(__file__).parent.parent.parent / "docs" / "textbook.md"


@pytest.fixture(scope="module")
def topics() -> Sequence[Topic]:
    return measured.topics()


def rows(table: str) -> list[tuple[str, float]]:
    """Return each row but its figure, and the figure."""
    lines = [line.removesuffix(" |").rpartition(" = ") for line in table.splitlines()[2:]]
    return [(text, float(figure)) for text, _, figure in lines]


def test_the_page_has_every_sentence_and_its_figure(topics: Sequence[Topic]) -> None:
    """A figure of training may differ with the order of a sum in a matrix product, but not leave its bounds."""
    table = PAGE.read_text(encoding="utf-8").split("<!-- sentences: begin -->\n")[1].split("<!-- sentences: end")[0]
    written, found = rows(table), rows(table_of(topics))
    assert [text for text, _ in written] == [text for text, _ in found], "run `python tools/write_sentences.py`"
    trained = {"training", "tanh-training", "sigmoid-training", "convolutions", "shallow"}
    for sentence, (_, was), (_, now) in zip(SENTENCES, written, found, strict=True):
        claim = claim_of(sentence, topics)
        assert claim.holds, sentence
        assert claim.low <= was <= claim.high, sentence
        assert sentence.topic in trained or now == pytest.approx(was, rel=0.02), sentence


def test_a_sentence_that_is_not_wholly_true_says_why() -> None:
    assert [s.sentence for s in SENTENCES if s.verdict != "true" and not s.correction] == []
    assert len({(s.text, s.sentence) for s in SENTENCES}) == len(SENTENCES)


def test_every_claim_says_where_its_bounds_come_from(topics: Sequence[Topic]) -> None:
    assert [claim.sentence for topic in topics for claim in topic.claims if not claim.why] == []


def test_sources_name_topics_that_exist(topics: Sequence[Topic]) -> None:
    assert {key for source in SOURCES for key in source.topics} <= {topic.key for topic in topics}
    assert {s.topic for s in SENTENCES} <= {topic.key for topic in topics}
