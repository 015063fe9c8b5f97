# PYTHON_ARGCOMPLETE_OK
"""Runs the command: python -m fast_init.cli."""

import sys

from .main import main

if __name__ == "__main__":
    sys.exit(main())
