"""How fills scale with threads."""

from __future__ import annotations

import numpy as np

import fast_init as fi

from ..contest import Contestant, warm
from ..machine import DEFAULT_THREADS
from ..peers import ours


def scaling(n: int) -> list[Contestant]:
    """1, 2, 4 ... threads up to the default."""
    a = warm(n, np.float32)
    counts = sorted({*(1 << k for k in range(DEFAULT_THREADS.bit_length())), DEFAULT_THREADS})
    return [ours(f"{k} threads", fi.normal_, a, fi.normal(), k) for k in counts]
