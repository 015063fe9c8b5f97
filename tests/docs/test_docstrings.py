"""Docstrings of the functions that fill: whole in the sources, complete, alike where they say the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from inspect import getdoc, signature
from pathlib import Path
from typing import Any

import pytest

from fast_init import init
from write_docstrings import entries_of, files, sections_of, written

FUNCTIONS = [pytest.param(getattr(init, name), id=name) for name in init.__all__]
SOURCE = '''
class Filler:
    def fill_(self, array, depth, *, seed=None):
        """Fill.

        Parameters
        ----------
        depth
            How "\\\\0" deep.

        Raises
        ------
        ValueError
            An old text.

            Also if it is too deep.
        OSError
            At night.

        Notes
        -----
        Kept.
        """
'''


@pytest.mark.parametrize(("path", "names"), files().items(), ids=lambda value: getattr(value, "name", ""))
def test_the_sources_have_the_shared_texts(path: Path, names: tuple[str, ...]) -> None:
    source = path.read_text(encoding="utf-8")
    assert written(source, names) == source, "run `python tools/write_docstrings.py`"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_parameter_is_described_in_its_place(function: Callable[..., Any]) -> None:
    sections = sections_of(getdoc(function) or "")
    heads = entries_of(sections["Parameters"])
    assert [name for head in heads for name in head.split(", ")] == list(signature(function).parameters)
    assert all(heads.values())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_says_what_it_returns_raises_and_shows(function: Callable[..., Any]) -> None:
    text = getdoc(function) or ""
    sections = sections_of(text)
    titles = [title for title in sections if title != "References"]
    assert titles == ["", "Parameters", "Returns", "Raises", "Examples"]
    assert all(sections.values())
    assert "{" not in text


def test_own_texts_stay_and_shared_ones_are_replaced_once() -> None:
    source = written(SOURCE, ["Filler.fill_"])
    assert written(source, ["Filler.fill_"]) == source
    scope: dict[str, Any] = {}
    exec(source, scope)
    sections = sections_of(getdoc(scope["Filler"].fill_) or "")
    assert [*sections] == ["", "Parameters", "Returns", "Raises", "Notes"]
    parameters, raises = entries_of(sections["Parameters"]), entries_of(sections["Raises"])
    assert [*parameters] == ["array", "depth", "seed"]
    assert parameters["depth"] == ['How "\\0" deep.']
    assert [*raises] == ["TypeError", "ValueError", "OSError"]
    assert raises["ValueError"][0].startswith("`array` is read-only")
    assert raises["ValueError"][-2:] == ["", "Also if it is too deep."]
    assert raises["OSError"] == ["At night."]


@pytest.mark.parametrize(
    ("source", "names", "sentence"),
    [
        ("def f_(array): ...\n", (), "f_ has no docstring; the shared texts go into it: write its first line"),
        ('def f_(x):\n    """Fill."""\n', (), "f_ does not say what 'x' is; no text is shared for it: write its entry"),
        ('def f_(array):\n    """Fill."""\n', ("g_",), "the source has no function 'g_'; its functions are f_: fix it"),
    ],
)
def test_what_cannot_be_written_is_said(source: str, names: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        written(source, names)


def test_the_package_works_without_docstrings_and_asserts() -> None:
    code = "import numpy, fast_init as fi; assert False; w = fi.he_normal_(numpy.empty((2, 3)), seed=1); print(w.shape)"
    run = subprocess.run([sys.executable, "-OO", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "(2, 3)\n"
