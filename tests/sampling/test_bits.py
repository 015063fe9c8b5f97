"""One value per index: the same bits whatever the level, threads, layout, length and neighbours."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init
from fast_init import _core
from support.draws import CASE_IDS, CASES, DRAWS, FLOATS, Array, as_bits, draw

LENGTHS = [0, 1, 3, 15, 16, 17, 63, 64, 65, 10003, 1 << 20]
THREADS = [1, 2, 3, 7]
SEED: dict[str, Any] = {"seed": 77, "name": "w", "on_empty": "ignore"}

LEVEL_SCRIPT = """
import sys; sys.path[:0] = sys.argv[1:]
import test_bits
print(test_bits.digest())
"""


def digest() -> str:
    """One hash over all distributions, dtypes and lengths, drawn by the active level."""
    whole = hashlib.sha256()
    for name, dtype in CASES:
        for length in LENGTHS:
            whole.update(draw(name, dtype, length, **SEED, threads=2).tobytes())
    for dtype in FLOATS:  # underflow, and sums that round away either term
        for mean, std in [(0.0, 1e-40), (1e-41, 1e-39), (-0.0, 0.0), (1.0, 1e-8), (-3.0, 1e3)]:
            whole.update(draw("normal", dtype, 1000, mean=mean, std=std, **SEED).tobytes())
    return whole.hexdigest()


@pytest.mark.parametrize("isa", [isa for isa in _core.available_isas() if isa != _core.active_isa()])
def test_every_isa_level_gives_the_same_bits(isa: str) -> None:
    command = [sys.executable, "-c", LEVEL_SCRIPT, str(Path(__file__).parent), str(Path(__file__).parents[1])]
    run = subprocess.run(
        command, env={**os.environ, "FAST_INIT_ISA": isa}, capture_output=True, text=True, check=True, timeout=600
    )
    assert run.stdout.strip() == digest()


@pytest.mark.parametrize(("name", "dtype"), CASES, ids=CASE_IDS)
def test_threads_and_lengths(name: str, dtype: np.dtype[Any]) -> None:
    longest = draw(name, dtype, LENGTHS[-1], **SEED, threads=1)
    for length in LENGTHS:
        for threads in THREADS:
            assert (as_bits(draw(name, dtype, length, **SEED, threads=threads)) == as_bits(longest[:length])).all()


def in_rows(shape: tuple[int, ...], dtype: np.dtype[Any], step: int) -> Array:
    """A view of the shape in every `step`-th element of a larger array, along each axis."""
    return np.empty([step * n for n in shape], dtype)[tuple(slice(None, None, step) for _ in shape)]


LAYOUTS: dict[str, Callable[[tuple[int, ...], np.dtype[Any]], Array]] = {
    "contiguous": lambda shape, dtype: np.empty(shape, dtype),
    "fortran": lambda shape, dtype: np.empty(shape, dtype, order="F"),
    "transposed": lambda shape, dtype: np.empty(shape[::-1], dtype).T,
    "swapped axes": lambda shape, dtype: np.empty((shape[1], shape[0], *shape[2:]), dtype).swapaxes(0, 1),
    "matrices transposed": lambda shape, dtype: np.empty((*shape[:-2], shape[-1], shape[-2]), dtype).swapaxes(-1, -2),
    "columns": lambda shape, dtype: np.empty((*shape[:-1], shape[-1] + 5), dtype)[..., 2:-3],
    "every other": lambda shape, dtype: in_rows(shape, dtype, 2),
    "every third backwards": lambda shape, dtype: in_rows(shape, dtype, 3)[::-1],
    "reversed": lambda shape, dtype: np.empty(shape, dtype)[tuple(slice(None, None, -1) for _ in shape)],
    "rows reversed": lambda shape, dtype: np.empty(shape, dtype)[::-1],
    "field": lambda shape, dtype: np.empty(shape, [("a", "V8"), ("x", dtype)])["x"],
    "unit axes": lambda shape, dtype: np.empty((1, *shape, 1), dtype)[0, ..., 0],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("name", "dtype"), CASES, ids=CASE_IDS)
def test_layouts(name: str, dtype: np.dtype[Any], layout: str) -> None:
    for shape in [
        (1, 1),
        (7, 3),
        (65, 64),
        (3, 50001),
        (50001, 3),
        (130, 1700),
        (300, 300),
        (5, 6, 7, 11),
        (3, 70, 300),
        (500, 3, 4),
        (0, 4),
    ]:
        array = LAYOUTS[layout](shape, dtype)
        want = draw(name, dtype, array.size, **SEED)
        for threads in (1, 3):
            assert DRAWS[name][0](array, **SEED, threads=threads) is array
            assert (as_bits(array).ravel() == as_bits(want)).all()


@pytest.mark.parametrize(("name", "dtype"), CASES, ids=CASE_IDS)
def test_a_0d_array_is_element_0(name: str, dtype: np.dtype[Any]) -> None:
    array = DRAWS[name][0](np.empty((), dtype), **SEED)
    assert array.ndim == 0
    assert as_bits(array).ravel() == as_bits(draw(name, dtype, 1, **SEED))


@pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
def test_a_memmap_is_filled_on_disk(tmp_path: Path, dtype: np.dtype[Any]) -> None:
    file = np.memmap(tmp_path / "w.bin", dtype=dtype, mode="w+", shape=(100, 70))
    fast_init.normal_(file, **SEED)
    file.flush()
    assert (tmp_path / "w.bin").read_bytes() == draw("normal", dtype, 7000, **SEED).tobytes()


@pytest.mark.parametrize(("name", "dtype"), CASES, ids=CASE_IDS)
@pytest.mark.parametrize("offset", [0, 1, 5, 16, 31])
def test_nothing_outside_the_destination_is_written(name: str, dtype: np.dtype[Any], offset: int) -> None:
    for length in (*LENGTHS[:-1], 70000):
        memory = np.full((length + 64 + offset) * dtype.itemsize, 0xA5, np.uint8)
        view = memory.view(dtype)[offset : offset + length]
        DRAWS[name][0](view, **SEED, threads=2)
        assert (as_bits(view) == as_bits(draw(name, dtype, length, **SEED))).all()
        guards = np.concatenate([memory[: offset * dtype.itemsize], memory[(offset + length) * dtype.itemsize :]])
        assert (guards == 0xA5).all()


@pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
def test_nothing_between_strided_elements_is_written(dtype: np.dtype[Any]) -> None:
    memory = np.full((300, 70, dtype.itemsize), 0xA5, np.uint8).view(dtype)[..., 0]
    fast_init.normal_(memory[1:-1:2, 3:-3:3], **SEED)
    untouched = np.ones(memory.shape, bool)
    untouched[1:-1:2, 3:-3:3] = False
    assert (np.ascontiguousarray(memory[untouched]).view(np.uint8) == 0xA5).all()


@pytest.mark.parametrize("dtype", [np.dtype(np.float16), FLOATS[3]], ids=["float16", "bfloat16"])
@pytest.mark.parametrize("std", [1.0, 1e-4, 3e-7, 1e-30])
def test_16_bit_floats_are_the_float32_result_rounded(dtype: np.dtype[Any], std: float) -> None:
    wide = fast_init.normal_(np.empty(200_000, np.float32), 0.0, std, **SEED)
    narrow = fast_init.normal_(np.empty(200_000, dtype), 0.0, std, **SEED)
    with np.errstate(all="ignore"):
        assert (as_bits(narrow) == as_bits(wide.astype(dtype))).all()


def test_names_and_seeds_are_different_streams_in_any_order() -> None:
    def first(**random: Any) -> bytes:
        return draw("bits", np.dtype(np.uint32), 4, **random).tobytes()

    streams = [first(seed=s, name=n) for s in (0, 1, 2**63) for n in (None, "", "a", "b")]
    assert len(set(streams)) == len(streams)
    assert streams == [first(seed=s, name=n) for s in (0, 1, 2**63) for n in (None, "", "a", "b")]
