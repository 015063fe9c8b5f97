"""What surrounds a fill: threads and their number, forks, interrupts, the floating-point environment."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

import fast_init as fi
from fast_init import _core
from fast_init.sampling import threads
from support.draws import as_bits, draw

F32 = np.dtype(np.float32)


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )


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


def test_an_unknown_isa_level_is_an_error_that_lists_the_others() -> None:
    code = "import numpy, fast_init; fast_init.normal_(numpy.empty(3))"
    run = run_python(code, FAST_INIT_ISA="mmx")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        "ValueError: FAST_INIT_ISA=mmx is not an ISA level that this machine runs "
        f"({', '.join(_core.available_isas())}): unset it or set it to one of these"
    )


def test_show_config(capsys: pytest.CaptureFixture[str]) -> None:
    fi.show_config()
    text = capsys.readouterr().out
    for word in (
        fi.__name__,
        "stream version 1",
        _core.active_isa(),
        ", ".join(_core.available_isas()),
        _core.COMPILER,
    ):
        assert word in text


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


def test_an_interrupt_says_that_the_array_is_partly_filled() -> None:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    array = np.zeros(1 << 27, np.float32)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.004)
        with pytest.raises(
            KeyboardInterrupt, match="fill interrupted: the array is partly filled; fill it again before use"
        ):
            fi.normal_(array, seed=1, threads=1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert array[0] != 0
    assert array[-1] == 0


def test_the_gil_is_released() -> None:
    """Another thread sees an array half filled; with the GIL held it would wait for the whole fill."""
    array = np.zeros(1 << 27, np.float32)
    fill = threading.Thread(target=fi.normal_, args=(array,), kwargs={"seed": 1, "threads": 1})
    fill.start()
    seen_half_filled = False
    while fill.is_alive():
        seen_half_filled |= bool(array[0] != 0 and array[-1] == 0)
    assert seen_half_filled


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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="FE_UPWARD is 0x800 in glibc on x86-64")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="FE_UPWARD is 0x800 in glibc on x86-64")
@pytest.mark.parametrize("count", [100, 200_000])
def test_the_callers_rounding_mode_neither_matters_nor_changes(count: int) -> None:
    libm = ctypes.CDLL("libm.so.6")
    want = draw("normal", F32, count, seed=1, mean=0.1, std=0.3)
    array = np.empty(count, np.float32)
    assert libm.fesetround(0x800) == 0
    try:
        fi.normal_(array, 0.1, 0.3, seed=1, threads=2)
        assert libm.fegetround() == 0x800
    finally:
        libm.fesetround(0)
    assert (as_bits(array) == as_bits(want)).all()


DRAWN_UPWARD = """
import ctypes, hashlib, sys
import numpy as np
import fast_init as fi

if len(sys.argv) > 1:
    assert ctypes.CDLL("libm.so.6").fesetround(0x800) == 0
made = hashlib.sha256()
for scheme in [
    lambda: fi.he_normal(0.3), lambda: fi.he_uniform(5**0.5), lambda: fi.xavier_normal(1.1), lambda: fi.lecun_uniform(),
    lambda: fi.variance_scaling(0.7, "fan_geo_avg", "truncated_normal"), lambda: fi.he_normal(nonlinearity="tanh"),
    lambda: fi.trunc_normal(0.1, 0.3, -0.7, 1.1), lambda: fi.trunc_normal(0.1, 0.3, 1.9, 3.3, bounds="sigma"),
    lambda: fi.trunc_normal(0.0, 1.0, 1.7, float("inf")), lambda: fi.uniform(-1 / 8, 3.5), lambda: fi.normal(0.1, 0.3),
]:
    for dtype in (np.float64, np.float32):
        made.update(scheme().fill_(np.empty((37, 53), dtype), seed=1).tobytes())
print(made.hexdigest())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="FE_UPWARD is 0x800 in glibc on x86-64")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="FE_UPWARD is 0x800 in glibc on x86-64")
def test_the_callers_rounding_mode_does_not_matter_to_what_python_computes() -> None:
    runs = [[sys.executable, "-c", DRAWN_UPWARD, *words] for words in ([], ["upward"])]
    near, upward = (subprocess.run(run, check=True, capture_output=True, text=True).stdout for run in runs)
    assert near == upward


EXIT_WHILE_FILLING = """
import sys, threading, time
import numpy as np
import fast_init as fi

array = np.empty(1 << 25, np.float32)

def fill():
    while True:
        {call}

threading.Thread(target=fill, daemon=True).start()
time.sleep({seconds})
"""
CALLS = {
    "fill": "fi.normal_(array, seed=1, threads=2)",
    "fill_many": "fi.Recipe([('*', fi.normal())]).init_({'w': array}, seed=1, threads=2)",
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("seconds", [0.1, 0.15, 0.2])
def test_the_interpreter_may_end_while_a_daemon_thread_fills(call: str, seconds: float) -> None:
    code = EXIT_WHILE_FILLING.format(call=CALLS[call], seconds=seconds)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
