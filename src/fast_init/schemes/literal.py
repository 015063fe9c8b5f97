"""The record of given values, such as rotary frequencies, which a recipe keeps in its text."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from ..sampling.destinations import FLOATS, A, Array, DType, dtype_of, float_dtype, nothing_to_fill
from ..sampling.numbers import finite
from ..sampling.shards import ints_of, part_of
from ..sampling.shown import shown
from ..sampling.where import Where
from .check import Check
from .scheme import Scheme, factory

__all__ = ["Literal"]

MOST_BYTES = 1 << 20  # of the compressed values
MOST_ELEMENTS = 1 << 24
LINE = 100  # characters of the data in a dict: texts are read by people, and limit the length of a word


@factory
@dataclass(frozen=True, repr=False)
class Literal(Scheme):
    """Given values of one shape, such as rotary frequencies: made by `literal.of`; nothing is drawn.

    Parameters
    ----------
    shape
        The only shape of a weight that it fills; at most 2**24 elements.
    data
        Base64, or pieces of it, of at most 1 MiB of zlib of the elements in row-major order, little-endian: float32
        if all values are exact in it, else float64. It is looked at when a weight is filled or checked.

    Examples
    --------
    >>> frequencies = literal.of([1.0, 0.1, 0.01, 0.001])
    >>> frequencies.fill_(np.empty(4, np.float32))
    array([1.   , 0.1  , 0.01 , 0.001], dtype=float32)
    >>> frequencies.fill_(np.empty(2, np.float32), global_shape=(4,), offset=2)
    array([0.01 , 0.001], dtype=float32)
    """

    kind = "literal"
    is_random = False
    shape: tuple[int, ...]
    data: str

    def __post_init__(self) -> None:
        shape = ints_of("shape", self.shape)
        if prod(shape) > MOST_ELEMENTS:
            raise ValueError(
                f"shape is {shape}; a literal has at most {MOST_ELEMENTS:,} elements: draw or load larger tensors"
            )
        given: Any = self.data
        pieces = [given] if isinstance(given, str) else given
        if not isinstance(pieces, (list, tuple)) or not all(isinstance(piece, str) for piece in pieces):
            raise TypeError(
                f"data is {shown(pieces)}; it must be a str or a list of them: make it by literal.of(values)"
            )
        data = "".join(pieces)
        if len(data) > -(-MOST_BYTES // 3) * 4:
            raise ValueError(
                f"data has {len(data):,} characters; a literal has at most {MOST_BYTES:,} bytes once compressed: draw "
                "or load larger tensors"
            )
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "data", data)

    @staticmethod
    def of(values: npt.ArrayLike) -> Literal:
        """Return the record of these values: of an array of floats of any strides, or what NumPy makes such a one of.

        Examples
        --------
        >>> literal.of([[0.5, 1.0]]).fill_(np.empty((1, 2), np.float16))
        array([[0.5, 1. ]], dtype=float16)
        """
        array = np.asarray(values)
        float_dtype(array.dtype)  # TypeError for what is none
        with np.errstate(all="ignore"):
            narrow = array.astype("<f4")
        exact = bool(((narrow == array) | np.isnan(array)).all())
        raw = (narrow if exact else array.astype("<f8")).tobytes()
        return Literal(array.shape, b64encode(zlib.compress(raw, 9)).decode())

    @property
    def values(self) -> Array:
        """The values, read-only, of float32 or float64; ValueError if `data` does not hold them."""
        return _decoded(self.shape, self.data)

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:
        if shape != self.shape:
            raise ValueError(
                f"shape is {shape} for a literal of shape {self.shape}; it has no other: use another scheme"
            )
        numbers = self.values[np.isfinite(self.values)]
        finite("a value of a literal", float(np.abs(numbers).max(initial=0)), dtype.largest)

    def apply(self, array: A, where: Where) -> A:
        """Do what `fill_` does."""
        dtype = dtype_of(array, FLOATS)
        self.plan_for(where.whole_shape(array.shape), dtype)
        where.check(array.shape)
        if nothing_to_fill(array, where.on_empty):
            return array
        values = self.values if array.shape == self.shape else part_of(self.values, array.shape, where.offset)
        with np.errstate(all="ignore"):  # what underflows is rounded
            array[...] = values.astype(np.float32) if array.itemsize == 2 else values
        return array

    def std_for(self, shape: tuple[int, ...]) -> float:  # noqa: ARG002
        """Return the standard deviation of the values that are finite."""
        numbers = self.values[np.isfinite(self.values)]
        return float(numbers.std(dtype=np.float64)) if numbers.size else 0.0

    def evidence(self, array: Array) -> tuple[Check, ...]:
        """Return the number of elements that differ from the values."""
        drawn = self.fill_(np.empty(array.shape, array.dtype), on_empty="ignore")
        return (Check("elements that differ", int(np.count_nonzero(~self.same(array, drawn))), 0, 0),)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict; data of more than a line are a list of lines."""
        lines = [self.data[k : k + LINE] for k in range(0, len(self.data), LINE)]
        return {"scheme": self.kind, "shape": list(self.shape), "data": self.data if len(lines) < 2 else lines}

    def __repr__(self) -> str:
        data = self.data if len(self.data) <= LINE else f"{self.data[: LINE // 5]}..."
        return f"literal(shape={self.shape!r}, data={data!r})"


@lru_cache(maxsize=8)
def _decoded(shape: tuple[int, ...], data: str) -> Array:
    """The values of data that may be anything: no more is decompressed than the shape has room for."""
    size, stream = prod(shape), zlib.decompressobj()
    try:
        raw = stream.decompress(b64decode(data, validate=True), 8 * size + 1)
    except (ValueError, zlib.error) as error:
        raise ValueError(f"data of a literal is no base64 of zlib: {error}; make it by literal.of(values)") from None
    if not stream.eof or stream.unused_data or len(raw) not in (4 * size, 8 * size):
        raise ValueError(
            f"data of a literal is not that of shape {shape}; it must hold 4 or 8 bytes an element: make it by "
            "literal.of(values)"
        )
    return np.frombuffer(raw, "<f4" if len(raw) == 4 * size else "<f8").reshape(shape)
