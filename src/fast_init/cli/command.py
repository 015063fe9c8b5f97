"""What a command is."""

from __future__ import annotations

import argparse
from typing import Protocol

__all__ = ["Command"]


class Command(Protocol):
    """A module for each command: its help, its arguments and what it does."""

    HELP: str  # one line, for the list of commands
    DESCRIPTION: str
    EPILOG: str  # examples

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the arguments of the command."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and return the exit code: 0, or 1 if a check failed; expected errors, see `main`, are sentences."""
