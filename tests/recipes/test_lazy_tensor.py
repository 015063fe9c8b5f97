"""A lazy tensor: every part of it, however asked for, has the bits that the whole has there."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import fast_init as fi
from fast_init import Rule
from fast_init.recipes.lazy_tensor import LazyTensor
from support.draws import FLOATS, Array, as_bits

# A rule of every kind, and the shape of its tensor.
TENSORS: dict[str, tuple[Rule, tuple[int, ...]]] = {
    "normal": (Rule("*", fi.normal()), (7, 5)),
    "uniform of no axes": (Rule("*", fi.uniform()), ()),
    "trunc_normal of one axis": (Rule("*", fi.trunc_normal()), (11,)),
    "scaled by experts": (Rule("*", fi.he_normal(), layout="eoi"), (3, 4, 5)),
    "constant": (Rule("*", fi.constant(0.1)), (4, 3)),
    "constant of no axes": (Rule("*", fi.ones()), ()),
    "orthogonal": (Rule("*", fi.orthogonal()), (6, 4)),
    "sparse": (Rule("*", fi.sparse(0.3)), (6, 4)),
    "dirac": (Rule("*", fi.dirac()), (4, 3, 3)),
    "eye": (Rule("*", fi.eye()), (5, 6)),
    "literal": (Rule("*", fi.literal.of(np.arange(12.0).reshape(4, 3) / 7)), (4, 3)),
    "literal of no axes": (Rule("*", fi.literal.of(0.1)), ()),
    "padding row": (Rule("*", fi.normal(), padding_row=3), (6, 4)),
    "padding row of one axis": (Rule("*", fi.normal(), padding_row=3), (6,)),
    "padding row of a structure": (Rule("*", fi.orthogonal(), padding_row=5), (6, 4)),
    "tied": (Rule("*", fi.normal(), padding_row=0, tied_to="other"), (6, 4)),
    "parts": (Rule("*", fi.he_normal(), parts=[("q", 3), ("k", 2), ("v", -1)]), (9, 5)),
    "parts of one axis": (Rule("*", fi.normal(), parts=[("q", 4), ("k", 1)]), (5,)),
    "parts of three axes": (Rule("*", fi.he_normal(), parts=[("q", 2), ("k", 2)]), (4, 3, 2)),
    "parts of many kinds": (
        Rule(
            "*",
            fi.normal(),
            padding_row=4,
            tied_to="a.b",
            parts=[("q", 2, fi.zeros()), ("k", 3, fi.orthogonal()), ("v", 2), ("x", 2, fi.uniform())],
        ),
        (9, 3),
    ),
    "no rows": (Rule("*", fi.normal(), padding_row=0), (0, 4)),
    "no columns": (Rule("*", fi.zeros()), (4, 0)),
}


def tensor_of(case: str, dtype: Any = np.float32) -> LazyTensor:
    rule, shape = TENSORS[case]
    return LazyTensor("w", shape, np.dtype(dtype), rule, 42)


def strided(shape: tuple[int, ...], dtype: Any) -> Array:
    """Return an array whose axes step backwards, in Fortran's order, over every other element."""
    memory = np.full(tuple(2 * n for n in shape), 7, dtype, order="F")
    steps: Any = (*(slice(None, None, -2) for _ in shape), ...)
    return np.asarray(memory[steps])


def assert_is_block(tensor: LazyTensor, offset: tuple[int, ...], shape: tuple[int, ...]) -> None:
    block = tuple(slice(o, o + n) for o, n in zip(offset, shape, strict=True))
    expected = as_bits(tensor.whole()[block]).reshape(-1)
    for array in (np.full(shape, 7, tensor.dtype), strided(shape, tensor.dtype)):
        assert tensor.fill_block_(array, offset, 1) is array
        assert np.array_equal(as_bits(array).reshape(-1), expected)


@given(st.data())
@settings(max_examples=300)
def test_a_block_has_the_bits_of_the_whole(data: st.DataObject) -> None:
    tensor = tensor_of(data.draw(st.sampled_from(sorted(TENSORS))), data.draw(st.sampled_from(FLOATS)))
    ends = [sorted((data.draw(st.integers(0, n)), data.draw(st.integers(0, n)))) for n in tensor.shape]
    assert_is_block(tensor, tuple(a for a, _ in ends), tuple(b - a for a, b in ends))


@pytest.mark.parametrize("case", TENSORS)
def test_whole_and_single_elements_are_blocks_too(case: str) -> None:
    tensor = tensor_of(case)
    assert_is_block(tensor, (0,) * len(tensor.shape), tensor.shape)
    for index in np.ndindex(tensor.shape):
        assert_is_block(tensor, index, (1,) * len(tensor.shape))


@given(st.data())
@example(None)
def test_a_range_has_the_bits_of_the_whole(data: st.DataObject | None) -> None:
    for case in TENSORS if data is None else [data.draw(st.sampled_from(sorted(TENSORS)))]:
        tensor = tensor_of(case, np.float16 if data is None else data.draw(st.sampled_from(FLOATS)))
        n = prod(tensor.shape)
        first, last = (0, n) if data is None else sorted((data.draw(st.integers(0, n)), data.draw(st.integers(0, n))))
        drawn = tensor.fill_(np.full(last - first, 7, tensor.dtype), first)
        assert np.array_equal(as_bits(drawn), as_bits(tensor.whole()).reshape(-1)[first:last])


@pytest.mark.parametrize("case", ["normal", "constant", "orthogonal", "padding row"])
@pytest.mark.parametrize(("shape", "offset"), [((2, 2), (6, 4)), ((2, 2), (-1, 0)), ((2,), (0,)), ((2, 2), (0,))])
def test_a_block_that_is_not_inside_is_refused(case: str, shape: tuple[int, ...], offset: tuple[int, ...]) -> None:
    array = np.full(shape, 7.0, np.float32)
    with pytest.raises(ValueError, match=r"^offset is|^array has . axes"):
        tensor_of(case).fill_block_(array, offset)
    assert (array == 7).all()
