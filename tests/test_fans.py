"""compute_fans: the layout language, and its errors."""

from __future__ import annotations

from math import prod, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fast_init import Fans, compute_fans
from fast_init.fans import fan_for

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
    import numpy as np

    assert compute_fans([np.int64(3), np.int64(4)]) == Fans(4, 3)


def test_a_shape_of_floats_is_an_error() -> None:
    with pytest.raises(TypeError):
        compute_fans((3.0, 4.0))  # type: ignore[arg-type]
