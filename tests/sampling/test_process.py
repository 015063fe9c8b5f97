"""What surrounds a fill: the ISA level, interrupts, the GIL, the end of the process, its floating-point environment."""

from __future__ import annotations

import ctypes
import platform
import signal
import subprocess
import sys
import threading
from types import FrameType

import numpy as np
import pytest

import fast_init as fi
from fast_init import _core
from support.draws import as_bits, draw
from support.processes import run_python

F32 = np.dtype(np.float32)


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
