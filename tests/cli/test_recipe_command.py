"""`fast-init recipe`: a recipe as text to edit, and fewer rules that say the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fast_init import Recipe, Rule, normal, recipes, zeros
from fast_init.cli.main import main
from fast_init.recipes.compaction import compacted
from support.commands import refusal


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TOML needs Python 3.11")
def test_a_ready_recipe_by_its_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["recipe", "gpt2(layers=24)"]) == 0
    assert Recipe.loads(capsys.readouterr().out) == recipes.gpt2(layers=24)
    assert main(["recipe", "gpt2(layers=24)", "-o", str(tmp_path / "gpt2.toml")]) == 0
    assert Recipe.load(tmp_path / "gpt2.toml") == recipes.gpt2(layers=24)


def test_a_file_that_is_there_is_not_overwritten(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    assert "mine.toml: File exists" in refusal(capsys, "recipe", "gpt2", "-o", path)
    assert path.read_text() == "mine"


def test_a_picture_needs_shapes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "gpt2.svg"
    assert refusal(capsys, "recipe", "gpt2", "--picture", path) == (
        "fast-init: --picture needs a model's shapes, and 'gpt2' is no file: pass a config.json\n"
    )
    assert not path.exists()


def test_a_ready_recipe_of_another_model_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Gemma's norms are 0 where Llama's are 1."""
    config = tmp_path / "config.json"
    config.write_text('{"model_type": "gemma"}')
    (tmp_path / "spec.json").write_text("{}")
    sentence = refusal(capsys, "verify", tmp_path, "--recipe", "llama")
    assert "--recipe is 'llama', which is for llama, mistral, qwen2, qwen3; " in sentence
    assert "config.json has the model_type 'gemma': leave --recipe out, or to force it pass a file" in sentence


NAMES = st.lists(st.sampled_from(["0", "1", "2", "10", "layers.3", "w", "x.y"]), min_size=1, max_size=4).map(".".join)
SCHEMES = st.sampled_from([zeros(), normal(std=0.02), normal(std=0.5)])


@given(st.dictionaries(NAMES, st.tuples(SCHEMES, st.none() | st.integers(0, 1))))
def test_fewer_rules_say_the_same(given_: dict[str, tuple[object, int | None]]) -> None:
    rules = [
        Rule.named(name, scheme, padding_row=row)  # type: ignore[arg-type]
        for name, (scheme, row) in given_.items()
    ]
    fewer = Recipe(compacted(rules))
    assert len(fewer.rules) <= len(rules)
    for name, (scheme, row) in given_.items():
        rule = fewer.rule_for(name)
        assert (rule.scheme, rule.padding_row, rule.tied_to) == (scheme, row, None)
