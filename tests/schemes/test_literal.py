"""Literals: given values come back to the bit, in any part and dtype; bad or huge data are refused in a sentence."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.checkpoints.verification import verify_checkpoint
from support.draws import BFLOAT16, FLOATS, Array, as_bits

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
EXACT = st.one_of(
    hnp.arrays(np.float32, SHAPES, elements=st.floats(width=32)),
    hnp.arrays(np.float64, SHAPES, elements=st.floats()),
    hnp.arrays(np.float16, SHAPES, elements=st.floats(width=16)),
)


def packed(raw: bytes) -> str:
    return b64encode(zlib.compress(raw)).decode()


@given(EXACT)
def test_values_come_back_exactly_through_every_form(values: Array) -> None:
    scheme = fi.literal.of(values)
    again = [
        scheme,
        fi.Scheme.from_dict(scheme.to_dict()),
        Recipe.loads(Recipe([("*", scheme)]).to_json()).rules[0].scheme,
    ]
    for same in again:
        assert same == scheme
        assert hash(same) == hash(scheme)
        array = same.fill_(np.empty_like(values), on_empty="ignore")
        assert np.array_equal(array, values, equal_nan=True)
        assert np.array_equal(np.signbit(array), np.signbit(values)) or np.isnan(values).any()


@pytest.mark.parametrize(("values", "width"), [([0.5, -np.inf, np.nan, 1e-45 * 0], 4), ([0.1], 8), ([1e300], 8)])
def test_float32_is_kept_where_it_is_exact(values: list[float], width: int) -> None:
    assert fi.literal.of(np.array(values)).values.itemsize == width
    assert fi.literal.of(np.array(values)[::-1]).values.flags.writeable is False


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_16_bit_results_are_the_float32_ones_rounded(dtype: Any) -> None:
    """1 + 2**-9 + 2**-30 lies above the middle of two bfloat16 values; as a float32 it is the middle: to even."""
    values = np.array([1 + 2**-8 + 2**-30, 0.1, 2**-26])
    array = fi.literal.of(values).fill_(np.empty(3, dtype))
    expected = (values.astype(np.float32) if dtype.itemsize == 2 else values).astype(dtype)
    assert np.array_equal(as_bits(array), as_bits(expected))
    if dtype == BFLOAT16:
        assert float(array[0]) == 1


def test_strides_of_values_and_of_the_destination_do_not_matter() -> None:
    values = np.arange(12.0).reshape(3, 4)
    scheme = fi.literal.of(values.T)
    assert scheme == fi.literal.of(values.T.copy())
    array = np.zeros((8, 6))[::-2, ::2]
    assert np.array_equal(scheme.fill_(array), values.T)


def test_parts_are_cut_from_the_values() -> None:
    values = np.arange(12.0).reshape(3, 4)
    scheme = fi.literal.of(values)
    assert np.array_equal(scheme.fill_(np.empty((2, 2)), global_shape=(3, 4), offset=(1, 2)), values[1:, 2:])
    assert np.array_equal(scheme.fill_(np.empty(5), global_shape=(3, 4), offset=3), np.arange(3.0, 8.0))


def test_it_is_verified_and_has_a_std() -> None:
    values = np.array([1.0, 2.0, -np.inf, np.nan, 3.0])
    scheme, array = fi.literal.of(values), values.copy()
    assert scheme.std_for((5,)) == np.std([1.0, 2.0, 3.0])
    assert not scheme.is_random
    assert fi.verify(array, scheme)
    assert fi.verify(array, scheme, seed=3)
    array[1] += 1
    assert not fi.verify(array, scheme)
    assert fi.verify(array, scheme, seed=3).first_difference == (1,)


def test_a_model_with_literals_is_filled_reported_and_written(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(size=(40, 30)).astype(np.float32)
    recipe = Recipe([Rule("freq", fi.literal.of(values), padding_row=3), ("*", fi.normal())])
    model = {"freq": np.empty((40, 30), np.float32), "w": np.empty((8, 9), np.float32)}
    report = recipe.init_(model, seed=1)
    assert np.array_equal(model["freq"], np.where(np.arange(40)[:, None] == 3, 0, values))
    assert max(map(len, str(report).splitlines())) < 120
    assert all(recipe.verify(model, seed=1).values())
    fi.write_checkpoint(tmp_path, {n: (w.shape, "float32") for n, w in model.items()}, recipe, seed=1)
    assert verify_checkpoint(tmp_path, every=True)
    assert (
        "another seed" in verify_checkpoint(tmp_path, seed=2).summary
    )  # literals have none, and do not speak against it


def test_texts_keep_long_data_in_lines_and_reprs_cut_them() -> None:
    scheme = fi.literal.of(np.random.default_rng(1).normal(size=1000))
    text = Recipe([("a", scheme)]).to_toml()
    assert text.startswith('[[rule]]\npattern = "a"\nscheme = "literal"\nshape = [1000]\ndata = [\n    "')
    assert max(map(len, text.splitlines())) < 110
    assert Recipe.loads(text).rules[0].scheme == scheme
    assert len(repr(scheme)) < 80
    short = fi.literal.of(np.ones(2))
    assert eval(repr(short), {"literal": fi.literal}) == short


BAD: list[tuple[Any, Any, str]] = [
    ((2,), 3, "data is 3; it must be a str or a list of them: make it by literal.of(values)"),
    ((2,), ["a", 3], "data is ['a', 3]; it must be a str"),
    (3, "", "shape is 3; it must be a tuple of ints"),
    ((-1,), "", "shape is (-1,); its numbers must not be negative"),
    ((1 << 12, 1 << 13), "", "shape is (4096, 8192); a literal has at most 16,777,216 elements: draw or load"),
    ((2,), "A" * 1_398_108, "data has 1,398,108 characters; a literal has at most 1,048,576 bytes once compressed"),
]


@pytest.mark.parametrize(("shape", "data", "text"), BAD, ids=[text[:20] for *_, text in BAD])
def test_what_is_no_literal_is_refused_when_it_is_made(shape: Any, data: Any, text: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(text)}"):
        fi.literal(shape, data)


GARBAGE = {
    "not ASCII": "é",
    "not base64": "a",
    "not zlib": "AAAA",
    "too few bytes": packed(b"\0" * 11),
    "between 4 and 8": packed(b"\0" * 20),
    "too many bytes": packed(b"\0" * 25),
    "a bomb": packed(b"\0" * (1 << 26)),
    "cut": packed(b"\0" * 12)[:-4],
    "a wrong sum": b64encode(zlib.compress(b"\0" * 12)[:-1] + b"\7").decode(),
    "more after it": b64encode(zlib.compress(b"\0" * 12) + b"x").decode(),
}


@pytest.mark.parametrize("case", GARBAGE)
def test_data_that_are_not_the_shapes_are_refused_before_anything_is_touched(case: str) -> None:
    recipe = Recipe([("a", fi.literal((3,), GARBAGE[case])), ("*", fi.normal())])
    model = {"w": np.full(3, 7.0), "a": np.full(3, 7.0)}
    with pytest.raises(ValueError, match=r"^tensor 'a': data of a literal is no(t| base64)"):
        recipe.init_(model, seed=1)
    assert all((array == 7).all() for array in model.values())


def test_another_shape_or_a_value_beyond_the_dtype_is_refused() -> None:
    scheme = fi.literal.of(np.array([1.0, 1e6, np.inf]))
    with pytest.raises(ValueError, match=r"^shape is \(4,\) for a literal of shape \(3,\); it has no other"):
        scheme.fill_(np.empty(4))
    with pytest.raises(ValueError, match=r"^a value of a literal is 1000000.0; the array's dtype holds at most 65504"):
        scheme.fill_(np.empty(3, np.float16))


@pytest.mark.parametrize("values", [[1, 2], [True], ["a"], [1j], [None]], ids=str)
def test_only_floats_are_literals(values: list[Any]) -> None:
    with pytest.raises(TypeError, match=r"^array has dtype .*; only float32, float64, float16 or bfloat16"):
        fi.literal.of(values)


def test_values_that_do_not_compress_are_refused_beyond_a_mebibyte() -> None:
    noise = np.random.default_rng(1).random(1 << 18, np.float32)
    fi.literal.of(noise[: 1 << 17])
    with pytest.raises(ValueError, match=r"^data has [\d,]+ characters; a literal has at most 1,048,576 bytes"):
        fi.literal.of(noise.astype(np.float64) / 3)
