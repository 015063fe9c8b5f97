"""Runs the files of this room that need a process of their own, each where it must hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.jax_processes import EIGHT_DEVICES, TENSORFLOW, need_backend

HERE = Path(__file__).parent
JAX = [f"jax_{name}.py" for name in ("arrays", "examples", "expectations", "flax", "libraries", "orbax", "trees")]
KERAS = ["keras_examples.py", "keras_expectations.py", "keras_models.py"]
RUNS = {
    "jax": (JAX, EIGHT_DEVICES),
    "jax with x64": (["jax_expectations.py"], {"JAX_ENABLE_X64": "1"}),
    "keras on jax": ([*KERAS, "keras_distribution.py"], {"KERAS_BACKEND": "jax", **EIGHT_DEVICES}),
    "keras on torch": (KERAS, {"KERAS_BACKEND": "torch"}),
    "keras on tensorflow": (KERAS, TENSORFLOW),
}


@pytest.mark.parametrize("run", RUNS)
def test_in_a_process_of_its_own(run: str) -> None:
    files, environment = RUNS[run]
    need_backend(environment)
    words = [sys.executable, "-m", "pytest", "-q", "-m", "peers", *(str(HERE / file) for file in files)]
    done = subprocess.run(words, env={**os.environ, **environment}, cwd=HERE.parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_is_run() -> None:
    run = {file for files, _ in RUNS.values() for file in files}
    assert run == {file.name for pattern in ("jax_*.py", "keras_*.py") for file in HERE.glob(pattern)}
