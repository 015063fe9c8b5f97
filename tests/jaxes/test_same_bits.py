"""The same recipe and seed: the same bits in NumPy, PyTorch, JAX and Keras, in one process and in several.

And in what Orbax reads of a checkpoint, into arrays of JAX that two processes share.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from support.jax_processes import EIGHT_DEVICES, FOUR_DEVICES, TENSORFLOW, need_backend
from support.same_bits import DTYPES, SHAPES, arrays_in, in_numpy

ROOT = Path(__file__).parents[2]
TIMEOUT = 300  # seconds: of several processes, one that fails would leave the others waiting
RUNS = {
    "torch, 1 process": ("torch", 1, {}),
    "torch, 4 ranks": ("torch", 4, {"WORLD_SIZE": "4"}),
    "jax, 1 device": ("jax", 1, {"JAX_PLATFORMS": "cpu"}),
    "jax, 8 devices, 3 meshes": ("jax", 1, EIGHT_DEVICES),
    "jax, 2 processes": ("jax", 2, FOUR_DEVICES),
    "orbax, 2 processes": ("orbax", 2, FOUR_DEVICES),
    "keras on jax": ("keras", 1, {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}),
    "keras on torch": ("keras", 1, {"KERAS_BACKEND": "torch"}),
    "keras on tensorflow": ("keras", 1, TENSORFLOW),
}


def run(framework: str, processes: int, environment: dict[str, str], folder: Path) -> None:
    """Run `support.same_bits` in so many processes that know each other."""
    shared = {**os.environ, **environment, "STORE": (folder / "store").as_uri()}
    shared["CHECKPOINT"] = str(folder / "checkpoint")
    shared["PYTHONPATH"] = os.pathsep.join([str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])])
    if framework in ("jax", "orbax") and processes > 1:
        shared["COORDINATOR"] = f"127.0.0.1:{free_port()}"
    words = [sys.executable, "-m", "support.same_bits", framework, str(folder)]
    started = [
        subprocess.Popen(
            words, env={**shared, "RANK": str(rank)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for rank in range(processes)
    ]
    try:
        said = [process.communicate(timeout=TIMEOUT)[0] for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0] * processes, "\n".join(said)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@pytest.mark.parametrize("case", RUNS)
def test_all_frameworks_have_the_bits_of_numpy(case: str, tmp_path: Path) -> None:
    framework, processes, environment = RUNS[case]
    need_backend(environment)
    run(framework, processes, environment, tmp_path)
    found = arrays_in(tmp_path)
    assert found.keys() == {(dtype, name) for dtype in DTYPES for name in SHAPES}
    for dtype, name, _, array in in_numpy():
        expected = array.view(f"u{array.itemsize}")
        covered = np.zeros(array.shape, bool)
        for offset, words in found[dtype, name]:
            place = tuple(slice(first, first + n) for first, n in zip(offset, words.shape, strict=True))
            assert words.dtype == expected.dtype
            assert (words == expected[place]).all()
            covered[place] = True
        assert covered.all()
