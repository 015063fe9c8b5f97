"""Bad input: one clear sentence with the value, the rule and the fix, and the array as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import inf, nan
from typing import Any

import numpy as np
import pytest

import fast_init
from support.draws import Array

fi: Any = fast_init  # called with what its types forbid

Call = Callable[[Any], object]

ARGUMENTS: dict[str, tuple[Call, type[Exception], str]] = {
    "std nan": (lambda w: fi.normal_(w, 0, nan), ValueError, "std is nan; it must be a finite number: pass"),
    "std inf": (lambda w: fi.normal_(w, 0, inf), ValueError, "std is inf; it must be a finite number: pass"),
    "std < 0": (lambda w: fi.normal_(w, 0, -1), ValueError, "std is -1.0; it must not be negative: pass a number >= 0"),
    "std huge": (
        lambda w: fi.normal_(w, 0, 1e39),
        ValueError,
        "std is 1e+39; the array's dtype holds at most 3.40282e+38",
    ),
    "std str": (lambda w: fi.normal_(w, 0, "1"), TypeError, "std is '1'; it must be a number: pass a float"),
    "std None": (lambda w: fi.normal_(w, 0, None), TypeError, "std is None; it must be a number: pass a float"),
    "std array": (lambda w: fi.normal_(w, 0, np.ones(2)), TypeError, "it must be a number: pass a float"),
    "mean nan": (lambda w: fi.normal_(w, nan), ValueError, "mean is nan; it must be a finite number: pass"),
    "mean inf": (lambda w: fi.normal_(w, -inf), ValueError, "mean is -inf; it must be a finite number: pass"),
    "a > b": (
        lambda w: fi.uniform_(w, 1, 0),
        ValueError,
        "a is 1.0 and b is 0.0; a must not be greater than b: swap them",
    ),
    "a nan": (lambda w: fi.uniform_(w, nan, 0), ValueError, "a is nan; it must be a finite number: pass"),
    "b inf": (lambda w: fi.uniform_(w, 0, inf), ValueError, "b is inf; it must be a finite number: pass"),
    "b - a": (
        lambda w: fi.uniform_(w, -3e38, 3e38),
        ValueError,
        "b - a is 6e+38; the array's dtype holds at most 3.40282e+38",
    ),
    "val str": (lambda w: fi.constant_(w, "0"), TypeError, "val is '0'; it must be a number: pass a float"),
    "val huge": (
        lambda w: fi.constant_(w, 1e39),
        ValueError,
        "val is 1e+39; the array's dtype holds at most 3.40282e+38",
    ),
    "seed bool": (
        lambda w: fi.normal_(w, seed=True),
        TypeError,
        "seed is True; it must be an int, a numpy SeedSequence",
    ),
    "seed float": (
        lambda w: fi.normal_(w, seed=1.0),
        TypeError,
        "seed is 1.0; it must be an int, a numpy SeedSequence",
    ),
    "seed str": (lambda w: fi.uniform_(w, seed="1"), TypeError, "seed is '1'; it must be an int, a numpy SeedSequence"),
    "seed < 0": (
        lambda w: fi.normal_(w, seed=-1),
        ValueError,
        "seed is -1; it must be in [0, 2**64): pass a seed of at",
    ),
    "seed big": (
        lambda w: fi.normal_(w, seed=2**64),
        ValueError,
        "seed is 18446744073709551616; it must be in [0, 2**64)",
    ),
    "name": (
        lambda w: fi.normal_(w, name=b"w"),
        TypeError,
        "name is b'w'; it must be a str or None: pass the tensor's name",
    ),
    "threads 0": (
        lambda w: fi.normal_(w, threads=0),
        ValueError,
        "threads is 0; it must be at least 1: pass a number >= 1",
    ),
    "threads < 0": (lambda w: fi.uniform_(w, threads=-4), ValueError, "threads is -4; it must be at least 1: pass"),
    "threads float": (
        lambda w: fi.normal_(w, threads=2.0),
        TypeError,
        "threads is 2.0; it must be an int or None: pass",
    ),
    "threads bool": (
        lambda w: fi.normal_(w, threads=True),
        TypeError,
        "threads is True; it must be an int or None: pass",
    ),
    "mode": (
        lambda w: fi.he_normal_(w, mode="fan_sum"),
        ValueError,
        "mode is 'fan_sum'; it must be one of fan_in, fan_out, fan_avg, fan_geo_avg: pass one of these",
    ),
    "mode list": (
        lambda w: fi.he_normal_(w, mode=["fan_in"]),
        ValueError,
        "mode is ['fan_in']; it must be one of fan_in",
    ),
    "nonlinearity": (
        lambda w: fi.he_uniform_(w, nonlinearity="relu6"),
        ValueError,
        "nonlinearity is 'relu6'; it must be one of conv1d, conv2d,",
    ),
    "slope": (lambda w: fi.he_normal_(w, nan), ValueError, "slope is nan; leaky_relu needs a finite number: pass one"),
    "slope str": (
        lambda w: fi.he_normal_(w, "0"),
        ValueError,
        "slope is '0'; leaky_relu needs a finite number: pass one",
    ),
    "gain < 0": (
        lambda w: fi.xavier_normal_(w, -1),
        ValueError,
        "gain is -1; it must be a finite number and not negative",
    ),
    "gain nan": (lambda w: fi.xavier_uniform_(w, nan), ValueError, "gain is nan; it must be a finite number and not"),
    "gain huge": (
        lambda w: fi.xavier_normal_(w, 1e45),
        ValueError,
        "std is 4.264014327112208e+44; the array's",
    ),
    "layout letter": (
        lambda w: fi.he_normal_(w, layout="oI"),
        ValueError,
        "layout 'oI' has 'I'; a layout is letters from a",
    ),
    "layout dots": (
        lambda w: fi.he_normal_(w, layout="o...i..."),
        ValueError,
        "layout 'o...i...' has '.'; a layout is",
    ),
    "layout empty": (
        lambda w: fi.he_normal_(w, layout="..."),
        ValueError,
        "layout '...' names neither an output nor an",
    ),
    "layout short": (
        lambda w: fi.he_normal_(w, layout="i"),
        ValueError,
        "shape (6, 5) has 2 axes; layout 'i' needs 1: pass a layout of 2 letters, such as 'oi'",
    ),
    "layout long": (
        lambda w: fi.lecun_normal_(w, layout="eoi..."),
        ValueError,
        "layout 'eoi...' needs at least 3: pass a",
    ),
    "layout type": (
        lambda w: fi.lecun_uniform_(w, layout=1),
        TypeError,
        "layout is 1; it must be a str: pass one letter",
    ),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_bad_argument(case: str) -> None:
    call, error, text = ARGUMENTS[case]
    array = np.full((6, 5), 123.0, np.float32)
    with pytest.raises(error, match=re.escape(text)) as raised:
        call(array)
    assert type(raised.value) is error
    assert "\n" not in str(raised.value)
    assert (array == 123).all()


@pytest.mark.parametrize("shape", [(), (7,)])
def test_vectors_have_no_fans_by_default(shape: tuple[int, ...]) -> None:
    array = np.full(shape, 123.0, np.float32)
    fix = "needs at least 2: pass layout='i' or layout='o' for a vector, or give normal_ or uniform_ the scale itself"
    with pytest.raises(ValueError, match=re.escape(f"shape {shape} has {len(shape)} axes; layout 'oi...' {fix}")):
        fi.he_normal_(array)
    assert (array == 123).all()
    if shape:
        fi.he_normal_(array, layout="i", seed=1)


def read_only() -> Array:
    array = np.full(6, 123.0, np.float32)
    array.flags.writeable = False
    return array


def misaligned() -> Array:
    return np.frombuffer(bytearray(25), np.float32, 6, offset=1)


DESTINATIONS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "list": (lambda: [1.0, 2.0], TypeError, "array is a builtins.list; only a NumPy array is filled in place: pass an"),
    "scalar": (lambda: np.float32(1), TypeError, "array is a numpy.float32; only a NumPy array is filled in place"),
    "masked": (
        lambda: np.ma.ones(6, np.float32),
        TypeError,
        "array is a MaskedArray; its mask has no meaning for a fill",
    ),
    "object": (
        lambda: np.full(6, None),
        TypeError,
        "array has dtype object; only float32, float64, float16 or bfloat16",
    ),
    "int": (
        lambda: np.ones(6, np.int32),
        TypeError,
        "array has dtype int32; only float32, float64, float16 or bfloat16",
    ),
    "complex": (lambda: np.ones(6, np.complex64), TypeError, "array has dtype complex64; only float32, float64"),
    "longdouble": (
        lambda: np.ones(6, np.longdouble),
        TypeError,
        "only float32, float64, float16 or bfloat16 can be filled",
    ),
    "swapped": (
        lambda: np.ones(6, np.dtype(np.float32).newbyteorder()),
        TypeError,
        "only native byte order can be filled: use float32 and convert afterwards",
    ),
    "read-only": (read_only, ValueError, "array is read-only; a fill writes in place: pass a writeable array, such as"),
    "misaligned": (
        misaligned,
        ValueError,
        "array is misaligned for float32; elements must start at multiples of their",
    ),
    "packed field": (lambda: np.zeros(4, "i1, f4")["f1"], ValueError, "array is misaligned for float32; elements must"),
    "broadcast": (
        lambda: np.lib.stride_tricks.as_strided(np.ones(3, np.float32), (5, 3), (0, 4)),
        ValueError,
        "array of shape (5, 3) and strides (0, 4) has elements that share memory; each element needs its own: pass",
    ),
    "windows": (
        lambda: np.lib.stride_tricks.sliding_window_view(np.ones(9, np.float32), 4, writeable=True),
        ValueError,
        "has elements that share memory",
    ),
    "overlap backwards": (
        lambda: np.lib.stride_tricks.as_strided(np.ones(9, np.float32)[4:], (3, 3), (-4, 4)),
        ValueError,
        "has elements that share memory",
    ),
}


@pytest.mark.parametrize("function", [fi.normal_, fi.uniform_, fi.zeros_, lambda w: fi.he_normal_(w, layout="i...")])
@pytest.mark.parametrize("case", DESTINATIONS)
def test_bad_destination(case: str, function: Call) -> None:
    make, error, text = DESTINATIONS[case]
    array = make()
    before = np.array(array, copy=True).tobytes()
    with pytest.raises(error, match=re.escape(text)):
        function(array)
    assert np.array(array, copy=True).tobytes() == before


def test_a_torch_tensor_is_told_which_function_takes_it() -> None:
    tensor = type("Tensor", (), {"__module__": "torch"})()
    with pytest.raises(
        TypeError,
        match=r"array is a torch\.Tensor; only a NumPy array is filled in place: call the function of that name",
    ):
        fi.normal_(tensor)


def test_bits_want_uint32() -> None:
    with pytest.raises(
        TypeError, match=r"array has dtype float32; only uint32 can be filled: allocate it with such a dtype"
    ):
        fi.bits_(np.ones(3, np.float32))


@pytest.mark.parametrize("array", [np.zeros((3, 2), np.float32)[1:1], np.rec.array(np.zeros(3))])
def test_odd_arrays_that_can_be_filled(array: Array) -> None:
    assert fi.normal_(array, seed=1, on_empty="ignore") is array
    assert np.isfinite(array).all()


def test_an_empty_misaligned_array_is_legal() -> None:
    array = np.frombuffer(bytearray(9), np.float32, 2, offset=1)[:0]
    assert fi.normal_(array, on_empty="ignore") is array


def test_a_failed_call_takes_nothing_from_the_generator() -> None:
    generator = np.random.default_rng(5)
    state = generator.bit_generator.state
    with pytest.raises(ValueError, match="threads is 0"):
        fi.normal_(np.empty(3), seed=generator, threads=0)
    assert generator.bit_generator.state == state
