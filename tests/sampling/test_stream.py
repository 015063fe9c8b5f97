"""The stream is the one of docs/stream.md: known answers, the reference, golden digests."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from math import inf, isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fast_init import _core, normal_, sparse_
from fast_init.sampling.calls import WORDS_PLAN, DrawPlan, KernelCall
from fast_init.sampling.destinations import float_dtype
from fast_init.sampling.streams import key_of, stream_of
from fast_init.sampling.truncation import truncated_plan, truncation_of
from support import reference, reference_truncated
from support.counters import counter_of
from support.draws import CASE_IDS, CASES, FLOATS, as_bits, draw

DATA = Path(__file__).parents[1] / "data"
KNOWN = [line.split() for line in (DATA / "kat_vectors.txt").read_text().splitlines() if not line.startswith("#")]
CODES = {"float32": _core.FLOAT32, "float64": _core.FLOAT64, "float16": _core.FLOAT16, "bfloat16": _core.BFLOAT16}
# Zero or far from underflow, where the reference's fma loses its error terms.
PARAMETERS = st.just(0.0) | st.just(-0.0) | st.floats(1e-20, 100) | st.floats(-100, -1e-20)


@pytest.mark.parametrize("line", KNOWN, ids=lambda line: f"{line[1]}-{line[2]}")
def test_known_answers_of_random123(line: list[str]) -> None:
    rounds, words = int(line[1]), np.array([int(word, 16) for word in line[2:]], np.uint32)
    counters = np.tile(words[:4], (37, 1))  # several vectors and a part of one, on every level
    blocks = _core.philox4x32(counters, words[4:6], rounds)
    assert (blocks == words[6:]).all()


def test_philox_hook_agrees_with_reference_on_random_counters() -> None:
    counters = np.random.default_rng(1).integers(0, 1 << 32, (1000, 4), dtype=np.uint32)
    for a, b, c, d in counters[:20]:
        want = reference.philox(7 | 9 << 32, int(c) | int(d) << 32, np.array([int(a) | int(b) << 32], np.uint64))
        got = _core.philox4x32(np.array([[a, b, c, d]], np.uint32), np.array([7, 9], np.uint32))
        assert (got.ravel() == want.ravel()).all()


REFERENCED = [case for case in CASES if case[0] in ("normal", "uniform", "bits")]  # the others: test_truncated.py


@pytest.mark.parametrize(("name", "dtype"), REFERENCED, ids=[f"{name}-{dtype.name}" for name, dtype in REFERENCED])
@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**64 - 1),
    stream=st.none() | st.text(max_size=20),
    count=st.integers(1, 3000),
    parameters=st.tuples(PARAMETERS, PARAMETERS.map(abs)),
)
def test_reference_gives_the_same_bits(
    name: str, dtype: np.dtype[Any], seed: int, stream: str | None, count: int, parameters: tuple[float, float]
) -> None:
    p0 = parameters[0] or 0.0 if name == "normal" else parameters[0]  # the reference's fma loses the sign of 0 + -0
    p1 = parameters[1] + (parameters[0] if name == "uniform" else 0)
    bounds = {"normal": {"mean": p0, "std": p1}, "uniform": {"a": p0, "b": p1}, "bits": {}}[name]
    want = reference.draw(name, dtype.type, seed, 0 if stream is None else stream, 0, count, p0, p1)
    assert (as_bits(draw(name, dtype, count, seed=seed, name=stream, **bounds)) == as_bits(want)).all()


@pytest.mark.parametrize("first", [1, 63, 1000, 2**32 - 5, 2**34 - 70, 2**36 + 17, 2**63, 2**64 - 500])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_elements_are_addressed_by_64_bit_index(first: int, dtype: str) -> None:
    array = np.empty(300, dtype)
    _core.fill(array, DrawPlan(_core.NORMAL, CODES[dtype], (0.0, 1.0)), 5, 0, first, (), 1)
    assert (as_bits(array) == as_bits(reference.draw("normal", array.dtype.type, 5, 0, first, 300))).all()


@pytest.mark.parametrize("rounds", [-1, 11])
def test_philox_hook_has_keys_for_ten_rounds(rounds: int) -> None:
    with pytest.raises(ValueError, match=r"rounds must be in 0 \.\. 10"):
        _core.philox4x32(np.zeros((1, 4), np.uint32), np.zeros(2, np.uint32), rounds)


@pytest.mark.parametrize("radius", [0, 1, -1, 4095, -4095, 4096, -4096, -(2**31), 2**31 - 1])
@pytest.mark.parametrize("number", [0, 2])
def test_tail_of_the_radius(radius: int, number: int) -> None:
    """Elements whose radius word is as wanted, found by inverting Philox until the index is addressable."""
    for trial in range(1000):
        block = [trial, 0x12345678, trial, 0x9ABCDEF0]
        block[number] = radius % 2**32
        a, b, c, d = counter_of(block, [3, 0])
        if b < 1 << 28:
            break
    index, stream = a | b << 32, c | d << 32
    first = index // 16 * 64 + index % 16 + 16 * number
    array = np.empty(17, np.float32)  # both elements of the pair
    _core.fill(array, DrawPlan(_core.NORMAL, _core.FLOAT32, (0.0, 1.0)), 3, stream, first, (), 1)
    word = np.empty(1, np.uint32)
    _core.fill(word, WORDS_PLAN, 3, stream, first, (), 1)
    assert word[0] == radius % 2**32
    want = reference.draw("normal", np.float32, 3, stream, first, 17)
    assert (as_bits(array) == as_bits(want)).all()
    r = float(np.hypot(np.float64(array[0]), np.float64(array[16])))
    floor = np.sqrt(max(0.0, -2 * np.log((abs(radius) + 0.5) / 2**31)))
    assert r > floor - 1e-4


def test_tail_reaches_beyond_a_32_bit_uniform() -> None:
    """Of 2^26 normals about 64 have a continued radius: |z| <= r, r > 5.13."""
    words = draw("bits", np.dtype(np.uint32), 1 << 24, seed=9).view(np.int32).reshape(-1, 4, 16)
    tiles, pairs, lanes = np.nonzero(np.abs(words[:, 0::2].astype(np.int64)) < 4096)
    assert 2 <= len(tiles) <= 50  # expectation 2^23 * 8191 / 2^32 = 16
    values = normal_(np.empty(1 << 24, np.float32), seed=9)
    for tile, pair, lane in zip(tiles, pairs, lanes, strict=True):
        i = int(64 * tile + 32 * pair + lane)
        assert (
            as_bits(values[i : i + 17]).tolist() == as_bits(reference.draw("normal", np.float32, 9, 0, i, 17)).tolist()
        )


@pytest.mark.parametrize("mean", [1.0, 1 + 2.0**-23], ids=["even", "odd"])
def test_fma_rounds_once(mean: float) -> None:
    """fma(z, std, mean) a hair above or below the middle of two floats: rounding twice goes to the even one."""
    found = 0
    for index, z in enumerate(draw("normal", np.dtype(np.float32), 3000, seed=4)):
        if z <= 0:
            continue
        for std in (np.float32(2.0**-24 / float(z)), np.nextafter(np.float32(2.0**-24 / float(z)), np.float32(1))):
            excess = Fraction(float(z)) * Fraction(float(std)) * 2**24 - 1
            if excess == 0 or abs(excess) > 2.0**-30:  # a double holds the sum exactly or on the right side
                continue
            value = np.empty(1, np.float32)
            _core.fill(value, DrawPlan(_core.NORMAL, _core.FLOAT32, (mean, float(std))), 4, 0, index, (), 1)
            assert value[0] == (mean + 2.0**-23 if excess > 0 else mean)
            found += 1
    assert found > 20


@pytest.mark.parametrize(
    ("number", "word", "zeros"), [(0, 2**31 - 64, 2), (0, 2**31 - 65, 0), (1, 2**31 - 64, 1), (1, 2**31 - 65, 0)]
)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_words_of_exact_zeros(number: int, word: int, zeros: int, sign: int) -> None:
    """By the page: a radius of 0, and a cosine of 0; 129 words each."""
    words = [12345, 12345, 0, 9]
    words[number] = sign * word % 2**32
    for words[2] in range(1000):
        a, b, c, d = counter_of(words, [3, 0])
        if b < 1 << 28:
            break
    block = a | b << 32
    pair = np.empty(17, np.float32)
    _core.fill(
        pair, DrawPlan(_core.NORMAL, _core.FLOAT32, (0.0, 1.0)), 3, c | d << 32, block // 16 * 64 + block % 16, (), 1
    )
    assert [pair[0], pair[16]].count(0) == zeros


@pytest.mark.parametrize("name", [None, "", "w"])
def test_the_zeros_of_a_sparse_matrix(name: str | None) -> None:
    words = reference.draw("bits", np.uint32, 5, "\0zeros of no name" if name is None else name + "\0zeros", 0, 700)
    want = reference.draw("normal", np.float32, 5, 0 if name is None else name, 0, 700, 0.0, 0.5).reshape(100, 7)
    np.put_along_axis(want, np.argsort(words.reshape(100, 7), axis=0)[:31], np.float32(0), axis=0)
    assert (as_bits(sparse_(np.empty((100, 7), np.float32), 0.301, 0.5, seed=5, name=name)) == as_bits(want)).all()


def test_a_name_is_taken_as_it_is() -> None:
    assert len({stream_of(name) for name in (None, "", "\u00e9", "e\u0301")}) == 4
    with pytest.raises(ValueError, match="without surrogates"):
        stream_of("\ud800")


def test_a_seed_of_numpy() -> None:
    generator, same = np.random.default_rng(3), np.random.default_rng(3)
    assert key_of(generator) == int(same.integers(0, 2**64, dtype=np.uint64))
    assert key_of(np.random.SeedSequence(3)) == int(np.random.SeedSequence(3).generate_state(1, np.uint64)[0])


NUMBERS = (
    st.floats(allow_nan=False)
    | st.sampled_from([0.0, -0.0, 1e-300, -1e-300, 65504.0, 7e4, 3.5e38])
    | st.floats(-20, 20)
)


@settings(max_examples=400)
@given(
    dtype=st.sampled_from(FLOATS),
    mean=NUMBERS.filter(isfinite),
    std=NUMBERS.map(abs).filter(lambda x: 0 < x < inf),
    a=NUMBERS,
    b=NUMBERS,
    bounds=st.sampled_from(["absolute", "sigma"]),
)
def test_the_page_settles_which_way_an_interval_is_drawn(
    dtype: np.dtype[Any], mean: float, std: float, a: float, b: float, bounds: Any
) -> None:
    known, (a, b) = float_dtype(dtype), sorted((a, b))
    assume(abs(mean) <= known.largest and std <= known.largest and a < b)
    with np.errstate(all="ignore"):
        *moved, alpha, beta = reference_truncated.bounds_of(mean, std, a, b, bounds == "sigma", known.largest)
    lowest, highest = reference_truncated.ends_of(moved[0], moved[1], dtype, known.largest)
    if lowest > highest or (bounds == "absolute" and (alpha == inf or beta == -inf)):
        with pytest.raises(ValueError, match=r"no .* lies between them|more than 1\.8e308"):
            truncated_plan(truncation_of(mean, std, a, b, bounds, known.largest), known)
        return
    plan = truncated_plan(truncation_of(mean, std, a, b, bounds, known.largest), known)
    with np.errstate(over="ignore"):
        within = reference_truncated.normal_is_within(mean, std, lowest, highest, dtype)
    kind = reference_truncated.kind_of(alpha, beta, within)
    origin, scale = (moved[1], -std) if alpha + beta < 0 else (moved[0], std)
    numbers = {
        "normal": (mean, std),
        "uniform": (*moved, lowest, highest),
        "center": (mean, std, lowest, highest),
        "tail": (origin, scale, lowest, highest),
    }[kind]
    codes = {
        "normal": _core.NORMAL,
        "uniform": _core.UNIFORM,
        "center": _core.TRUNCATED_CENTER,
        "tail": _core.TRUNCATED_TAIL,
    }
    assert plan.distribution == codes[kind]
    assert [*map(float.hex, plan.parameters[: len(numbers)])] == [*map(float.hex, numbers)]


def digests() -> dict[str, str]:
    """SHA-256 of 100,003 elements of every distribution and dtype, little-endian."""
    return {
        f"{case}": hashlib.sha256(draw(name, dtype, 100_003, seed=20261121, name="golden").tobytes()).hexdigest()
        for case, (name, dtype) in zip(CASE_IDS, CASES, strict=True)
    }


def test_golden_digests() -> None:
    """Frozen: a change here is a new stream version, not an update of the file."""
    assert digests() == json.loads((DATA / "golden.json").read_text())


def test_the_core_reads_the_fields_that_python_names() -> None:
    assert KernelCall._fields == _core.CALL_FIELDS
    assert DrawPlan._fields == _core.PLAN_FIELDS


def test_the_sign_of_a_zero_is_a_parameter_too() -> None:
    """fma(z, 0, 0.0) is 0.0 and fma(z, 0, -0.0) is -0.0 where z < 0, whichever was drawn before."""
    for _ in range(2):
        assert not np.signbit(normal_(np.empty(100, np.float32), 0.0, 0.0, seed=1)).any()
        assert np.signbit(normal_(np.empty(100, np.float32), -0.0, 0.0, seed=1)).any()
