"""JAX's devices and Keras's backend are chosen once a process: the files here, but test_*.py, run in others.

Without JAX and Keras this room is left out; `.ci/run` runs it where the extra `peers` is installed.
"""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("jax") and find_spec("keras") else ["*.py"]
