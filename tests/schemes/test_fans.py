"""compute_fans: the layout language, and its errors."""

from __future__ import annotations

import re
from math import prod, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fast_init
from fast_init import Fans, compute_fans
from fast_init.schemes.fans import fan_for

fi: Any = fast_init  # called with what its types forbid

CASES = [
    # shape, layout, fan_in, fan_out
    ((3, 4), "oi...", 4, 3),
    ((64, 128), "oi", 128, 64),
    ((64, 128), "io", 64, 128),
    ((32, 16, 3, 3), "oi...", 144, 288),  # PyTorch convolution
    ((3, 3, 16, 32), "...io", 144, 288),  # Keras, JAX
    ((3, 3, 16, 32), "hwio", 144, 288),
    ((32, 16, 5), "oi...", 80, 160),
    ((8, 512, 128), "eoi", 128, 512),  # experts
    ((24, 8, 512, 128), "beoi", 128, 512),  # stacked layers of experts
    ((768, 12, 64), "ioo", 768, 768),  # d_model x heads x head_dim
    ((12, 64, 768), "iio", 768, 768),  # heads x head_dim x d_model
    ((7,), "i", 7, 1),
    ((7,), "o", 1, 7),
    ((7, 9), "i...", 63, 9),
    ((5, 2, 3), "o...i", 6, 10),
    ((4, 0), "oi", 0, 4),
    ((3 * 64, 48), "o/3i", 48, 64),  # packed query, key and value
    ((48, 2 * 64), "io/2", 48, 64),  # gate and up projection, Keras
    ((16, 5, 7), "i/8o...", 14, 35),  # PyTorch transposed convolution of 8 groups
    ((6, 8, 3), "i/2o/4k", 9, 6),
    ((3, 3, 32, 4), "kkeo", 9, 36),  # Keras depthwise: height, width, channels, multiplier
]


@pytest.mark.parametrize(("shape", "layout", "fan_in", "fan_out"), CASES)
def test_fans(shape: tuple[int, ...], layout: str, fan_in: int, fan_out: int) -> None:
    assert compute_fans(shape, layout) == Fans(fan_in, fan_out)


def test_modes() -> None:
    fans = Fans(4, 9)
    got = [fan_for(mode, fans) for mode in ("fan_in", "fan_out", "fan_avg", "fan_geo_avg")]
    assert got == [4, 9, 6.5, sqrt(36)]


SHAPES = st.lists(st.integers(1, 9), min_size=2, max_size=5).map(tuple)


@given(SHAPES)
def test_defaults_are_pytorchs(shape: tuple[int, ...]) -> None:
    assert compute_fans(shape) == (shape[1] * prod(shape[2:]), shape[0] * prod(shape[2:]))


@given(SHAPES)
def test_reversing_shape_and_layout_changes_nothing(shape: tuple[int, ...]) -> None:
    assert compute_fans(shape[::-1], "...io") == compute_fans(shape, "oi...")


@given(SHAPES)
def test_swapping_o_and_i_swaps_the_fans(shape: tuple[int, ...]) -> None:
    assert compute_fans(shape, "io...") == compute_fans(shape, "oi...")[::-1]


@given(SHAPES, st.integers(1, 9), st.sampled_from("eb"))
def test_axes_of_independent_tensors_do_not_count(shape: tuple[int, ...], size: int, letter: str) -> None:
    assert compute_fans((size, *shape), f"{letter}oi...") == compute_fans(shape)


@given(SHAPES, st.sampled_from("acdfghjklmnpqrstuvwxyz"))
def test_any_other_letter_is_receptive_field(shape: tuple[int, ...], letter: str) -> None:
    assert compute_fans(shape, "oi" + letter * (len(shape) - 2)) == compute_fans(shape)


def test_numpy_integers_and_lists_are_shapes() -> None:
    assert compute_fans([np.int64(3), np.int64(4)]) == Fans(4, 3)


def test_a_shape_of_floats_is_an_error() -> None:
    with pytest.raises(TypeError):
        compute_fans((3.0, 4.0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shape", "layout", "groups", "fans"),
    [
        ((64, 1, 3, 3), "oi...", 64, (9, 9)),  # PyTorch depthwise
        ((128, 1, 3, 3), "oi...", 64, (9, 18)),  # with multiplier 2
        ((3, 3, 1, 128), "...io", 64, (9, 18)),  # the same in JAX and Keras
        ((32, 4, 5), "oi...", 4, (20, 40)),
        ((6, 5), "oi", 3, (5, 2)),
        ((0, 5), "oi", 3, (5, 0)),
    ],
)
def test_groups_share_the_outputs(shape: tuple[int, ...], layout: str, groups: int, fans: tuple[int, int]) -> None:
    assert compute_fans(shape, layout, groups=groups) == fans


@given(SHAPES, st.integers(1, 9))
def test_fans_with_groups_are_those_of_one_group(shape: tuple[int, ...], groups: int) -> None:
    """Depthwise is the case of one output and one input per group."""
    whole = (groups * shape[0], *shape[1:])
    assert compute_fans(whole, groups=groups) == compute_fans(shape)
    assert compute_fans(whole, groups=1) == compute_fans(whole)
    assert compute_fans(whole, groups=groups) == compute_fans(whole, f"o/{groups}i...")


LETTERS = st.lists(st.sampled_from("oiebkx"), min_size=1, max_size=5).filter(lambda axes: {"o", "i"} & set(axes))


@given(LETTERS, st.data())
def test_fans_of_parts_are_those_of_one_part(letters: list[str], data: st.DataObject) -> None:
    """An axis o/n, i/n, k/n of n m elements counts as one of m; one of experts does not count at all."""
    sizes = [data.draw(st.integers(0, 9)) for _ in letters]
    parts = [data.draw(st.integers(1, 9)) for _ in letters]
    whole = [n * size for n, size in zip(parts, sizes, strict=True)]
    layout = "".join(f"{letter}/{n}" for letter, n in zip(letters, parts, strict=True))
    assert compute_fans(whole, layout) == compute_fans(sizes, "".join(letters))


@given(LETTERS, st.data())
def test_fans_do_not_depend_on_the_order_of_axes(letters: list[str], data: st.DataObject) -> None:
    sizes = {letter: data.draw(st.integers(1, 9)) for letter in letters}
    order = data.draw(st.permutations(letters))
    want = compute_fans([sizes[x] for x in letters], "".join(letters))
    assert compute_fans([sizes[x] for x in order], "".join(order)) == want


@given(SHAPES, st.data())
def test_swapping_the_letters_swaps_the_fans_with_parts_too(shape: tuple[int, ...], data: st.DataObject) -> None:
    o, i = (data.draw(st.sampled_from([n for n in range(1, 10) if size % n == 0])) for size in shape[:2])
    assert compute_fans(shape, f"i/{o}o/{i}...") == compute_fans(shape, f"o/{o}i/{i}...")[::-1]


@pytest.mark.parametrize(
    ("groups", "error", "text"),
    [
        (0, ValueError, "groups is 0; it must be at least 1: pass a number >= 1"),
        (-2, ValueError, "groups is -2; it must be at least 1: pass a number >= 1"),
        (2.0, TypeError, "groups is 2.0; it must be an int: pass a number >= 1"),
        ("2", TypeError, "groups is '2'; it must be an int: pass a number >= 1"),
        (True, TypeError, "groups is True; it must be an int: pass a number >= 1"),
        (None, TypeError, "groups is None; it must be an int: pass a number >= 1"),
        (5, ValueError, "groups is 5; it must divide the "),
    ],
)
def test_bad_groups(groups: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)):
        fi.compute_fans((64, 1, 3, 3), groups=groups)


def test_groups_divide_the_output_axis() -> None:
    """9 groups cannot share 64 outputs, though 9 divides 64 times the receptive field."""
    with pytest.raises(ValueError, match="groups is 9; it must divide the 64 outputs"):
        compute_fans((64, 1, 3, 3), groups=9)


LANGUAGE = "; a layout is letters from a to z, each with /n for an axis of n parts, and at most one '...': use o for "


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("o/4i", "layout 'o/4i' divides an axis into 4 parts, but it has 6 elements; parts are equal: give each part"),
        ("oi/2", "layout 'oi/2' divides an axis into 2 parts, but it has 5 elements; parts are equal: give each part"),
        ("o/0i", f"layout 'o/0i' has '/'{LANGUAGE}"),
        ("o/i", f"layout 'o/i' has '/'{LANGUAGE}"),
        ("/2oi", f"layout '/2oi' has '/'{LANGUAGE}"),
        ("o/-2i", f"layout 'o/-2i' has '/'{LANGUAGE}"),
        ("o/2.0i", f"layout 'o/2.0i' has '.'{LANGUAGE}"),
        ("o2i", f"layout 'o2i' has '2'{LANGUAGE}"),
        ("o, i", f"layout 'o, i' has ','{LANGUAGE}"),
        (".../2oi", f"layout '.../2oi' has '/'{LANGUAGE}"),
        ("e/2k", "layout 'e/2k' names neither an output nor an input axis; fans need one: write o or i for an axis"),
    ],
)
def test_bad_layouts(layout: str, text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        compute_fans((6, 5), layout)
