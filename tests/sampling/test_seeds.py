"""What a seed and a name may be."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from fast_init import bits_
from fast_init.sampling.streams import key_of, stream_of


def words(seed: Any = None, name: str | None = None) -> list[int]:
    return list(bits_(np.empty(4, np.uint32), seed=seed, name=name).tolist())


def test_numpy_integers_are_seeds() -> None:
    assert words(np.uint64(7)) == words(np.int8(7)) == words(7)


def test_a_seed_sequence_gives_its_first_64_bits() -> None:
    sequence = np.random.SeedSequence(5)
    assert words(sequence) == words(int(sequence.generate_state(1, np.uint64)[0])) == words(sequence)


@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.Philox, np.random.MT19937, np.random.SFC64])
def test_a_generator_draws_one_64_bit_key_per_call(kind: Any) -> None:
    a, b = np.random.Generator(kind(5)), np.random.Generator(kind(5))
    keys = [int(b.integers(0, 2**64, dtype=np.uint64)) for _ in range(3)]
    assert [words(a) for _ in range(3)] == [words(key) for key in keys]
    assert len(set(keys)) == 3


def test_no_seed_is_fresh_entropy() -> None:
    assert words() != words()


def test_all_64_bits_count() -> None:
    assert len({tuple(words(1 << k)) for k in range(64)}) == 64
    assert key_of(2**64 - 1) == 2**64 - 1


@pytest.mark.parametrize("name", ["", "w", "layers.0.mlp.down_proj.weight", "ü€"])
def test_the_stream_of_a_name_is_its_blake2b(name: str) -> None:
    want = int.from_bytes(hashlib.blake2b(name.encode("utf-8"), digest_size=8).digest(), "little")
    assert stream_of(name) == want
    assert stream_of(None) == 0
