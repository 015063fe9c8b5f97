"""How many threads a fill may use."""

from __future__ import annotations

import os
from math import ceil
from pathlib import Path

from .numbers import int_of
from .shown import shown

__all__ = ["DEFAULT_THREADS", "threads_of"]

MOST = 1024  # threads, whatever is asked for


def threads_of(threads: int | None) -> int:
    """Return the number of threads to use: the one given, checked, or the default."""
    if threads is None:
        return DEFAULT_THREADS
    count = int_of(threads)
    if count is None:
        raise TypeError(f"threads is {shown(threads)}; it must be an int or None: pass a number >= 1")
    if count < 1:
        raise ValueError(
            f"threads is {shown(count)}; it must be at least 1: pass a number >= 1, or None for the default"
        )
    return min(count, MOST)


def default_threads() -> int:
    """Return OMP_NUM_THREADS if set, else the smaller of CPU affinity and cgroup quota."""
    first = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip().lstrip("0")
    if first.isascii() and first.isdecimal():
        return min(int(first[:5]), MOST)  # of more than 5 digits as well
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = cgroup_quota(Path("/"))
    return max(1, cpus if quota is None else min(cpus, ceil(quota)))


def cgroup_quota(root: Path) -> float | None:
    """Return the CPUs that the control groups of this process grant it, None without a limit.

    `root` is where /proc and /sys are looked for. Version 2: the smallest `cpu.max` from the process's
    group up; version 1: `cpu.cfs_quota_us` of its cpu group or of the mount.
    """
    limits = []
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        group = Path(path.lstrip("/"))
        if controllers == "":
            base = root / "sys/fs/cgroup"
            limits += [_read(base / g / "cpu.max").split() for g in (group, *group.parents)]
        elif "cpu" in controllers.split(","):
            base = root / "sys/fs/cgroup/cpu"
            for g in (group, *group.parents):
                limits.append(
                    [*_read(base / g / "cpu.cfs_quota_us").split(), *_read(base / g / "cpu.cfs_period_us").split()]
                )
    quotas = [int(q) / int(p) for q, p in (x for x in limits if len(x) == 2) if q.isdecimal() and int(p) > 0]
    return min(quotas, default=None)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


DEFAULT_THREADS = default_threads()  # as of the import
