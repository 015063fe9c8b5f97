"""The command `fast-init inspect`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..checkpoints.inspection import BARS, BINS, TensorSummary, inspect_checkpoint
from ..recipes.text_table import text_table
from .terminal import show, shows

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

HELP = "show what a checkpoint holds, and which schemes it looks like"

DESCRIPTION = """Show of each tensor its shape, dtype, standard deviation, least and largest value, histogram, and the
schemes that it looks like a draw of; of large tensors a million elements are looked at."""

EPILOG = """examples:
  fast-init inspect model.safetensors
  fast-init inspect model --json
"""

IN_ASCII = str.maketrans(BARS, ".:-=+*#@")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("path", type=Path, metavar="PATH", help="one file of safetensors, an index, or a directory")
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what is in the file and return the exit code 0; what it raises is a sentence."""
    seen = list(inspect_checkpoint(arguments.path))
    if arguments.json:
        show(json.dumps([one.to_dict() for one in seen], indent=2))
    else:
        header = "name", "shape", "dtype", "std", "min", "max", "histogram".ljust(BINS), "looks like"
        show("\n".join(text_table([header, *map(_row, seen)])))
    return 0


def _row(one: TensorSummary) -> tuple[str, ...]:
    figures = [f"{value:.4g}" for value in (one.std, one.min, one.max)]
    like = " or ".join(one.looks_like) or (f"{one.not_finite} not finite" if one.not_finite else "?")
    bars = one.sparkline if shows(BARS) else one.sparkline.translate(IN_ASCII)
    return one.name, "x".join(map(str, one.shape)) or "scalar", one.dtype, *figures, bars, like
