"""A part of a tensor, drawn alone, has the bits that the whole tensor has there."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fast_init as fi
from support import reference
from support.draws import CASE_IDS, CASES, DRAWS, FLOATS, Array, as_bits, draw

Slices = tuple[slice, ...]
SEED: dict[str, Any] = {"seed": 7, "name": "w"}
SCHEMES = {
    "he": fi.he_normal(),
    "truncated": fi.variance_scaling(2.0, "fan_avg", "truncated_normal", "...io"),
    "constant": fi.constant(0.5),
    "orthogonal": fi.orthogonal(),
    "sparse": fi.sparse(0.25),
    "eye": fi.eye(),
}


@st.composite
def cuts(data: st.DrawFn, axes: int | None = None) -> tuple[tuple[int, ...], Slices]:
    """A shape and a block of it."""
    sizes = st.sampled_from([1, 2, 3, 5, 16, 17, 63, 64, 65, 130]) | st.integers(1, 300)
    shape = tuple(data(st.lists(sizes, min_size=axes or 1, max_size=axes or 4).filter(lambda s: prod(s) < 1 << 21)))
    starts = [data(st.integers(0, n - 1)) for n in shape]
    return shape, tuple(slice(a, data(st.integers(a + 1, n))) for a, n in zip(starts, shape, strict=True))


def empty_like_block(block: Slices, dtype: np.dtype[Any], layout: str) -> Array:
    shape = tuple(s.stop - s.start for s in block)
    if layout == "strided":
        return np.empty([2 * n for n in shape], dtype)[tuple(slice(1, None, 2) for _ in shape)]
    return np.empty(shape, dtype, order="F" if layout == "fortran" else "C")


@pytest.mark.parametrize(("name", "dtype"), CASES, ids=CASE_IDS)
@settings(max_examples=25)
@given(cut=cuts(), layout=st.sampled_from(["contiguous", "fortran", "strided"]), threads=st.integers(1, 3))
def test_any_block(
    name: str, dtype: np.dtype[Any], cut: tuple[tuple[int, ...], Slices], layout: str, threads: int
) -> None:
    shape, block = cut
    whole = DRAWS[name][0](np.empty(shape, dtype), **SEED)
    part = empty_like_block(block, dtype, layout)
    where = {"global_shape": shape, "offset": tuple(s.start for s in block)}
    assert DRAWS[name][0](part, **SEED, **where, threads=threads) is part
    assert (as_bits(part) == as_bits(whole[block])).all()


@pytest.mark.parametrize(("name", "dtype"), CASES, ids=CASE_IDS)
@settings(max_examples=15)
@given(data=st.data())
def test_any_partition_of_the_flat_tensor(name: str, dtype: np.dtype[Any], data: st.DataObject) -> None:
    """ZeRO's: ranges of the flat tensor, in any order."""
    size = data.draw(st.integers(1, 5000))
    ends = sorted({0, size, *data.draw(st.lists(st.integers(0, size), max_size=6))})
    whole, parts = draw(name, dtype, size, **SEED), np.empty(size, dtype)
    for begin, end in data.draw(st.permutations(list(pairwise(ends)))):
        DRAWS[name][0](parts[begin:end], **SEED, offset=begin)
    assert (as_bits(parts) == as_bits(whole)).all()


@pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
@settings(max_examples=15)
@given(cut=cuts(axes=2), threads=st.integers(1, 3))
def test_schemes_take_their_fans_from_the_whole(
    scheme: fi.Scheme, dtype: np.dtype[Any], cut: tuple[tuple[int, ...], Slices], threads: int
) -> None:
    shape, block = cut
    whole = scheme.fill_(np.empty(shape, dtype), **SEED)
    part = empty_like_block(block, dtype, "contiguous")
    scheme.fill_(part, **SEED, global_shape=shape, offset=tuple(s.start for s in block), threads=threads)
    assert scheme.same(part, whole[block]).all()
    flat = np.empty(whole.size // 2 + 1, dtype)
    scheme.fill_(flat, **SEED, global_shape=shape, offset=whole.size // 3)
    assert scheme.same(flat[: whole.size - whole.size // 3], whole.ravel()[whole.size // 3 :][: flat.size]).all()


FAR = [2**31 - 3, 2**32 - 100, 2**33 - 64, 2**33 + 17, 2**34 - 1, 2**36, 2**40 - 7, 2**63 + 5]


@pytest.mark.parametrize("first", FAR)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_elements_far_into_a_tensor(first: int, dtype: Any) -> None:
    want = reference.draw("normal", dtype, 7, "w", first, 300)
    assert (as_bits(fi.normal_(np.empty(300, dtype), **SEED, offset=first)) == as_bits(want)).all()


def test_a_block_of_a_tensor_of_2_to_the_40_elements() -> None:
    """Its rows lie on both sides of the element 2^36, where the high word of a block's index changes."""
    shape, row = (1 << 20, 1 << 20), (1 << 16) - 2
    block = fi.he_normal_(np.empty((4, 70), np.float32), **SEED, global_shape=shape, offset=(row, 100))
    std = np.float32((2 / shape[1]) ** 0.5)
    for k in range(4):
        want = reference.draw("normal", np.float32, 7, "w", ((row + k) << 20) + 100, 70, 0.0, std)
        assert (as_bits(block[k]) == as_bits(want)).all()


BAD: dict[str, tuple[Callable[[Array], object], type[Exception], str]] = {
    "outside": (
        lambda w: fi.normal_(w, global_shape=(8, 5), offset=(3, 0)),
        ValueError,
        "offset is (3, 0) for an array of shape (6, 5) in a tensor of shape (8, 5); the block must lie inside: pass",
    ),
    "negative": (
        lambda w: fi.normal_(w, global_shape=(8, 5), offset=(-1, 0)),
        ValueError,
        "offset is (-1, 0); its numbers must not be negative: pass numbers >= 0",
    ),
    "axes": (
        lambda w: fi.normal_(w, global_shape=(8, 5, 1), offset=(0, 0, 0)),
        ValueError,
        "array has 2 axes, global_shape (8, 5, 1) and offset (0, 0, 0); all need as many: pass one number for each",
    ),
    "offset alone": (
        lambda w: fi.normal_(w, offset=(0, 0)),
        ValueError,
        "offset is (0, 0) without a global_shape; a block's place depends on the tensor's shape: pass it",
    ),
    "int for a block": (
        lambda w: fi.normal_(w, global_shape=(8, 5), offset=3),
        TypeError,
        "offset is 3; it must be a tuple of ints: pass one number for each axis",
    ),
    "float": (
        lambda w: fi.normal_(w, global_shape=(8.0, 5), offset=(0, 0)),  # type: ignore[arg-type]
        TypeError,
        "global_shape is (8.0, 5); it must be a tuple of ints: pass one number for each axis",
    ),
    "huge": (
        lambda w: fi.normal_(w, global_shape=(2**40, 2**40), offset=(0, 0)),
        ValueError,
        "global_shape is (1099511627776, 1099511627776); a tensor has at most 2**64 elements: pass a smaller shape",
    ),
    "flat outside": (
        lambda w: fi.normal_(w.reshape(-1), global_shape=(8, 5), offset=11),
        ValueError,
        "offset is 11 for 30 elements of a tensor of 40; the range must lie inside: pass another offset",
    ),
    "flat float": (
        lambda w: fi.normal_(w.reshape(-1), offset=1.0),  # type: ignore[arg-type]
        TypeError,
        "offset is 1.0; for a 1-D array it must be an int, the index of its first element in the flat tensor: pass one",
    ),
    "no offset": (
        lambda w: fi.normal_(w, global_shape=(8, 5)),
        ValueError,
        "global_shape is (8, 5) without an offset for an array of shape (6, 5); every part would be the first one",
    ),
    "no offset of a range": (
        lambda w: fi.normal_(w.reshape(-1), global_shape=(8, 5)),
        ValueError,
        "would be the first one: pass the index at which it begins, such as offset=0",
    ),
    "no offset of a constant": (
        lambda w: fi.constant(1.0).fill_(w, global_shape=(8, 5)),
        ValueError,
        "global_shape is (8, 5) without an offset",
    ),
    "generator": (
        lambda w: fi.he_normal_(w, global_shape=(n for n in (8, 5)), offset=(0, 0)),  # type: ignore[arg-type]
        TypeError,
        "; it must be a tuple of ints: pass one number for each axis",
    ),
    "bool": (
        lambda w: fi.normal_(w, global_shape=(8, 5), offset=(True, False)),
        TypeError,
        "offset is (True, False); it must be a tuple of ints: pass one number for each axis",
    ),
    "bool of a range": (
        lambda w: fi.normal_(w.reshape(-1), offset=True),
        TypeError,
        "offset is True; for a 1-D array it must be an int",
    ),
    "fans of a range": (
        lambda w: fi.he_normal_(w.reshape(-1), offset=3),
        ValueError,
        "offset is 3 without a global_shape; fans are those of the whole weight: pass its shape",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_places(case: str) -> None:
    call, error, text = BAD[case]
    array = np.full((6, 5), 123.0, np.float32)
    with pytest.raises(error, match=re.escape(text)):
        call(array)
    assert (array == 123).all()
