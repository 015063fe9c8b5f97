"""Without PyTorch this room is left out; `.ci/run` runs it where the extra `peers` is installed."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]
