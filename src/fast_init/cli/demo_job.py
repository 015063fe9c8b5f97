"""The job of `fast-init demo`: fill every weight of a model, time it beside NumPy, check the values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..recipes.progress import Watch, unwatched
from ..sampling.config import active_isa
from ..sampling.destinations import Array
from ..sampling.dtypes import dtype_named
from ..sampling.streams import key_of
from ..sampling.threads import threads_of
from .demo_checks import Group, group_of, moments_of
from .demo_numpy import numpy_fill
from .demo_timing import Arrays, Fill, median_rounds
from .gpt2_shapes import Tensor, tensors_of

__all__ = ["DTYPES", "Job", "Report", "allocate", "available_memory", "fill", "job_of", "measure"]

DTYPES = ("float32", "float16", "bfloat16", "float64")
MEMORY_SHARE = 0.9  # of what is available, the most that a demo takes
OURS, ONE_THREAD, NUMPY = "fast_init", "fast_init on 1 thread", "NumPy"  # the ways of filling


@dataclass(frozen=True)
class Job:
    """What to fill and how; `job_of` makes it, with every field checked."""

    model: str
    scheme: str
    dtype: np.dtype[Any]
    seed: int
    threads: int
    isa: str
    tensors: dict[str, Tensor]  # by name

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each array, by its tensor's name."""
        return {name: tensor.size * self.dtype.itemsize for name, tensor in self.tensors.items()}

    @property
    def bytes(self) -> int:
        """Bytes of all the arrays."""
        return sum(self.sizes.values())


@dataclass(frozen=True)
class Report:
    """What a run found; what compares is None where NumPy was left out.

    `times_as_fast`, as NumPy, is the product of `kernel_ratio`, of one thread beside NumPy's one, and `thread_ratio`,
    of all threads beside one. The times are those of median rounds.
    """

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
    one_thread_seconds: float | None
    numpy_seconds: float | None
    times_as_fast: float | None
    kernel_ratio: float | None
    thread_ratio: float | None
    ok: bool
    groups: list[Group]


def job_of(
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
    tensors = {tensor.name: tensor for tensor in tensors_of(model, scheme)}
    if dtype not in DTYPES:
        raise ValueError(f"dtype is {dtype!r}; it must be one of {', '.join(DTYPES)}: pass one of these")
    job = Job(model, scheme, _dtype(dtype), key_of(seed), threads_of(threads), active_isa(), tensors)
    available = available_memory()
    if available is not None and job.bytes > MEMORY_SHARE * available:
        raise MemoryError(
            f"{model} in {dtype} needs {job.bytes / 1e9:.3g} GB and {available / 1e9:.3g} GB of memory are available, "
            f"of which a demo takes at most {MEMORY_SHARE:.0%}: choose a smaller model or dtype"
        )
    return job


def _dtype(name: str) -> np.dtype[Any]:
    try:
        return dtype_named(name)
    except ImportError:
        raise ImportError(
            f"dtype is {name!r}; NumPy knows it only with ml_dtypes: pip install 'fast-init[cli]'"
        ) from None


def available_memory() -> int | None:
    """Return the bytes that can be allocated without swapping, None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def allocate(job: Job, watch: Watch = unwatched) -> Arrays:
    """Return an array for each tensor by name, every page of it touched, so that no fill pays for that."""
    return {name: np.full(job.tensors[name].shape, 0, job.dtype) for name in watch("allocate", job.sizes)}


def fill(array: Array, tensor: Tensor, seed: int, threads: int | None = None) -> None:
    """Fill the array as the tensor is initialised, from the stream of its name."""
    tensor.scheme.fill_(array, seed=seed, name=tensor.name, threads=threads)


def measure(job: Job, arrays: Arrays, watch: Watch = unwatched, *, compare: bool = True) -> Report:
    """Fill the arrays in every way, the last of which is fast_init's and leaves its values, and check these."""
    times = median_rounds(_ways(job, compare=compare), job.tensors, arrays, watch)
    moments = {name: moments_of(arrays[name]) for name in watch("check", job.sizes)}
    roles: dict[str, list[Tensor]] = {}
    for tensor in job.tensors.values():
        roles.setdefault(tensor.group, []).append(tensor)
    groups = [group_of(tensors, job.dtype.itemsize, times[OURS], moments) for tensors in roles.values()]
    totals = {way: sum(seconds.values()) for way, seconds in times.items()}
    total, numpy = totals[OURS], totals.get(NUMPY)
    one = totals.get(ONE_THREAD, total if compare else None)
    return Report(
        model=job.model,
        scheme=job.scheme,
        dtype=job.dtype.name,
        seed=job.seed,
        threads=job.threads,
        isa=job.isa,
        parameters=sum(t.size for t in job.tensors.values()),
        bytes=job.bytes,
        seconds=total,
        gb_per_s=job.bytes / total / 1e9,
        one_thread_seconds=one,
        numpy_seconds=numpy,
        times_as_fast=_ratio(numpy, total),
        kernel_ratio=_ratio(numpy, one),
        thread_ratio=_ratio(one, total),
        ok=all(group.ok for group in groups),
        groups=groups,
    )


def _ways(job: Job, *, compare: bool) -> dict[str, Fill]:
    """Return the ways of filling, fast_init's last; one thread only where that is not all of them."""
    ways: dict[str, Fill] = {}
    if compare:
        ways[NUMPY] = numpy_fill(job.seed)
    if compare and job.threads > 1:
        ways[ONE_THREAD] = lambda array, tensor: fill(array, tensor, job.seed, 1)
    ways[OURS] = lambda array, tensor: fill(array, tensor, job.seed, job.threads)
    return ways


def _ratio(slow: float | None, fast: float | None) -> float | None:
    return None if slow is None or fast is None else slow / fast
