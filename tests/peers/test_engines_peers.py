"""Checkpoints written by the executors of clusters; skipped without Dask or MPI.

`pip install 'dask[distributed]' mpi4py mpich`
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from fast_init.cli.main import main
from support.checkpoint_files import content, write
from support.peers import peer

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs


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


BY_MPI = """
import sys
from pathlib import Path
from mpi4py.futures import MPIPoolExecutor
from support.checkpoint_files import write

if __name__ == "__main__":
    with MPIPoolExecutor() as pool:
        write(Path(sys.argv[1]), executor=pool)
"""


def test_mpi(tmp_path: Path) -> None:
    peer("mpi4py")
    launcher = Path(sys.executable).with_name("mpiexec")
    mpiexec = str(launcher) if launcher.exists() else which("mpiexec")
    assert mpiexec, "mpi4py is there and no mpiexec"
    write(tmp_path / "want")
    (tmp_path / "by_mpi.py").write_text(BY_MPI)
    words: list[str | Path] = [
        mpiexec,
        "-n",
        "3",
        sys.executable,
        "-m",
        "mpi4py.futures",
        tmp_path / "by_mpi.py",
        tmp_path / "got",
    ]
    tests = str(Path(__file__).parents[1])
    subprocess.run(
        words, check=True, timeout=300, env={**os.environ, "PYTHONPATH": os.pathsep.join([tests, *sys.path])}
    )
    assert content(tmp_path / "got") == content(tmp_path / "want")
