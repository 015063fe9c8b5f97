"""Checkpoints written by the executors of clusters; docs/checkpoints.md has the commands for MPI and Ray."""

from __future__ import annotations

import gc
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which
from signal import SIGKILL
from typing import Any

import pytest

from fast_init.checkpoints import engines
from fast_init.cli.main import main
from support.checkpoint_files import INDEX, content, write
from support.killing import Killing
from support.peers import peer

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

EXAMPLE = Path(__file__).parents[2] / "examples" / "checkpoint_by_ray.py"
KILLED = 10  # tasks that are submitted before a worker is killed


def test_dask(tmp_path: Path) -> None:
    distributed = peer("distributed")
    write(tmp_path / "want")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        write(tmp_path / "got", executor=client.get_executor())
        assert content(tmp_path / "got") == content(tmp_path / "want")
        (tmp_path / "shapes.json").write_text('{"w": {"shape": [300, 40], "dtype": "float32"}}')
        (tmp_path / "recipe.json").write_text('{"rule": [{"pattern": "*", "scheme": "normal"}]}')
        words = ["checkpoint", tmp_path / "shapes.json", "--recipe", tmp_path / "recipe.json", "-o"]
        assert main([*map(str, words), str(tmp_path / "a"), "--scheduler", cluster.scheduler_address]) == 0
        assert main([*map(str, words), str(tmp_path / "b")]) == 0
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_dask_whose_worker_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask starts another, and the checkpoint comes out whole."""
    distributed = peer("distributed")
    write(tmp_path / "want")
    monkeypatch.setattr(engines, "PIECE", 1 << 16)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        killing = Killing(
            client.get_executor(), lambda: os.kill(next(iter(client.run(os.getpid).values())), SIGKILL), KILLED
        )
        assert write(tmp_path / "got", executor=killing).complete
    assert killing.submitted > 2 * KILLED
    assert content(tmp_path / "got") == content(tmp_path / "want")


BY_MPI = """
import os, signal, sys
from pathlib import Path
from mpi4py.futures import MPIPoolExecutor
from fast_init.checkpoints import engines
from support.checkpoint_files import write
from support.killing import Killing

if __name__ == "__main__":
    folder, what = Path(sys.argv[1]), sys.argv[2]
    with MPIPoolExecutor() as pool:
        if what == "kill":
            engines.PIECE = 1 << 16
            engines.AT_ONCE = 4
            pool = Killing(pool, lambda: os.kill(pool.submit(os.getpid).result(), signal.SIGKILL), after=60)
        write(folder, executor=pool, resume=what == "resume")
"""


@pytest.fixture
def by_mpi(tmp_path: Path) -> Callable[..., int]:
    """Write by a process and its two workers: a folder, and whether to kill one or to resume; returns the exit code."""
    peer("mpi4py")
    launcher = Path(sys.executable).with_name("mpiexec")
    mpiexec = str(launcher) if launcher.exists() else which("mpiexec")
    assert mpiexec, "mpi4py is there and no mpiexec"
    script = tmp_path / "by_mpi.py"
    script.write_text(BY_MPI)
    path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])

    def run(folder: Path, what: str) -> int:
        words = [mpiexec, "-n", "3", sys.executable, "-m", "mpi4py.futures", str(script), str(folder), what]
        return subprocess.run(words, check=False, timeout=300, env={**os.environ, "PYTHONPATH": path}).returncode

    return run


def test_mpi(tmp_path: Path, by_mpi: Callable[..., int]) -> None:
    write(tmp_path / "want")
    assert by_mpi(tmp_path / "got", "write") == 0
    assert content(tmp_path / "got") == content(tmp_path / "want")


def test_mpi_whose_worker_is_killed(tmp_path: Path, by_mpi: Callable[..., int]) -> None:
    """MPI ends all processes; what is left never loads, and the next run resumes."""
    write(tmp_path / "want")
    assert by_mpi(tmp_path / "got", "kill") != 0
    assert 0 < len(list((tmp_path / "got").glob("*.safetensors"))) < 3
    assert not (tmp_path / "got" / INDEX).exists()
    assert by_mpi(tmp_path / "got", "resume") == 0
    assert content(tmp_path / "got") == content(tmp_path / "want")


@pytest.fixture
def by_ray() -> Any:
    """The example; Ray's own workers are started, and stopped after the test."""
    ray = peer("ray")
    spec = importlib.util.spec_from_file_location("checkpoint_by_ray", EXAMPLE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield module
    ray.shutdown()
    gc.collect()  # Ray's processes that are not waited for: a warning here, where it is ignored, and not later


@pytest.mark.slow
def test_ray(tmp_path: Path, by_ray: Any) -> None:
    by_ray.write(str(tmp_path / "want"))
    by_ray.write(str(tmp_path / "got"), by_ray.RayExecutor(num_cpus=1))
    assert content(tmp_path / "got") == content(tmp_path / "want")


@pytest.mark.slow
def test_ray_whose_worker_is_killed(tmp_path: Path, by_ray: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray runs the task again, and the checkpoint comes out whole."""
    write(tmp_path / "want")
    monkeypatch.setattr(engines, "PIECE", 1 << 16)
    executor = by_ray.RayExecutor(max_retries=3)
    killing = Killing(executor, lambda: os.kill(executor.submit(os.getpid).result(), SIGKILL), KILLED)
    assert write(tmp_path / "got", executor=killing).complete
    assert killing.submitted > 2 * KILLED
    assert content(tmp_path / "got") == content(tmp_path / "want")


@pytest.mark.slow
def test_the_example_of_ray(tmp_path: Path, by_ray: Any) -> None:
    by_ray.write(str(tmp_path / "want"))
    command = [sys.executable, str(EXAMPLE), str(tmp_path / "got")]
    done = subprocess.run(command, check=True, timeout=300, capture_output=True, text=True, env=os.environ)
    assert "complete: True" in done.stdout
    assert content(tmp_path / "got") == content(tmp_path / "want")
