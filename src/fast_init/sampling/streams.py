"""From a seed and a name to the key and stream id of Philox (docs/stream.md)."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from secrets import randbits
from typing import TypeAlias

import numpy as np

from .numbers import int_of
from .shown import shown

__all__ = ["STREAM_VERSION", "Seed", "check_seed", "key_of", "stream_of"]

STREAM_VERSION = 1

Seed: TypeAlias = "int | np.integer | np.random.SeedSequence | np.random.Generator | None"


def key_of(seed: Seed) -> int:
    """Return the 64-bit key: the seed itself, or 64 bits drawn from what was given."""
    if seed is None:
        return randbits(64)
    if isinstance(seed, np.random.SeedSequence):
        return int(seed.generate_state(1, np.uint64)[0])
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(0, 1 << 64, dtype=np.uint64))
    value = int_of(seed)
    if value is None:
        raise TypeError(
            f"seed is {shown(seed)}; it must be an int, a numpy SeedSequence or Generator, or None: pass an int"
        )
    if not 0 <= value < 1 << 64:
        raise ValueError(f"seed is {shown(value)}; it must be in [0, 2**64): pass a seed of at most 64 bits")
    return value


def check_seed(seed: Seed) -> None:
    """Raise what `key_of` would; nothing is drawn from a Generator."""
    if not isinstance(seed, np.random.Generator):
        key_of(seed)


def stream_of(name: str | None) -> int:
    """Return the 64-bit stream id: 0 without a name, else BLAKE2b of its UTF-8 bytes."""
    if name is None:
        return 0
    if not isinstance(name, str):
        raise TypeError(f"name is {shown(name)}; it must be a str or None: pass the tensor's name")
    return _hash(name)


@lru_cache(maxsize=4096)
def _hash(name: str) -> int:
    try:
        text = name.encode()
    except UnicodeEncodeError:
        raise ValueError(
            f"name is {shown(name)}; it must have an encoding in UTF-8: pass one without surrogates"
        ) from None
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
