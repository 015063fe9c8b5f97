"""The examples of fast_init.keras's docstrings and of docs/keras.md are true."""

from __future__ import annotations

import keras
import pytest

import fast_init.keras
from support.examples import modules_of, names_of, page_holds, text_holds

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # of Keras's conversion from torch

ROOM = fast_init.keras
NAMES = {"keras": keras, **names_of(ROOM)}


@pytest.mark.parametrize("module", modules_of(ROOM))
def test_docstrings(module: str) -> None:
    assert text_holds(module, NAMES)


def test_the_page() -> None:
    assert page_holds("keras.md")


@pytest.mark.parametrize("name", ROOM.__all__)
def test_public_names_have_an_example(name: str) -> None:
    assert ">>>" in getattr(ROOM, name).__doc__
