"""All contests, in the order in which they run."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..contest import Contest, size_label
from .distributions import (
    normal_16_bit,
    normal_float32,
    normal_float64,
    normal_on_one_level,
    truncated,
    uniform_float32,
)
from .memory import cached, fresh, shards, strided
from .sizes import contests as contests_of_sizes
from .sizes import small
from .threads import scaling

SMALL = (1, 64, 1024)


def programme(quick: bool) -> list[Contest]:
    """Return the contests; quick: small buffers, a fiftieth of the calls."""
    big = 1 << 20 if quick else 1 << 26
    contests = [
        # First: the idle threads of other libraries may spin for a while.
        *(threads(k << 20) for k in ((1,) if quick else (1, 4, 16, 64))),
        *contests_of_sizes((1, 64, 1 << 12) if quick else (1, 64, 1 << 12, 1 << 20, 1 << 24)),
        Contest("normal float32", big, normal_float32),
        Contest("normal float64", big // 2, normal_float64),
        Contest("normal 16-bit", 2 * big, normal_16_bit),
        Contest("uniform float32", big, uniform_float32),
        Contest("truncated float32", big // 16, partial(truncated, dtype="float32")),
        Contest("truncated float64", big // 16, partial(truncated, dtype="float64")),
        Contest("shards float32", big, shards),
        Contest("fresh float32", big, fresh),
        Contest("strided float32", big, strided),
        *(Contest(f"small, {n}", n, small, repeat=20_000 // (1 + n // 50)) for n in SMALL),
        Contest("cached float32", 65_536, cached, repeat=500),
        Contest("normal float32, AVX2", big, normal_on_one_level, isa="avx2"),
    ]
    return [replace(contest, repeat=max(1, contest.repeat // 50)) for contest in contests] if quick else contests


def threads(n: int) -> Contest:
    return Contest(f"threads, {size_label(n)}", n, scaling, repeat=max(1, (1 << 24) // n))
