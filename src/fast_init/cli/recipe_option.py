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
        return recipe_for(read_json(config))
    if Path(text).is_file():
        return Recipe.load(text)
    call = parse_call(text)
    if call is None or call.arguments or call.name not in READY:
        raise ValueError(
            f"--recipe is {text!r}; it is no file, and the ready recipes are {', '.join(READY)}: pass a path or one of "
            "these"
        )
    record = {} if config is None else read_json(config)
    if not call.options and record.get("model_type") == call.name:
        return recipe_for(record)
    try:
        return READY[call.name](**call.options)
    except TypeError as error:
        raise ValueError(f"--recipe is {text!r}; it cannot be made: {error}") from None
