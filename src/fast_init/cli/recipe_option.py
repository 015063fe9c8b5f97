"""The option --recipe: a TOML file, or a ready recipe by name."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..checkpoints.reading import read_json
from ..recipes.recipe import Recipe

__all__ = ["HELP", "recipe_of"]

HELP = "a TOML file, or a ready recipe such as gpt2 or 'gpt2(layers=24)'"


def recipe_of(text: str | None, config: Path | None) -> Recipe:
    """Return the recipe that --recipe says; None asks for the one of a config.json."""
    if text is None:
        if config is None:
            raise ValueError("--recipe is missing; only a config.json says by itself how its model starts: pass one")
        return _recipes().recipe_for(read_json(config))  # type: ignore[no-any-return]
    if Path(text).is_file():
        return Recipe.load(text)
    name, options = _call(text)
    ready: dict[str, Callable[..., Recipe]] = _recipes().READY
    if name not in ready:
        raise ValueError(
            f"--recipe is {text!r}; it is no file, and the ready recipes are {', '.join(ready)}: pass a path or one of "
            "these"
        )
    record = {} if config is None else read_json(config)
    if not options and record.get("model_type") == name:
        return _recipes().recipe_for(record)  # type: ignore[no-any-return]
    try:
        return ready[name](**options)
    except TypeError as error:
        raise ValueError(f"--recipe is {text!r}; it cannot be made: {error}") from None


def _recipes() -> Any:
    try:
        from .. import recipes
    except ImportError as error:
        raise ImportError(f"the ready recipes cannot be imported ({error}): pass --recipe with a TOML file") from None
    return recipes


def _call(text: str) -> tuple[str, dict[str, Any]]:
    """Return the name and the options of a call such as ``gpt2(layers=24)``; of anything else, the text and none."""
    try:
        node = ast.parse(text, mode="eval").body
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args:
            return node.func.id, {str(k.arg): ast.literal_eval(k.value) for k in node.keywords}
    except (SyntaxError, ValueError):
        pass
    return text, {}
