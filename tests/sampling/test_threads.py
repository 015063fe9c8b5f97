"""The threads of a fill: their number, those that are not granted, forks, and fills at the same time."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

import fast_init as fi
from fast_init.sampling import threads
from support.draws import as_bits, draw
from support.processes import run_python

F32 = np.dtype(np.float32)


@pytest.mark.parametrize(
    ("value", "count"), [("3", 3), ("5,2", 5), (" 007 ", 7), ("9" * 5000, 1024), ("0" * 5000 + "8", 8)]
)
def test_omp_num_threads_is_the_default(monkeypatch: pytest.MonkeyPatch, value: str, count: int) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", value)
    assert threads.default_threads() == count


@pytest.mark.parametrize("value", ["no", "", "0", "-3", "\u0663", "3.5", ","])
def test_omp_num_threads_that_is_no_number_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    want = threads.default_threads()
    monkeypatch.setenv("OMP_NUM_THREADS", value)
    assert threads.default_threads() == want


def test_omp_num_threads_is_read_at_the_import() -> None:
    code = "from fast_init.sampling.threads import DEFAULT_THREADS; print(DEFAULT_THREADS)"
    assert run_python(code, OMP_NUM_THREADS="3").stdout == "3\n"
    assert run_python(code, OMP_NUM_THREADS="9" * 5000).stdout == "1024\n"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({}, None),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, None),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5),
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/cpu.max": "200000 100000\n",
                "sys/fs/cgroup/a/b/cpu.max": "800000 100000\n",
            },
            2.0,
        ),
        (
            {
                "proc/self/cgroup": "4:memory:/x\n3:cpu,cpuacct:/x\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "300000\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            3.0,
        ),
        (
            {
                "proc/self/cgroup": "3:cpu:/x\n",
                "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n",
            },
            None,
        ),
    ],
)
def test_cgroup_quota(tmp_path: Path, files: dict[str, str], quota: float | None) -> None:
    assert threads.cgroup_quota(write(tmp_path, files)) == quota


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no /proc: threads are counted there")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_threads_of_its_own() -> None:
    """Threads do not survive a fork; a child that waited for its parent's would hang."""
    want = draw("normal", F32, 1 << 20, seed=1, threads=4)
    child = os.fork()
    if child == 0:  # no exception may leave the child, nor pytest go on in it
        same = (as_bits(draw("normal", F32, 1 << 20, seed=1, threads=4)) == as_bits(want)).all()
        os._exit(0 if same and len([*Path("/proc/self/task").iterdir()]) > 1 else 1)
    timer = threading.Timer(60, os.kill, (child, signal.SIGKILL))
    timer.start()
    status = os.waitpid(child, 0)[1]
    timer.cancel()
    assert status == 0


FORKED_IN_ITS_MIDST = """
import os, signal
import numpy as np
import fast_init as fi

children = []

def fork(_signal, _frame):
    children.append(os.fork())

array = np.empty(1 << 26)
scheme = fi.trunc_normal(0, 1, 3, 9)
scheme.fill_(array[:1], seed=1)  # what Python computes for it takes a while
signal.signal(signal.SIGALRM, fork)
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    scheme.fill_(array, seed=1, threads=2)
except RuntimeError as error:
    assert children == [0]
    os._exit(0 if "forked" in str(error) else 1)
status = os.waitpid(*children, 0)[1]
raise SystemExit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_signal_handler_that_forks_in_the_midst_of_a_fill() -> None:
    """Some of the child's tasks are with threads that it lacks: it neither hangs nor says that all is filled."""
    ended = run_python(FORKED_IN_ITS_MIDST)
    assert (ended.returncode, ended.stderr) == (0, "")


FEW_THREADS = """
import os, resource
import numpy as np
import fast_init as fi

array, alone = np.empty((2, 1 << 24), np.float32)
fi.normal_(alone, seed=1, threads=1)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), resource.RLIM_INFINITY))  # a stack is 8 MiB
fi.normal_(array, seed=1, threads=200)
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
print(len(os.listdir("/proc/self/task")), (array.view(np.uint32) == alone.view(np.uint32)).all())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="no /proc: threads are counted there")
def test_threads_that_the_system_does_not_grant_are_done_without() -> None:
    ended = run_python(FEW_THREADS)
    assert (ended.returncode, ended.stderr) == (0, "")
    threads_had, same = ended.stdout.split()
    assert int(threads_had) < 20
    assert same == "True"


def test_concurrent_fills_do_not_disturb_each_other() -> None:
    arrays = [np.empty(300_000, np.float32) for _ in range(8)]
    fills = [
        threading.Thread(target=fi.normal_, args=(a,), kwargs={"seed": k, "threads": 2}) for k, a in enumerate(arrays)
    ]
    for fill in fills:
        fill.start()
    for fill in fills:
        fill.join()
    for k, array in enumerate(arrays):
        assert (as_bits(array) == as_bits(draw("normal", F32, array.size, seed=k, threads=1))).all()
