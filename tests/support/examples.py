"""Running the examples of a package and of its page."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path
from typing import Any

import numpy as np

import fast_init

__all__ = ["modules_of", "names_of", "page_holds", "text_holds"]

DOCS = Path(__file__).parents[2] / "docs"


def modules_of(package: Any) -> list[str]:
    """Return the names of a package and its modules."""
    inside = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [package.__name__, *(module.name for module in inside)]


def names_of(package: Any) -> dict[str, Any]:
    """Return what the examples of a package may use without an import."""
    return {"np": np, "fast_init": fast_init, **{name: getattr(package, name) for name in package.__all__}}


def text_holds(module: str, names: dict[str, Any]) -> bool:
    """Whether the examples of a module's docstrings are true."""
    return doctest.testmod(importlib.import_module(module), extraglobs=names).failed == 0


def page_holds(page: str) -> bool:
    """Whether the examples of a page of docs are true."""
    return doctest.testfile(str(DOCS / page), module_relative=False).failed == 0
