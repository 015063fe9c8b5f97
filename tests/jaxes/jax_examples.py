"""The examples of fast_init.jax's docstrings and of docs/jax.md are true."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import pytest

import fast_init.jax
from support.examples import modules_of, names_of, page_holds, text_holds

ROOM = fast_init.jax
NAMES = {"jax": jax, "jnp": jnp, **names_of(ROOM)}


@pytest.mark.parametrize("module", modules_of(ROOM))
def test_docstrings(module: str) -> None:
    assert text_holds(module, NAMES)


def test_the_page() -> None:
    assert page_holds("jax.md")


@pytest.mark.parametrize("name", ROOM.__all__)
def test_public_names_have_an_example(name: str) -> None:
    assert ">>>" in getattr(ROOM, name).__doc__
