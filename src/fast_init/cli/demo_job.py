"""The job of `fast-init demo`: fill every weight of a model, time it beside NumPy, check the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod, sqrt
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np

from .. import _core
from ..sampling.streams import key_of
from ..sampling.threads import threads_of
from .gpt2_shapes import Tensor, fill, tensors_of

__all__ = ["DTYPES", "Group", "Job", "Report", "allocate", "available_memory", "numpy_fill", "prepare", "run"]

DTYPES = ("float32", "float16", "bfloat16", "float64")
BLOCK = 1 << 16  # elements checked, or cast for NumPy, at a time: they stay in the cache
MEMORY_SHARE = 0.9  # of what is available, the most that a demo takes

Array: TypeAlias = np.ndarray[Any, Any]
Arrays: TypeAlias = dict[str, Array]
Fill: TypeAlias = Callable[[Array, Tensor], None]
Track: TypeAlias = Callable[[Sequence[Tensor], str], Iterable[Tensor]]


@dataclass(frozen=True)
class Job:
    """What to fill and how; `prepare` makes it, with every field checked."""

    model: str
    scheme: str
    dtype: np.dtype[Any]
    seed: int
    threads: int
    isa: str
    tensors: list[Tensor]

    @property
    def bytes(self) -> int:
        """Size of all the arrays."""
        return sum(tensor.size for tensor in self.tensors) * self.dtype.itemsize


@dataclass(frozen=True)
class Group:
    """Tensors with one role. `ok`: mean and std are within six standard errors of the formula's."""

    group: str
    tensors: int
    shapes: list[tuple[int, ...]]
    init: str
    expected_mean: float
    measured_mean: float
    expected_std: float
    measured_std: float
    std_tolerance: float
    seconds: float
    gb_per_s: float
    ok: bool


@dataclass(frozen=True)
class Report:
    """What a run found; `numpy_seconds` and `times_as_fast` are None where NumPy was left out."""

    model: str
    scheme: str
    dtype: str
    seed: int
    threads: int
    isa: str
    parameters: int
    bytes: int
    seconds: float
    gb_per_s: float
    numpy_seconds: float | None
    times_as_fast: float | None
    ok: bool
    groups: list[Group]


def prepare(
    model: str = "gpt2", scheme: str = "gpt2", dtype: str = "float32", seed: int = 0, threads: int | None = None
) -> Job:
    """Return the job, checked; what it raises says in one sentence what to change.

    Raises
    ------
    ValueError, TypeError
        An argument, or FAST_INIT_ISA in the environment, has a value it must not have.
    ImportError
        bfloat16 is wanted and ml_dtypes is not installed.
    MemoryError
        The arrays need more than nine tenths of the memory that is available, where that is known.
    """
    tensors = tensors_of(model, scheme)
    used = min(threads_of(threads), _core.thread_limit())
    job = Job(model, scheme, _dtype(dtype), key_of(seed), used, _core.active_isa(), tensors)
    available = available_memory()
    if available is not None and job.bytes > MEMORY_SHARE * available:
        raise MemoryError(
            f"{model} in {dtype} needs {job.bytes / 1e9:.3g} GB and {available / 1e9:.3g} GB of memory are available, "
            f"of which a demo takes at most {MEMORY_SHARE:.0%}: choose a smaller model or dtype"
        )
    return job


def _dtype(name: str) -> np.dtype[Any]:
    if name not in DTYPES:
        raise ValueError(f"dtype is {name!r}; it must be one of {', '.join(DTYPES)}: pass one of these")
    if name != "bfloat16":
        return np.dtype(name)
    try:
        import ml_dtypes
    except ImportError:
        raise ImportError("dtype is 'bfloat16'; NumPy knows it only with ml_dtypes: pip install ml_dtypes") from None
    bfloat16: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return bfloat16


def available_memory() -> int | None:
    """Return the bytes that can be allocated without swapping, None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def unwatched(tensors: Sequence[Tensor], _what: str) -> Iterable[Tensor]:
    """The `Track` that shows nothing."""
    return tensors


def allocate(job: Job, track: Track = unwatched) -> Arrays:
    """Return an array for each tensor by name, every page of it touched, so that no fill pays for that."""
    return {t.name: np.full(t.shape, 0, job.dtype) for t in track(job.tensors, "allocate")}


def run(job: Job, arrays: Arrays, track: Track = unwatched, *, compare: bool = True) -> Report:
    """Fill the arrays with NumPy, if it is to compare, and then with fast_init, which leaves its values in them.

    `track` is called with the tensors and the name of each pass over them, and may watch its progress.
    """
    numpy_seconds = None
    if compare:
        numpy_seconds = sum(_time(numpy_fill(job.seed), job, arrays, track, "NumPy").values())
    seconds = _time(lambda array, tensor: fill(array, tensor, job.seed, job.threads), job, arrays, track, "fast_init")
    moments = {t.name: _moments(arrays[t.name]) for t in track(job.tensors, "check")}
    names = dict.fromkeys(t.group for t in job.tensors)
    groups = [_group([t for t in job.tensors if t.group == name], job, seconds, moments) for name in names]
    total = sum(seconds.values())
    return Report(
        model=job.model,
        scheme=job.scheme,
        dtype=job.dtype.name,
        seed=job.seed,
        threads=job.threads,
        isa=job.isa,
        parameters=sum(t.size for t in job.tensors),
        bytes=job.bytes,
        seconds=total,
        gb_per_s=job.bytes / total / 1e9,
        numpy_seconds=numpy_seconds,
        times_as_fast=None if numpy_seconds is None else numpy_seconds / total,
        ok=all(group.ok for group in groups),
        groups=groups,
    )


def _time(fill_one: Fill, job: Job, arrays: Arrays, track: Track, what: str) -> dict[str, float]:
    """Return the seconds that each tensor took, after one fill that is not timed."""
    fill_one(np.empty(4 * BLOCK, job.dtype), Tensor("warm-up", "", (4 * BLOCK,), "normal_", 1.0))
    seconds = {}
    for tensor in track(job.tensors, what):
        start = perf_counter()
        fill_one(arrays[tensor.name], tensor)
        seconds[tensor.name] = perf_counter() - start
    return seconds


def numpy_fill(seed: int) -> Fill:
    """Return the fill of the same distributions by NumPy's fastest generator.

    NumPy has no 16-bit normals: it draws float32 ones, a block in the cache at a time, and casts them.
    """
    generator = np.random.Generator(np.random.SFC64(seed))
    scratch = np.zeros(BLOCK, np.float32)

    def fill_one(array: Array, tensor: Tensor) -> None:
        if tensor.std == 0:
            array.fill(tensor.mean)
        elif array.itemsize > 2:
            generator.standard_normal(out=array, dtype=array.dtype)
            array *= tensor.std
        else:
            for block in _blocks(array):
                draws = scratch[: block.size]
                generator.standard_normal(out=draws, dtype=np.float32)
                draws *= tensor.std
                block[...] = draws

    return fill_one


def _blocks(array: Array) -> Iterable[Array]:
    flat = array.reshape(-1)
    return (flat[start : start + BLOCK] for start in range(0, flat.size, BLOCK))


def _moments(array: Array) -> tuple[float, float]:
    """Return the sum and the sum of squares, in float64."""
    total = squares = 0.0
    for block in _blocks(array):
        values = block.astype(np.float64)
        total += float(values.sum())
        squares += float(np.square(values, out=values).sum())
    return total, squares


def _group(
    tensors: list[Tensor], job: Job, seconds: dict[str, float], moments: dict[str, tuple[float, float]]
) -> Group:
    """Compare the pooled values of tensors of one mean with it and with the root of their mean variance."""
    size = sum(t.size for t in tensors)
    mean = tensors[0].mean
    std = sqrt(sum(t.size * t.std**2 for t in tensors) / size)
    total, squares = (sum(moments[t.name][k] for t in tensors) for k in (0, 1))
    measured_mean = total / size
    measured_std = sqrt(max(0.0, squares / size - measured_mean**2))
    fourth = sum(t.size * t.std**4 for t in tensors)
    tolerance = 6 * sqrt(fourth / 2) / (size * std) if std else 0.0
    if job.dtype.itemsize == 2:
        tolerance += std * 2**-9
    time = sum(seconds[t.name] for t in tensors)
    return Group(
        group=tensors[0].group,
        tensors=len(tensors),
        shapes=sorted({t.shape for t in tensors}, key=prod),
        init=tensors[0].init,
        expected_mean=mean,
        measured_mean=measured_mean,
        expected_std=std,
        measured_std=measured_std,
        std_tolerance=tolerance,
        seconds=time,
        gb_per_s=size * job.dtype.itemsize / max(time, 1e-9) / 1e9,
        ok=abs(measured_std - std) <= tolerance and abs(measured_mean - mean) <= 6 * std / sqrt(size),
    )
