"""The mark of tests that need other libraries, and the small checkpoint that the tests of the commands share."""

from __future__ import annotations

import json
from pathlib import Path

import hypothesis
import pytest

from fast_init.cli.main import main
from support.checkpoint_cases import RECIPE, SHAPES

pytest_plugins = ["pytester", "support.strict_skips"]

# How long an example takes is the machine's: no test depends on it.
hypothesis.settings.register_profile("untimed", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("untimed")

OTHER_LIBRARIES = [Path(__file__).parent / room for room in ("jaxes", "peers", "pytorch")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the rooms that need another library: `peers`."""
    for item in items:
        if not set(OTHER_LIBRARIES).isdisjoint(item.path.parents):
            item.add_marker(pytest.mark.peers)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A checkpoint of one file, seed 7; shapes.json and recipe.toml lie beside it."""
    (tmp_path / "shapes.json").write_text(json.dumps(SHAPES))
    (tmp_path / "recipe.toml").write_text(RECIPE.to_toml())
    words = "checkpoint", tmp_path / "shapes.json", "-o", tmp_path / "model", "--recipe", tmp_path / "recipe.toml"
    assert main([*map(str, words), "--seed", "7"]) == 0
    return tmp_path / "model"
