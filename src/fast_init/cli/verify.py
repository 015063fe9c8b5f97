"""The command `fast-init verify`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from ..checkpoints.verification import verify_checkpoint
from . import recipe_option
from .terminal import show

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

HELP = "draw the weights of a checkpoint again and say which differ"

DESCRIPTION = """Draw the elements of a checkpoint again, by the seed and the recipe in its header or those given, and
say which differ (exit code 1) and what it looks like: damage, swapped tensors, another seed, another recipe."""

EPILOG = """examples:
  fast-init verify model                      65,536 elements of each tensor
  fast-init verify model --all                every element
  fast-init verify model --seed 7 --recipe gpt2
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("path", type=Path, metavar="PATH", help="a directory, an index, or one file of safetensors")
    add("--all", action="store_true", help="look at every element")
    add("--seed", type=int, help="instead of the header's")
    add("--recipe", help=f"instead of the header's: {recipe_option.HELP}")
    add("--threads", type=int, help="the most to use (default: all this process may)")
    add("--progress", action="store_true", help="show a bar, if stderr is a terminal; needs rich")
    add("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Verify, print what was found, and return 0, or 1 if anything differs; what it raises is a sentence."""
    recipe = None
    if arguments.recipe is not None:
        config = (arguments.path if arguments.path.is_dir() else arguments.path.parent) / "config.json"
        recipe = recipe_option.recipe_of(arguments.recipe, config if config.exists() else None)
    with np.errstate(all="ignore"):  # of what the file holds: NaN, infinities
        verdict = verify_checkpoint(
            arguments.path,
            seed=arguments.seed,
            recipe=recipe,
            every=arguments.all,
            threads=arguments.threads,
            progress=arguments.progress and sys.stderr.isatty(),
        )
    show(json.dumps(verdict.to_dict(), indent=2) if arguments.json else str(verdict))
    return 0 if verdict else 1
