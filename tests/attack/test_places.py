"""Every place in a larger tensor, right and wrong: the bits that the whole draw has there, or one sentence."""

from __future__ import annotations

from collections import deque
from math import prod
from typing import Any, NamedTuple

import numpy as np
import pytest

from support.attack_calls import assert_fills, assert_refuses, assert_sentence, call, dtype_of, shape_of, taking
from support.attack_ground import Ground
from support.attack_things import Index, Raises, Unspeakable
from support.draws import Array


class Place(NamedTuple):
    """The shape of an array, and its place."""

    shape: tuple[int, ...]
    global_shape: Any
    offset: Any


class Part(NamedTuple):
    """A place that is right, and what it means: the whole's shape, and the block's start or the range's."""

    place: Place
    whole: tuple[int, ...]
    start: tuple[int, ...] | int


W = (8, 7)
PARTS: dict[str, Part] = {
    "itself": Part(Place(W, W, (0, 0)), W, 0),
    "itself, without an offset": Part(Place(W, W, None), W, 0),
    "itself, flat": Part(Place((56,), W, 0), W, 0),
    "a block": Part(Place((3, 4), W, (5, 3)), W, (5, 3)),
    "the last element": Part(Place((1, 1), W, (7, 6)), W, (7, 6)),
    "a range": Part(Place((20,), W, 9), W, 9),
    "the last of a range": Part(Place((1,), W, 55), W, 55),
    "lists": Part(Place((3, 4), [8, 7], [5, 3]), W, (5, 3)),
    "deques": Part(Place((3, 4), deque(W), deque((5, 3))), W, (5, 3)),
    "arrays": Part(Place((3, 4), np.array(W), np.array((5, 3))), W, (5, 3)),
    "NumPy ints": Part(Place((3, 4), (np.uint8(8), np.int64(7)), (np.int8(5), np.uint64(3))), W, (5, 3)),
    "0-d": Part(Place((20,), W, np.array(9)), W, 9),
    "__index__": Part(Place((3, 4), (Index(8), Index(7)), (Index(5), Index(3))), W, (5, 3)),
    "__index__ of a range": Part(Place((20,), W, Index(9)), W, 9),
    "ranges": Part(Place((8, 8), range(8, 10), range(2)), (8, 9), (0, 1)),
    "nothing, at the end": Part(Place((0, 7), W, (8, 0)), W, (8, 0)),
    "nothing, flat, at the end": Part(Place((0,), W, 56), W, 56),
    "nothing of 2**64": Part(Place((0, 7), (2**61, 7), (2**61, 0)), (0, 7), 0),
    "nothing, at the end of 2**64": Part(Place((0,), (2**32, 2**32), 2**64), (0, 7), 0),
    "nothing of nothing": Part(Place((0, 4), (0, 2**62), (0, 9)), (0, 7), 0),
}
NO_SIZES = [-1, -(2**64), 7.0, True, "7", b"7", None, 10**5000, 2**64, np.ones(1), np.ones((3, 3)), np.float64(7), 7j]
NO_SIZES += [Raises(KeyError), Raises(OverflowError), Unspeakable(KeyError), Index(7.0), Index(None)]
NO_TUPLES = [Raises(KeyError), Unspeakable(KeyError), range(10**9), range(10**30), {8: 0, 7: 0}, {8, 7}, iter(W), "87"]
NO_TUPLES += [
    bytes(W),
    bytearray(W),
    memoryview(bytes(W)),
    np.array(W, float),
    np.ones((2, 2), int),
    8,
    W * 40,
]
WRONG: dict[str, Place] = {
    **{f"size, {k}": Place((3, 4), (8, size), (0, 0)) for k, size in enumerate(NO_SIZES)},
    **{f"start, {k}": Place((3, 4), W, (0, start)) for k, start in enumerate([*NO_SIZES, 4])},
    **{f"start of a range, {k}": Place((20,), W, start) for k, start in enumerate([*NO_SIZES, 37])},
    **{f"whole, {k}": Place((3, 4), whole, (0, 0)) for k, whole in enumerate(NO_TUPLES)},
    **{f"offset, {k}": Place((3, 4), W, offset) for k, offset in enumerate(NO_TUPLES)},
    **{f"offset of a range, {k}": Place((20,), W, offset) for k, offset in enumerate([*NO_TUPLES[:-3], (9,), [9]])},
    "no global_shape": Place((3, 4), None, (0, 0)),
    "no global_shape, flat, beyond": Place((20,), None, 2**64 - 19),
    "no offset": Place((3, 4), W, None),
    "no axes": Place((), (), 0),
    "more axes": Place((3, 4), (8, 7, 1), (0, 0, 0)),
    "fewer axes": Place((3, 4), (8,), (0,)),
    "more axes of the offset": Place((3, 4), W, (0, 0, 0)),
    "2**65": Place((3, 4), (2**63, 4), (0, 0)),
    "2**128": Place((3, 4), (2**64, 2**64), (0, 0)),
    "nothing of 2**70": Place((0, 4), (0, 2**70), (0, 0)),
    "nothing of 10**400": Place((0, 4), (0, 10**400), (0, 0)),
    "nothing of 10**5000": Place((0, 4), (0, 10**5000), (0, 0)),
    "nothing, behind the end": Place((0, 7), W, (9, 0)),
    "nothing, flat, behind the end": Place((0,), W, 57),
}
MATRICES = [function for function in taking("offset") if len(shape_of(function)) == 2]
STRUCTURED = ["delta_orthogonal_", "dirac_", "eye_", "orthogonal_", "sparse_"]
KERNELS = [function for function in MATRICES if function not in STRUCTURED]


def options(place: Place) -> dict[str, Any]:
    return {"global_shape": place.global_shape, "offset": place.offset}


@pytest.mark.parametrize("row", PARTS)
@pytest.mark.parametrize("function", MATRICES)
def test_a_part_has_the_bits_of_the_whole(function: str, row: str) -> None:
    place, shape, start = PARTS[row]
    whole: Array = call(function, np.empty(shape, dtype_of(function)), {})
    if isinstance(start, int):
        part = whole.ravel()[start : start + prod(place.shape)].reshape(place.shape)
    else:
        part = whole[tuple(slice(k, k + n) for k, n in zip(start, place.shape, strict=True))]
    ground = Ground()
    assert_fills(ground, function, ground.lay(place.shape, dtype_of(function), order="F"), options(place), part)


@pytest.mark.parametrize("row", WRONG)
@pytest.mark.parametrize("function", MATRICES)
def test_a_wrong_place_is_refused(function: str, row: str) -> None:
    ground = Ground()
    place = WRONG[row]
    assert_refuses(ground, function, ground.lay(place.shape, dtype_of(function)), options(place))


@pytest.mark.parametrize("whole", [(1, 2**64), (2**63, 2), (2**32, 2**32), (2**64, 1)])
@pytest.mark.parametrize("function", KERNELS)
def test_the_last_elements_of_2_to_the_64(function: str, whole: tuple[int, int]) -> None:
    """As a block and as a range of the flat tensor."""
    ground = Ground()
    count = min(whole[1], 5)
    end = {"global_shape": whole, "offset": 2**64 - count}
    want = call(function, np.empty(count, dtype_of(function)), end)
    block = ground.lay((1, count), dtype_of(function))
    corner = {"global_shape": whole, "offset": (whole[0] - 1, whole[1] - count)}
    assert_fills(ground, function, block, corner, want.reshape(1, count))


@pytest.mark.parametrize("function", STRUCTURED)
def test_a_whole_that_no_array_can_be_is_refused(function: str) -> None:
    """These make the whole to cut a part of it."""
    ground = Ground()
    shape = shape_of(function)
    place = Place(shape, (2**31, 2**31, *shape[2:]), (0,) * len(shape))
    assert "global_shape is (2147483648, " in assert_refuses(
        ground, function, ground.lay(shape, dtype_of(function)), options(place)
    )


LIES = [(0, 10**6), (0, 3), (0, -1), (0, 2**64), (0, 0, 10**6), (0, 0, 0, 7), (0, 0, 0, 0, 7), (6, 0, 2**70), (8, 8, 3)]


@pytest.mark.parametrize("lie", LIES, ids=str)
@pytest.mark.parametrize("function", MATRICES)
def test_an_index_that_changes_from_one_look_to_the_next_does_no_harm(function: str, lie: tuple[int, ...]) -> None:
    """The draw of some place, or a refusal; no byte outside of the array, and none of it after a refusal."""
    for place in (
        Place((3, 4), W, (Index(*lie), 0)),
        Place((3, 4), (Index(*lie), 7), (0, 0)),
        Place((9,), W, Index(*lie)),
    ):
        ground = Ground()
        array = ground.lay(place.shape, dtype_of(function))
        try:
            assert call(function, array, options(place)) is array
        except (TypeError, ValueError) as error:
            assert_sentence(error)
            ground.assert_untouched()
        ground.assert_untouched(but=array)
