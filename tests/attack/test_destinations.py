"""Every function into every kind of destination: all elements and no other byte, or one sentence and no byte at all."""

from __future__ import annotations

import array as standard_array
import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from support.attack_calls import FUNCTIONS, assert_promise, assert_refuses, call, dtype_of, reference, shape_of
from support.attack_ground import Ground
from support.draws import FLOATS, Array, as_bits

Make = Callable[[Ground, tuple[int, ...], Any], Any]
AXES = 64 if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else 32  # NumPy's most


def sliced(ground: Ground, shape: tuple[int, ...], dtype: Any, step: int) -> Array:
    return ground.lay(tuple(n * abs(step) for n in shape), dtype)[tuple(slice(None, None, step) for _ in shape)]


def between(ground: Ground, shape: tuple[int, ...], dtype: Any) -> Array:
    """A window of a larger array, its last axis reversed."""
    return ground.lay(tuple(n + 3 for n in shape), dtype)[tuple(slice(2, -1) for _ in shape)][..., ::-1]


class Mine(np.ndarray[Any, Any]):
    """A subclass that adds nothing."""


VIEWS: dict[str, Make] = {
    "C": lambda g, s, d: g.lay(s, d),
    "F": lambda g, s, d: g.lay(s, d, order="F"),
    "every second": lambda g, s, d: sliced(g, s, d, 2),
    "every third": lambda g, s, d: sliced(g, s, d, 3),
    "reversed": lambda g, s, d: sliced(g, s, d, -1),
    "every second, reversed": lambda g, s, d: sliced(g, s, d, -2),
    "transposed": lambda g, s, d: g.lay(s[::-1], d).T,
    "rotated": lambda g, s, d: np.moveaxis(g.lay((s[-1], *s[:-1]), d), 0, -1),
    "transposed, reversed": lambda g, s, d: g.lay(s[::-1], d).T[::-1],
    "window, reversed rows": between,
    "one of two": lambda g, s, d: g.lay((*s, 2), d)[..., 1],
    "a field": lambda g, s, d: g.lay(s, np.dtype([("w", d), ("other", np.int64)], align=True))["w"],
    "an aligned unit more": lambda g, s, d: g.lay(s, d, skip=np.dtype(d).itemsize),
    "strides of a length-1 axis": lambda g, s, d: as_strided(
        g.lay((1, *s[1:]), d), (1, *s[1:]), (7, *g.lay(s, d).strides[1:])
    ),
    "one element": lambda g, s, d: g.lay((1,) * len(s), d),
    "no axes": lambda g, _, d: g.lay((), d),
    "one axis": lambda g, _, d: g.lay((30,), d),
    "no elements": lambda g, s, d: g.lay((*s[:-1], 0), d),
    "no elements, broadcast": lambda g, s, d: np.lib.stride_tricks.as_strided(
        g.lay((*s[:-1], 0), d), (*s[:-1], 0), (0,) * len(s)
    ),
    "all axes": lambda g, _, d: g.lay((6, 5) + (1,) * (AXES - 2), d),
    "all axes, transposed": lambda g, _, d: g.lay((2,) * 6 + (1,) * (AXES - 6), d).T[::-1],
    "matrix": lambda g, s, d: g.lay(s, d).view(np.matrix) if len(s) == 2 else g.lay(s, d).view(Mine),
    "recarray": lambda g, s, d: g.lay(s, d).view(np.recarray),
    "subclass": lambda g, s, d: sliced(g, s, d, -2).view(Mine),
}


def dtypes_of(function: str) -> list[np.dtype[Any]]:
    return [dtype_of(function)] if function == "bits_" else FLOATS


DRAWN = [(function, dtype) for function in FUNCTIONS for dtype in dtypes_of(function)]


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("function", "dtype"), DRAWN, ids=[f"{function}-{dtype}" for function, dtype in DRAWN])
def test_any_view_gets_what_a_contiguous_array_gets(function: str, dtype: np.dtype[Any], view: str) -> None:
    ground = Ground()
    assert_promise(ground, function, VIEWS[view](ground, shape_of(function), dtype), {}, {})


@pytest.mark.parametrize("mode", ["r+", "c", "r"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_memory_maps(function: str, mode: Any, tmp_path: Path) -> None:
    """Filled on the disk, in memory alone, or refused."""
    shape, dtype, file = shape_of(function), dtype_of(function), tmp_path / "w"
    before = bytes(range(1, 251)) * 2
    file.write_bytes(before)
    mapped = np.memmap(file, dtype, mode, 16, shape)
    want = reference(function, shape, dtype, {})
    if mode == "r":
        assert "array is read-only; " in assert_refuses(Ground(), function, mapped, {})
    else:
        assert call(function, mapped, {}) is mapped
        assert (as_bits(np.asarray(mapped)) == as_bits(want)).all()
    drawn = want.tobytes() if mode == "r+" else before[16 : 16 + want.nbytes]
    del mapped
    assert file.read_bytes() == before[:16] + drawn + before[16 + len(drawn) :]


class Interface:
    """An object that says that it is an array."""

    def __init__(self, array: Array, **lies: Any) -> None:
        self.__array_interface__ = {**array.__array_interface__, **lies}


class Convertible(Interface):
    def __array__(self, *_: Any, **__: Any) -> Array:
        return np.asarray(self)


class Impostor:
    """isinstance believes that it is an ndarray."""

    __class__ = np.ndarray  # type: ignore[assignment]


class Liar(np.ndarray[Any, Any]):
    """A subclass whose elements are not as large as it says: a kernel that believed it would write beyond them."""

    @property
    def dtype(self) -> Any:
        return np.dtype(np.float64)


class Giant(np.ndarray[Any, Any]):
    """A subclass that is not as long as it says."""

    @property  # type: ignore[misc]
    def shape(self) -> Any:
        return (60, 50)


def read_only(ground: Ground, shape: tuple[int, ...], dtype: Any) -> Array:
    array = ground.lay(shape, dtype)
    array.flags.writeable = False
    return array


SHARED = "has elements that share memory; each element needs its own"
UNPLACED: dict[str, tuple[Make, str]] = {  # a ValueError
    "read-only": (read_only, "array is read-only; "),
    "read-only view": (lambda g, s, d: read_only(g, s[::-1], d).T, "array is read-only; "),
    "from bytes": (lambda g, s, d: np.frombuffer(bytes(240), d, 30).reshape(6, 5), "array is read-only; "),  # noqa: ARG005
    "misaligned by 1": (lambda g, s, d: g.lay(s, d, skip=1), "array is misaligned for "),
    "misaligned by -1": (lambda g, s, d: g.lay(s, d, skip=-1)[::-1], "array is misaligned for "),
    "packed field": (lambda g, s, d: g.lay(s, [("x", "i1"), ("w", d)])["w"], "array is misaligned for "),
    "broadcast rows": (lambda g, s, d: as_strided(g.lay(s, d), s, (0, *g.lay(s, d).strides[1:])), SHARED),
    "broadcast columns": (lambda g, s, d: as_strided(g.lay(s, d), s, (*g.lay(s, d).strides[:-1], 0)), SHARED),
    "one for all": (lambda g, s, d: as_strided(g.lay(s, d), s, (0,) * len(s)), SHARED),
    "huge": (lambda g, _, d: as_strided(g.lay((1,), d), (2**58,), (0,)), SHARED),
    "huge block": (lambda g, _, d: as_strided(g.lay((1, 1), d), (2**30, 2**27), (0, 0)), SHARED),
    "sliding windows": (lambda g, _, d: sliding_window_view(g.lay((40,), d), 4, writeable=True), SHARED),
    "diagonals": (lambda g, s, d: as_strided(g.lay(s, d), s, (np.dtype(d).itemsize,) * len(s)), SHARED),
    "backwards over itself": (
        lambda g, _, d: as_strided(g.lay((9,), d)[4:], (3, 3), (-d.itemsize, d.itemsize)),
        SHARED,
    ),
    "half an element": (
        lambda g, _, d: as_strided(g.lay((9,), d), (5,), (d.itemsize // 2,)),
        "array is misaligned for ",
    ),
}
NO_DTYPE = "can be filled: "
WRONG_DTYPES: dict[str, Any] = {
    "swapped": np.dtype(np.float32).newbyteorder(),
    "swapped float16": np.dtype(np.float16).newbyteorder(),
    "swapped uint32": np.dtype(np.uint32).newbyteorder(),
    "structured": [("w", np.float32)],
    "structured, swapped": [("w", np.dtype(np.float32).newbyteorder())],
    "object": object,
    "bool": bool,
    "complex64": np.complex64,
    "complex128": np.complex128,
    "longdouble": np.longdouble,
    "datetime64": "M8[s]",
    "timedelta64": "m8[s]",
    "text": "U1",
    "bytes": "S4",
    "void": "V4",
    **{
        f"{kind}{bits}": f"{kind}{bits}"
        for kind in ("int", "uint")
        for bits in (8, 16, 32, 64)
        if (kind, bits) != ("uint", 32)
    },
}
NO_ARRAY = "only a NumPy array is filled in place: pass"
NO_ARRAYS: dict[str, tuple[Make, str]] = {  # a TypeError
    "masked": (lambda g, s, d: np.ma.MaskedArray(g.lay(s, d)), "array is a MaskedArray; "),
    "None": (lambda *_: None, NO_ARRAY),
    "list": (lambda *_: [[1.0, 2.0]], NO_ARRAY),
    "tuple": (lambda *_: (1.0, 2.0), NO_ARRAY),
    "float": (lambda *_: 1.0, NO_ARRAY),
    "text": (lambda *_: "w", NO_ARRAY),
    "bytes": (lambda *_: bytes(120), NO_ARRAY),
    "bytearray": (lambda *_: bytearray(120), NO_ARRAY),
    "memoryview": (lambda g, s, d: memoryview(g.bytes.tobytes()), NO_ARRAY),  # noqa: ARG005
    "array.array": (lambda *_: standard_array.array("f", [1.0, 2.0]), NO_ARRAY),
    "ctypes": (lambda *_: (ctypes.c_float * 30)(), NO_ARRAY),
    "NumPy scalar": (lambda *_: np.float32(1), NO_ARRAY),
    "ndarray itself": (lambda *_: np.ndarray, NO_ARRAY),
    "iterator": (lambda g, s, d: g.lay(s, d).flat, NO_ARRAY),
    "interface": (lambda g, s, d: Interface(g.lay(s, d)), NO_ARRAY),
    "lying interface": (lambda g, s, d: Interface(g.lay(s, d), shape=(2**40,), data=(8, False)), NO_ARRAY),
    "__array__": (lambda g, s, d: Convertible(g.lay(s, d)), NO_ARRAY),
    "impostor": (lambda *_: Impostor(), NO_ARRAY),
    "lies about its dtype": (lambda g, s, d: g.lay(s, d).view(Liar), "pass array.view(np.ndarray)"),
    "lies about its shape": (lambda g, s, d: g.lay(s, d).view(Giant), "pass array.view(np.ndarray)"),
}


@pytest.mark.parametrize("place", UNPLACED)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_array_that_cannot_be_written_without_harm_is_a_bad_value(function: str, place: str) -> None:
    make, text = UNPLACED[place]
    ground = Ground()
    array = make(ground, shape_of(function), dtype_of(function))
    assert text in assert_refuses(ground, function, array, {})


@pytest.mark.parametrize("wrong", [*WRONG_DTYPES, "the other kind's"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_dtype_that_cannot_be_filled_is_a_bad_type(function: str, wrong: str) -> None:
    ground = Ground()
    other = np.float32 if function == "bits_" else np.uint32
    dtype = np.dtype(WRONG_DTYPES.get(wrong, other))
    array = np.zeros(shape_of(function), object) if dtype.hasobject else ground.lay(shape_of(function), dtype)
    assert NO_DTYPE in assert_refuses(ground, function, array, {})


@pytest.mark.parametrize("thing", NO_ARRAYS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_no_plain_array_is_a_bad_type(function: str, thing: str) -> None:
    make, text = NO_ARRAYS[thing]
    ground = Ground()
    assert text in assert_refuses(ground, function, make(ground, shape_of(function), dtype_of(function)), {})
