"""The command `fast-init info`."""

from __future__ import annotations

import argparse
import json

from ..sampling.config import config, show_config
from .terminal import of_stdout, show

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

HELP = "print what this build is and uses: fast_init.show_config()"

DESCRIPTION = "Print the version, the stream version, the instruction sets, the threads and the compiler."

EPILOG = """examples:
  fast-init info
  fast-init info --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print it and return the exit code 0."""
    if arguments.json:
        show(json.dumps(config(), indent=2))
    else:
        with of_stdout():
            show_config()
    return 0
