"""The public names and their parameters are those of tests/data/public_names.json: a change there is one for users."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import fast_init
from fast_init import recipes, study
from support.signatures import signature_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "fast_init"

NAMES = json.loads((ROOT / "tests" / "data" / "public_names.json").read_text())
SIGNATURES: dict[str, str] = NAMES["fast_init"]  # "" for what is not called
RECIPES, STUDY = NAMES["fast_init.recipes"], NAMES["fast_init.study"]


def run(code: str, *options: str) -> str:
    """Return what Python prints for the code in a fresh process."""
    return subprocess.run([sys.executable, *options, "-c", code], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", SIGNATURES)
def test_parameters(name: str) -> None:
    if SIGNATURES[name]:
        assert signature_of(getattr(fast_init, name)) == SIGNATURES[name]


def test_public_names() -> None:
    assert sorted(fast_init.__all__) == sorted(SIGNATURES)
    assert sorted(recipes.__all__) == sorted(RECIPES)
    assert sorted(study.__all__) == sorted(STUDY)


def test_dir_shows_public_names_only() -> None:
    assert set(dir(fast_init)) == {*SIGNATURES, "jax", "keras", "recipes", "study", "torch"}
    assert set(dir(recipes)) == set(RECIPES)


def test_rooms_that_are_public_are_there_after_the_import() -> None:
    assert run("import fast_init; print(fast_init.recipes.gpt2(layers=2).rules[0].pattern)") == "*wte.weight\n"
    assert run("import fast_init; print(fast_init.study.propagate.__name__)") == "propagate\n"
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = fast_init.nothing
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = recipes.nothing


def test_the_import_brings_numpy_and_nothing_heavy() -> None:
    heavy = ["torch", "jax", "keras", "rich", "matplotlib", "transformers", "ml_dtypes", "fast_init.recipes.families"]
    assert run(f"import sys, fast_init; print([name for name in {heavy} if name in sys.modules])") == "[]\n"


def test_python_without_docstrings_and_assertions_runs_it() -> None:
    code = "import numpy, fast_init; print(fast_init.he_normal_(numpy.empty((2, 2)), seed=1).shape)"
    assert run(code, "-OO") == "(2, 2)\n"


def test_rooms_not_modules() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def test_only_the_room_of_sampling_knows_the_core() -> None:
    of_core = re.compile(r"^\s*(from \.+_core import|from \.+ import _core)", re.MULTILINE)
    knowing = {path.parent.name for path in PACKAGE.rglob("*.py") if of_core.search(path.read_text())}
    assert knowing == {"sampling"}
