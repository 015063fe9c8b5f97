"""The examples of fast_init.torch's docstrings and of docs/pytorch.md are true, and the import stays light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

import fast_init
from support.examples import modules_of, names_of, page_holds, text_holds
from support.signatures import signature_of

ROOT = Path(__file__).parents[2]
PACKAGE: Any = fast_init.torch
NAMES = {"torch": torch, **names_of(PACKAGE)}


@pytest.mark.parametrize("name", modules_of(PACKAGE))
def test_docstrings(name: str) -> None:
    assert text_holds(name, NAMES)


def test_the_page() -> None:
    assert page_holds("pytorch.md")


@pytest.mark.parametrize("name", [name for name in PACKAGE.__all__ if name.endswith("_") or name == "shard_of"])
def test_public_functions_have_an_example(name: str) -> None:
    assert ">>>" in getattr(PACKAGE, name).__doc__


def test_public_names_and_parameters() -> None:
    names = json.loads((ROOT / "tests" / "data" / "public_names.json").read_text())["fast_init.torch"]
    assert sorted(PACKAGE.__all__) == sorted(names)
    assert {name: signature_of(getattr(PACKAGE, name)) for name in names} == names


def test_the_import_leaves_torch_distributed_alone() -> None:
    code = "import sys, fast_init.torch; print('torch.distributed.tensor' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
