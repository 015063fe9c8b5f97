"""More questions of docs/performance.md: the truncated normal, and blocks of larger tensors."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

import fast_init

from .contests import Calls, Contest, ours, peer, torch_call, warm


def truncated(n: int, dtype: Any = np.float32) -> Contest:
    """Bounds in sigmas: around the mean, one-sided, far; torch's has the same bounds."""
    a = warm(n, dtype)
    calls: Calls = {"normal_": ours(fast_init.normal_, a, 1)}
    for low, high in ((-2.0, 2.0), (-3.0, 3.0), (0.0, inf), (8.0, inf)):
        options: dict[str, Any] = {"a": low, "b": high, "bounds": "sigma"}
        calls[f"[{low:g}, {high:g}]"] = ours(fast_init.trunc_normal_, a, 1, **options)
    with peer("torch"):
        calls["torch [-2, 2]"] = torch_call(a, "trunc_normal_")
    return Contest(f"truncated {np.dtype(dtype).name}", n, calls)


def shards(n: int) -> Contest:
    """Blocks of a tensor with rows of 8192: whole rows, and columns that start at a tile or do not."""
    whole = warm(n, np.float32)
    calls: Calls = {"contiguous": ours(fast_init.normal_, whole, 1)}
    for columns, start in ((8192, 0), (1024, 1024), (256, 256), (64, 64), (64, 100)):
        array = whole.reshape(-1, columns)
        place: dict[str, Any] = {"global_shape": (2 * len(array), 8192), "offset": (len(array), start)}
        calls[f"{columns} columns from {start}"] = ours(fast_init.normal_, array, 1, **place)
    return Contest("shards float32", n, calls)
