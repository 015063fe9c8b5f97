"""The option --recipe: a file of TOML or JSON, or a ready recipe by name."""

from __future__ import annotations

from pathlib import Path

from ..checkpoints.reading import read_json
from ..recipes.families import READY, recipe_for
from ..recipes.recipe import Recipe
from ..schemes.calls import parse_call

__all__ = ["HELP", "recipe_of"]

HELP = "a file of TOML or JSON, or a ready recipe such as gpt2 or 'gpt2(layers=24)'"


def recipe_of(text: str | None, config: Path | None) -> Recipe:
    """Return the recipe that --recipe says; None asks for the one of a config.json."""
    if text is None:
        if config is None:
            raise ValueError("--recipe is missing; only a config.json says by itself how its model starts: pass one")
        return _recipe_in(config)
    if _is_file(text):
        return Recipe.load(text)
    call = parse_call(text)
    if call is None or call.arguments or call.name not in READY:
        raise ValueError(
            f"--recipe is {text!r}; it is no file, and the ready recipes are {', '.join(READY)}: pass a path or one of "
            "these"
        )
    if config is not None and not call.options and _type_in(config) == call.name:
        return _recipe_in(config)
    try:
        return READY[call.name](**call.options)
    except (TypeError, OverflowError) as error:
        raise ValueError(f"--recipe is {text!r}; it cannot be made: {error}") from None


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # longer than a file's name can be
        return False


def _type_in(config: Path) -> object:
    record = read_json(config)
    return record.get("model_type") if isinstance(record, dict) else None


def _recipe_in(config: Path) -> Recipe:
    record = read_json(config)
    if not isinstance(record, dict):
        raise ValueError(f"{config} is no JSON object; a config.json is one, with a model_type: correct it there")
    try:
        return recipe_for(record)
    except ValueError as error:
        raise ValueError(f"{config}: {error}") from None
