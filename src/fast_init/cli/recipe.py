"""The command `fast-init recipe`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..checkpoints.plan import Tensors
from ..checkpoints.spec import Spec, read_spec
from ..recipes.families import READY
from ..recipes.families.config_fields import whole
from ..recipes.printable import printable
from ..recipes.recipe import Recipe
from ..recipes.report import scheme_text
from ..recipes.text_table import text_table
from ..recipes.whole_numbers import tensor_of
from ..sampling.dtypes import dtype_named
from .chosen_recipe import Chosen, chosen_recipe
from .recipe_option import recipe_of, record_of
from .terminal import show

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

EXPERTS_PER_TOKEN = 2  # of a config.json that says nothing: Mixtral's

HELP = "print how a model is initialised, as TOML to edit"

DESCRIPTION = """Print the recipe that `fast-init checkpoint` would use, as TOML, which its --recipe takes. WHAT is a
ready recipe, or a file or directory as there. Comments before the rules say which recipe it is, and of each tensor the
name, shape, dtype, scheme and standard deviation; a tensor that has no rule is named with the reason."""

EPILOG = """examples:
  fast-init recipe config.json
  fast-init recipe config.json -o recipe.toml      then: fast-init checkpoint config.json -o model --recipe recipe.toml
  fast-init recipe config.json --picture step0.svg
  fast-init recipe 'gpt2(layers=24)'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("what", metavar="WHAT", help=f"a config.json, or a ready recipe: {', '.join(READY)}")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there (default: stdout)")
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="also draw sigma and the signal at step 0 of WHAT's layers: .svg, .png",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the recipe and return the exit code 0; what it raises is a sentence."""
    text, model = _read(arguments.what)
    if arguments.picture is not None:
        if model is None:
            raise ValueError(f"--picture needs a model's shapes, and {arguments.what!r} is no file: pass a config.json")
        _draw(*model, arguments.picture)
    if arguments.output is None:
        show(text.rstrip("\n"))
        return 0
    with arguments.output.open("x", encoding="utf-8") as file:
        file.write(text)
    show(printable(f"wrote {arguments.output}"))
    return 0


def _read(what: str) -> tuple[str, tuple[Spec, Chosen] | None]:
    """Return what is printed, and a model with what was chosen for it, None for a ready recipe's name."""
    if not Path(what).exists():
        return recipe_of(what, None).to_toml(), None
    spec = read_spec(Path(what))
    chosen = chosen_recipe(None, spec)
    return _text(spec, chosen), (spec, chosen)


def _draw(spec: Spec, chosen: Chosen, path: Path) -> None:
    """Write the picture, and say in stderr what it does not show."""
    from ..study.page import picture_of

    shapes = {name: shape for name, (shape, _) in chosen.tensors.items() if name not in chosen.without_rule}
    record = {} if spec.config is None else record_of(spec.config)
    experts = whole(record, "num_experts_per_tok", EXPERTS_PER_TOKEN)
    for note in picture_of(chosen.recipe, shapes, path, experts_per_token=experts).notes:
        print(printable(note), file=sys.stderr)
    print(printable(f"wrote {path}"), file=sys.stderr)


def _text(spec: Spec, chosen: Chosen) -> str:
    lines = [f"recipe: {chosen.origin}"]
    if spec.class_name is not None:
        lines.append(f"class: {spec.class_name}, by {spec.chosen_by}")
    lines += [f"no rule: {why}" for why in chosen.without_rule.values()]
    lines += _table(chosen.tensors, chosen.recipe, chosen.without_rule)
    return "".join(f"# {printable(line)}\n" for line in lines) + "\n" + chosen.recipe.to_toml()


def _table(tensors: Tensors, recipe: Recipe, without_rule: Mapping[str, str]) -> list[str]:
    heads = "name", "shape", "dtype", "scheme", "std"
    return text_table([heads, *_rows({k: v for k, v in tensors.items() if k not in without_rule}, recipe)])


def _rows(tensors: Tensors, recipe: Recipe) -> Iterator[tuple[str, ...]]:
    for name, rule in recipe.rules_for(tensors).items():
        shape, dtype = tensors[name]
        std = tensor_of(name, shape, dtype_named(dtype), rule, 0).std
        yield name, "x".join(map(str, shape)) or "scalar", dtype, scheme_text(rule.scheme), f"{std:.6g}"
