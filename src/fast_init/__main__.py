# PYTHON_ARGCOMPLETE_OK
"""Runs the command: python -m fast_init."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
