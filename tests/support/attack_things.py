"""Things that arguments must not be: numbers that are none, words that are none, objects that raise or lie."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import inf, nan
from typing import Any

import ml_dtypes
import numpy as np


class Raises:
    """An object whose conversions raise what nobody expects."""

    def __init__(self, error: type[BaseException]) -> None:
        self.error = error

    def _raise(self, *_: object) -> Any:
        raise self.error("not today")

    __float__ = __index__ = __int__ = __len__ = __iter__ = __getitem__ = __eq__ = __hash__ = __str__ = _raise


class Unspeakable(Raises):
    """One that has no repr either."""

    __repr__ = Raises._raise


class Index:
    """An int, by its __index__; or what is said to be one."""

    def __init__(self, *values: Any) -> None:
        self.values = list(values)

    def __index__(self) -> Any:
        """Return the values one after another, the last for ever."""
        return self.values.pop(0) if len(self.values) > 1 else self.values[0]


class Float:
    """A number, by its __float__; or what is said to be one."""

    def __init__(self, value: Any) -> None:
        self.values = [value]

    def __float__(self) -> Any:
        """Return the value."""
        return self.values[0]


class Word(Enum):
    """Of what looks like a word."""

    NORMAL = "normal"


NO_NUMBERS: dict[str, Any] = {  # to be refused wherever a number is wanted
    "None": None,
    "text": "1",
    "NumPy text": np.str_("1"),
    "bytes": b"1",
    "bytearray": bytearray(b"1"),
    "memoryview": memoryview(b"1"),
    "bool": True,
    "NumPy bool": np.True_,
    "complex": 1j,
    "complex64": np.complex64(1),
    "complex128": np.complex128(0.5 + 0j),
    "datetime64": np.datetime64(1, "s"),
    "timedelta64": np.timedelta64(1, "s"),
    "unitless timedelta64": np.timedelta64(1),
    "void": np.void(b"1   "),
    "list": [1.0],
    "tuple": (1.0,),
    "dict": {1: 1},
    "type": float,
    "object": object(),
    "enum": Word.NORMAL,
    "array of 1": np.ones(1),
    "array of 1 x 1": np.ones((1, 1)),
    "array": np.ones((3, 3)),
    "empty array": np.ones(0),
    "0-d text": np.array("1"),
    "0-d bytes": np.array(b"1"),
    "0-d object": np.array("1", object),
    "0-d complex": np.array(1 + 2j),
    "0-d bool": np.array(True),
    "NaN that signals": Decimal("sNaN"),
    "raises RuntimeError": Raises(RuntimeError),
    "raises KeyError": Raises(KeyError),
    "raises ZeroDivisionError": Raises(ZeroDivisionError),
    "raises OverflowError": Raises(OverflowError),
    "raises RecursionError": Raises(RecursionError),
    "raises MemoryError": Raises(MemoryError),
    "raises StopIteration": Raises(StopIteration),
    "unspeakable": Unspeakable(RuntimeError),
    "__float__ of an int": Float(1),
    "__float__ of a text": Float("1"),
    "__index__ of a float": Index(1.0),
    "__index__ of a text": Index("1"),
}
TOO_LARGE: dict[str, Any] = {  # no float holds them: a bad value wherever a number is wanted
    "10**400": 10**400,
    "-(10**400)": -(10**400),
    "10**5000": 10**5000,
    "-(10**5000)": -(10**5000),
    "Fraction(10**400)": Fraction(10**400),
    "Fraction(10**5000)": Fraction(10**5000),
    "__index__ of 10**400": Index(10**400),
}
NUMBERS: dict[str, Any] = {  # each means its float
    "0": 0,
    "-0.0": -0.0,
    "1": 1,
    "5e-324": 5e-324,
    "-5e-324": -5e-324,
    "1e-310": 1e-310,
    "1e308": 1e308,
    "-1e308": -1e308,
    "1e200": 1e200,
    "nan": nan,
    "inf": inf,
    "-inf": -inf,
    "2**1023": 2**1023,
    "Decimal": Decimal("0.1"),
    "Decimal 1e200": Decimal("1e200"),
    "Decimal beyond": Decimal("1e99999"),
    "Decimal NaN": Decimal("NaN"),
    "Decimal below": Decimal("1e-99999"),
    "Fraction": Fraction(1, 3),
    "float16": np.float16(300),
    "float16 inf": np.float16(inf),
    "bfloat16": ml_dtypes.bfloat16(0.5),
    "float32": np.float32(0.1),
    "float32 large": np.float32(3e38),
    "float64": np.float64(0.1),
    "float64 nan": np.float64(nan),
    "longdouble": np.longdouble("0.1"),
    "longdouble beyond": np.longdouble(2) ** 10000,
    "int8": np.int8(-1),
    "uint8": np.uint8(255),
    "uint64": np.uint64(2**64 - 1),
    "0-d": np.array(0.5),
    "0-d int": np.array(1),
    "__float__": Float(0.5),
    "__index__": Index(1),
}
NO_WORDS: dict[str, Any] = {  # to be refused wherever one of a few words is wanted
    **{key: value for key, value in NO_NUMBERS.items() if key not in ("text", "NumPy text")},
    "empty": "",
    "other": "fan_sum",
    "upper case": "NORMAL",
    "with a space": "normal ",
    "with a newline": "normal\n",
    "with NUL": "normal\0",
    "a lone surrogate": "\ud800",
    "a megabyte": "o" * 10**6,
    "int": 1,
    "10**5000": 10**5000,
    "nan": nan,
}
