"""Hostile processes: the same bits, or one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fast_init
from support.attack_calls import FUNCTIONS, call, dtype_of, reference, shape_of
from support.attack_ground import Ground
from support.draws import as_bits

SOURCES = str(Path(fast_init.__file__).parent.parent)
# The end of every program: the digest of draws of every kind, tiny and large ones among them, by two threads.
DRAWS = """
import hashlib, sys
sys.path.insert(0, {sources!r})
import numpy as np
import fast_init as fi
schemes = [
    fi.normal(0.1, 0.3), fi.normal(0, 1e-45), fi.uniform(-1e-44, 65000.0), fi.he_normal(), fi.xavier_uniform(0.3),
    fi.trunc_normal(0.1, 0.3, -0.7, 1.1), fi.trunc_normal(0, 1, 3, 5), fi.trunc_normal(1e-40, 1e-42, -1e-300, 1),
    fi.variance_scaling(0.7, "fan_avg", "truncated_normal"), fi.constant(1e-45), fi.constant(65000),
    fi.sparse(0.3, 1e-7), fi.trunc_normal(0, 1, -2, float("inf")), fi.trunc_normal(0, 1, 2, float("inf")),
    fi.eye(), fi.orthogonal(1e-6), fi.orthogonal(-3.0), fi.uniform(0, 1e-46), fi.uniform(1e-300, 1e-299),
    fi.log_uniform(1e-320, 1e-310), fi.inv_softplus_log_uniform(1e-300, 1e-299, 0), fi.log_of_uniform(0, 16, 1e-310),
    fi.ramp(1e-310, 1e-309), fi.icnr(fi.log_of_uniform(1, 2, 1e-9), 1),
]
made = hashlib.sha256()
for scheme in schemes:
    for dtype in (np.float32, np.float64, np.float16):
        made.update(scheme.fill_(np.empty((37, 53), dtype), seed=7, name="w", threads=2).tobytes())
digest = made.hexdigest()
"""
SAY = "print(digest)"
# Flags of the interpreter, environment, what comes before the draws, and after them.
FLAGS = {
    flag: flag.split()
    for flag in ("-O", "-OO", "-W error", "-I", "-E -s", "-X dev -W error", "-bb -W error", "-X utf8=0")
}
THREADS = [
    "",
    " ",
    "abc",
    "0",
    "-3",
    "2,3",
    ",2",
    " 2 ",
    "+2",
    "2.5",
    "1e3",
    "0x2",
    "\u0663",
    "\u00b2",
    "2\n",
    "9" * 18,
]
ENVIRONMENTS = {
    **{f"OMP_NUM_THREADS={value}": {"OMP_NUM_THREADS": value} for value in THREADS},
    "OMP_NUM_THREADS not in UTF-8": {"OMP_NUM_THREADS": "\udcff"},
    "OMP_DYNAMIC": {"OMP_DYNAMIC": "true", "OMP_THREAD_LIMIT": "1", "OMP_NESTED": "true", "OMP_WAIT_POLICY": "passive"},
    "FAST_INIT_ISA=generic": {"FAST_INIT_ISA": "generic"},
    "LANG=C": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
    "dirty memory": {"MALLOC_PERTURB_": "165", "PYTHONMALLOC": "malloc"},
    "no HOME": {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent"},
}
BEFORE = {
    "decimals of one digit": "import decimal; decimal.setcontext(decimal.Context(1, decimal.ROUND_UP, -1, 1))",
    "decimals that trap": "import decimal; decimal.getcontext().traps[decimal.Inexact] = True",
    "decimals that trap by default": "import decimal; decimal.DefaultContext.traps[decimal.Inexact] = True",
    "NumPy raises": "import numpy as np; np.seterr(all='raise')",
    "warnings are errors": "import warnings; warnings.simplefilter('error')",
    "ints of 640 digits": "import sys; getattr(sys, 'set_int_max_str_digits', int)(640)",
    "no working directory": "import os, tempfile; d = tempfile.mkdtemp(); os.chdir(d); os.rmdir(d)",
    "few files": "import numpy.random, resource as r; r.setrlimit(r.RLIMIT_NOFILE, (6, 6))",
    "no stdin, no stderr": "import os; os.close(0); os.close(2)",
    "no sys.stdin and sys.stderr": "import sys; sys.stdin = sys.stderr = sys.__stderr__ = None",
    "a tracer": "import sys; sys.settrace(lambda *_: None); sys.setprofile(lambda *_: None)",
    "no collection, rare switches": "import gc, sys; gc.disable(); sys.setswitchinterval(1e-6)",
}
IN_A_THREAD = """
import threading
names = {}, {}
threads = [threading.Thread(target=exec, args=(draws, globals_of_it)) for globals_of_it in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert names[0]["digest"] == names[1]["digest"]
digest = names[0]["digest"]
"""
IN_A_FORK = """
import os, warnings
exec(draws)
warnings.simplefilter("ignore")
read, write = os.pipe()
child = os.fork()
if not child:
    exec(draws)
    os.write(write, digest.encode())
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
digest = os.read(read, 99).decode()
"""
PROGRAMS = {
    "imported in two threads at once": IN_A_THREAD,
    "in a fork, after use": IN_A_FORK,
    "imported again": "import sys; exec(draws); del sys.modules['fast_init']; exec(draws)",
}


def run(
    program: str, *flags: str, environment: dict[str, str] | None = None, seconds: int = 60
) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OMP_", "FAST_INIT_"))}
    return subprocess.run(
        [sys.executable, *flags, "-c", program],
        env={**inherited, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=seconds,
    )


@pytest.fixture(scope="module")
def digest() -> str:
    """The draws of a process in which nothing is wrong."""
    made = run(f"{DRAWS.format(sources=SOURCES)}\n{SAY}")
    assert made.returncode == 0, made.stderr
    return made.stdout


def assert_same(made: subprocess.CompletedProcess[str], digest: str) -> None:
    assert (made.returncode, made.stdout) == (0, digest), made.stderr


@pytest.mark.parametrize("flags", FLAGS)
def test_interpreters(flags: str, digest: str) -> None:
    made = run(f"{DRAWS.format(sources=SOURCES)}\n{SAY}", *FLAGS[flags])
    assert_same(made, digest)
    assert made.stderr == ""


@pytest.mark.parametrize("name", ENVIRONMENTS, ids=ascii)
def test_environments(name: str, digest: str) -> None:
    assert_same(run(f"{DRAWS.format(sources=SOURCES)}\n{SAY}", environment=ENVIRONMENTS[name]), digest)


def test_a_number_of_threads_of_5000_digits(digest: str) -> None:
    assert_same(run(f"{DRAWS.format(sources=SOURCES)}\n{SAY}", environment={"OMP_NUM_THREADS": "9" * 5000}), digest)


@pytest.mark.parametrize("name", BEFORE)
def test_processes_in_a_bad_state(name: str, digest: str) -> None:
    assert_same(run(f"{BEFORE[name]}\n{DRAWS.format(sources=SOURCES)}\n{SAY}"), digest)


@pytest.mark.parametrize("name", PROGRAMS)
def test_threads_and_forks(name: str, digest: str) -> None:
    assert_same(run(f"draws = {DRAWS.format(sources=SOURCES)!r}\n{PROGRAMS[name]}\n{SAY}"), digest)


def test_without_stdout(digest: str) -> None:
    """Nor has show_config anything to print to."""
    program = f"import os; os.close(1)\n{DRAWS.format(sources=SOURCES)}\nos._exit(digest != {digest.strip()!r})"
    assert run(program).returncode == 0
    shown = "import sys; sys.stdout = None; import fast_init; fast_init.show_config()"
    assert (run(shown).returncode, run(shown).stderr) == (0, "")


@pytest.mark.parametrize("level", ["mmx", "AVX2", "avx2 ", "generic,avx2", "0", "x" * 1000, "\u00fc", "\udcff"])
def test_an_isa_that_there_is_not(level: str) -> None:
    program = (
        f"import sys; sys.path.insert(0, {SOURCES!r})\nimport numpy as np, fast_init as fi\nw = np.full(9, 123.0)\n"
        "try:\n    fi.normal_(w)\nexcept ValueError as error:\n    print(ascii(str(error)), (w == 123).all())"
    )
    made = run(program, environment={"FAST_INIT_ISA": level})
    text, _, untouched = made.stdout.strip().rpartition(" ")
    assert text.startswith(ascii(f"FAST_INIT_ISA={level} is not an ISA level")[:-1]), made.stderr
    assert (untouched, "\\n" in text) == ("True", False)


SUBINTERPRETER = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
made = interpreters.create()
try:
    failed = interpreters.run_string(made, {code!r})
    print(failed or "imported")
except Exception as error:
    print(error)
"""


def test_a_subinterpreter_imports_it_or_says_why_not() -> None:
    code = f"import sys, warnings; warnings.simplefilter('ignore'); sys.path.insert(0, {SOURCES!r}); import fast_init"
    made = run(SUBINTERPRETER.format(code=code), seconds=60)
    if "ModuleNotFoundError" in made.stderr:
        pytest.skip("this Python has no module of subinterpreters")
    assert made.returncode == 0, made.stderr
    assert "imported" in made.stdout or "interpreter" in made.stdout.lower(), made.stdout


def frames() -> int:
    frame, count = sys._getframe(), 0
    while frame.f_back:
        frame, count = frame.f_back, count + 1
    return count


def at_depth(depth: int, function: str, array: object) -> None:
    if depth:
        at_depth(depth - 1, function, array)
    else:
        call(function, array, {})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_stack_that_is_nearly_full(function: str) -> None:
    """The draw, or Python's RecursionError; no byte outside of the array."""
    want = reference(function, shape_of(function), dtype_of(function), {})
    limit, here = sys.getrecursionlimit(), frames()
    sys.setrecursionlimit(here + 150)
    filled = 0
    try:
        for depth in range(90, 150, 2):
            ground = Ground()
            array = ground.lay(shape_of(function), dtype_of(function))
            try:
                at_depth(depth, function, array)
                filled += bool((as_bits(array) == as_bits(want)).all())
            except RecursionError:
                filled += 1
            ground.assert_untouched(but=array)
    finally:
        sys.setrecursionlimit(limit)
    assert filled == 30
    assert (as_bits(call(function, np.empty_like(want), {})) == as_bits(want)).all()
