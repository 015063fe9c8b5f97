"""The option --recipe: a file of TOML or JSON, or a ready recipe by name; without it, the one of a config.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..checkpoints.reading import read_json
from ..recipes.families import READY, dummy_for, recipe_for
from ..recipes.families.from_config import READY_OF
from ..recipes.recipe import Recipe
from ..schemes.calls import Call, parse_call

__all__ = ["HELP", "ready_in", "recipe_of", "record_of"]

HELP = "a file of TOML or JSON, or a ready recipe such as gpt2 or 'gpt2(layers=24)'"


def recipe_of(text: str | None, config: Path | None) -> Recipe:
    """Return the recipe that --recipe says; None asks for the ready one of a config.json.

    ValueError, besides for what is none, for a ready recipe of another model than a config.json describes.
    """
    if text is None:
        if config is None:
            raise ValueError("--recipe is missing; only a config.json says by itself how its model starts: pass one")
        return ready_in(config, record_of(config))
    if _is_file(text):
        return Recipe.load(text)
    call = parse_call(text)
    if call is None or call.arguments or call.name not in READY:
        raise ValueError(
            f"--recipe is {text!r}; it is no file, and the ready recipes are {', '.join(READY)}: pass a path or one of "
            "these"
        )
    record = None if config is None else read_json(config)
    if config is not None and isinstance(record, dict) and isinstance(record.get("model_type"), str):
        _check_type(text, call, config, record["model_type"])
        if not call.options and READY_OF.get(record["model_type"]) == call.name:
            return ready_in(config, record)
        if not call.options and call.name == "dummy":
            return _with_path(config, dummy_for, record)
    try:
        return READY[call.name](**call.options)
    except (TypeError, OverflowError) as error:
        raise ValueError(f"--recipe is {text!r}; it cannot be made: {error}") from None


def record_of(config: Path) -> dict[str, Any]:
    """Return what is in a config.json; ValueError if that is no object."""
    record = read_json(config)
    if not isinstance(record, dict):
        raise ValueError(f"{config} is no JSON object; a config.json is one, with a model_type: correct it there")
    return record


def ready_in(config: Path, record: Mapping[str, Any]) -> Recipe:
    """Return the ready recipe of a config.json; ValueError, with its path, if there is none or a field is wrong."""
    return _with_path(config, recipe_for, record)


def _with_path(config: Path, make: Callable[[Mapping[str, Any]], Recipe], record: Mapping[str, Any]) -> Recipe:
    try:
        return make(record)
    except ValueError as error:
        raise ValueError(f"{config}: {error}") from None


def _check_type(text: str, call: Call, config: Path, model_type: str) -> None:
    """Raise ValueError if a recipe of certain model types is to be that of another."""
    types = sorted(one for one, name in READY_OF.items() if name == call.name)
    if types and model_type not in types:
        raise ValueError(
            f"--recipe is {text!r}, which is for {', '.join(types)}; {config} has the model_type {model_type!r}: leave "
            f"--recipe out, or to force it pass a file, as fast-init recipe {text!r} -o recipe.toml writes it"
        )


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # longer than a file's name can be
        return False
