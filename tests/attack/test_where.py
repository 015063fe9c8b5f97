"""Every seed, name and number of threads, right and wrong, of every function."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pytest

from support.attack_calls import assert_promise, assert_refuses, dtype_of, shape_of, taking
from support.attack_ground import Ground
from support.attack_things import NO_NUMBERS, Index, Raises, Unspeakable

TEXT = "l\u00e4yer"  # NFC
SEQUENCE = np.random.SeedSequence(5)
# What a value means: another, with which the draw must be the same.
MEANING: dict[str, dict[str, tuple[Any, Any]]] = {
    "seed": {
        "0": (0, 0),
        "2**64 - 1": (2**64 - 1, 2**64 - 1),
        "uint64": (np.uint64(2**64 - 1), 2**64 - 1),
        "int8": (np.int8(5), 5),
        "0-d": (np.array(5), 5),
        "__index__": (Index(5), 5),
        "SeedSequence": (SEQUENCE, int(SEQUENCE.generate_state(1, np.uint64)[0])),
        "Generator": (np.random.default_rng(5), int(np.random.default_rng(5).integers(0, 2**64, dtype=np.uint64))),
    },
    "name": {
        "": ("", np.str_("")),
        "NumPy text": (np.str_("w"), "w"),
        "NFC": (TEXT, unicodedata.normalize("NFC", TEXT)),
        "NUL": ("w\0", "w\0"),
        "newline": ("a\nb", "a\nb"),
        "beyond 16 bits": ("\U0010ffff", "\U0010ffff"),
        "a megabyte": ("w" * 10**6, "w" * 10**6),
    },
    "threads": {
        "1": (1, 1),
        "None": (None, 1),
        "3": (3, 1),
        "1024": (1024, 1),
        "10**30": (10**30, 1),
        "uint8": (np.uint8(2), 1),
        "0-d": (np.array(2), 1),
        "__index__": (Index(2), 1),
    },
}
NO_INTS = {key: value for key, value in NO_NUMBERS.items() if key != "None"} | {
    "float": 1.0,
    "float64": np.float64(2),
    "nan": float("nan"),
    "__index__ of None": Index(None),
    "-1": -1,
    "-(2**64)": -(2**64),
    "int8 below": np.int8(-1),
    "-(10**5000)": -(10**5000),
}
WRONG: dict[str, dict[str, Any]] = {
    "seed": NO_INTS
    | {
        "2**64": 2**64,
        "10**400": 10**400,
        "10**5000": 10**5000,
        "RandomState": np.random.RandomState(5),
        "BitGenerator": np.random.PCG64(5),
        "SeedSequence itself": np.random.SeedSequence,
        "two": (1, 2),
    },
    "name": {
        "bytes": b"w",
        "int": 1,
        "10**5000": 10**5000,
        "tuple": ("w",),
        "0-d text": np.array("w"),
        "surrogate": "\ud800",
        "a pair of surrogates": "\ud83d\ude00",
        "a megabyte and a surrogate": "w" * 10**6 + "\udfff",
        "raises": Raises(KeyError),
        "unspeakable": Unspeakable(KeyError),
        "array": np.ones((3, 3)),
    },
    "threads": NO_INTS | {"0": 0},
}


def cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(
            function,
            what,
            row,
            id=f"{function}-{what}-{row}",
        )
        for what, rows in table.items()
        for row in rows
        for function in taking(what)
    ]


@pytest.mark.parametrize(("function", "what", "row"), cases(MEANING))
def test_what_is_right_means_what_the_table_says(function: str, what: str, row: str) -> None:
    value, meant = MEANING[what][row]
    if isinstance(value, np.random.Generator):
        value = np.random.default_rng(5)
    ground = Ground()
    assert_promise(ground, function, ground.lay(shape_of(function), dtype_of(function)), {what: value}, {what: meant})


@pytest.mark.parametrize(("function", "what", "row"), cases(WRONG))
def test_what_is_wrong_is_refused(function: str, what: str, row: str) -> None:
    """And nothing is drawn from a Generator."""
    ground, generator = Ground(), np.random.default_rng(5)
    array = ground.lay(shape_of(function), dtype_of(function))
    options = {"seed": generator} if function in taking("seed") else {}
    assert assert_refuses(ground, function, array, {**options, what: WRONG[what][row]}).startswith(f"{what} is ")
    assert generator.bit_generator.state == np.random.default_rng(5).bit_generator.state


def test_nfc_and_nfd_are_two_names() -> None:
    for function in taking("name"):
        ground = Ground()
        nfc, nfd = (unicodedata.normalize(form, TEXT) for form in ("NFC", "NFD"))
        array = ground.lay(shape_of(function), dtype_of(function))
        with pytest.raises(AssertionError):
            assert_promise(ground, function, array, {"name": nfd}, {"name": nfc})
