"""The examples of docstrings, README and pages are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import numpy as np
import pytest

import fast_init

NAMES = {"np": np, **{name: getattr(fast_init, name) for name in fast_init.__all__}}
ROOT = Path(__file__).parent.parent.parent
SUBMODULES = [module.name for module in pkgutil.walk_packages(fast_init.__path__, "fast_init.")]
ADAPTERS = ("jax", "keras", "torch")  # whose examples are run in tests/pytorch and tests/jaxes
ELSEWHERE = ("fast_init._core", *(f"fast_init.{adapter}" for adapter in ADAPTERS))
PAGES_ELSEWHERE = ("jax.md", "keras.md", "pytorch.md")
MODULES = ["fast_init", *(name for name in SUBMODULES if not name.startswith(ELSEWHERE))]
PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").glob("*.md") if page.name not in PAGES_ELSEWHERE)]


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name), extraglobs=NAMES).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_pages(page: Path) -> None:
    assert doctest.testfile(str(page), module_relative=False).failed == 0


@pytest.mark.parametrize("name", [n for n in fast_init.__all__ if n[0].islower() or n == "Scheme"])
def test_public_functions_have_an_example(name: str) -> None:
    assert ">>>" in getattr(fast_init, name).__doc__
