# PYTHON_ARGCOMPLETE_OK
"""The command `fast-init`: one file a command."""

from .main import main

__all__ = ["main"]
