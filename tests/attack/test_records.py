"""The other calls of the rooms below recipes, with what is wrong: one sentence says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fast_init
from support.attack_calls import assert_sentence
from support.attack_things import NO_NUMBERS, NO_WORDS, TOO_LARGE, Index, Raises, Unspeakable

fi: Any = fast_init  # called with what its types forbid
WEIGHT = np.ones((6, 5), np.float32)
NO_SHAPES: dict[str, Any] = {
    **{f"of {key}": (6, value) for key, value in {**NO_NUMBERS, "-1": -1, "2.0": 2.0}.items()},
    **{f"not of {key}": (6, value) for key, value in TOO_LARGE.items() if key.startswith(("-", "Fr"))},
    "None": None,
    "int": 30,
    "text": "65",
    "bytes": b"65",
    "set": {6, 5},
    "iterator": iter((6, 5)),
    "0-d": np.array(6),
    "2-d": np.ones((2, 2), int),
    "65 axes": (1,) * 65,
    "of a billion axes": range(10**9),
    "unspeakable": Unspeakable(KeyError),
    "raises": Raises(KeyError),
}
SHAPED = {key: value for key, value in NO_SHAPES.items() if key != "None"}
NO_RECORDS = {key: value for key, value in NO_WORDS.items() if key != "dict"}
NO_INDICES = {key: value for key, value in NO_NUMBERS.items() if key != "None"} | {"float": 1.0}
# What is called with each of a table's things.
CALLS: dict[str, tuple[Callable[[Any], object], dict[str, Any]]] = {
    "compute_fans(shape)": (lambda x: fi.compute_fans(x), NO_SHAPES),
    "compute_fans(layout)": (lambda x: fi.compute_fans((6, 5), x), NO_WORDS),
    "compute_fans(groups)": (lambda x: fi.compute_fans((6, 5), groups=x), NO_NUMBERS | {"0": 0, "4 of 6": 4}),
    "new(shape)": (lambda x: fi.normal().new(x, seed=1), NO_SHAPES),
    "new(seed)": (lambda x: fi.normal().new((6, 5), seed=x), NO_INDICES),
    "calculate_gain(nonlinearity)": (lambda x: fi.calculate_gain(x), NO_WORDS),
    "calculate_gain(param)": (
        lambda x: fi.calculate_gain("leaky_relu", x),
        {key: value for key, value in {**NO_NUMBERS, **TOO_LARGE}.items() if key != "None"},
    ),
    "from_dict": (lambda x: fi.Scheme.from_dict(x), NO_RECORDS),
    "from_dict(scheme)": (lambda x: fi.Scheme.from_dict({"scheme": x}), {**NO_RECORDS, "dict": {}}),
    "from_dict(std)": (lambda x: fi.Scheme.from_dict({"scheme": "normal", "std": x}), TOO_LARGE),
    "verify(scheme)": (lambda x: fi.verify(WEIGHT, x), NO_WORDS),
    "verify(false_alarm)": (lambda x: fi.verify(WEIGHT, fi.normal(), false_alarm=x), {**NO_NUMBERS, **TOO_LARGE}),
    "verify(sample)": (lambda x: fi.verify(WEIGHT, fi.normal(), sample=x), NO_INDICES | {"0": 0, "-1": -1}),
    "verify(seed)": (lambda x: fi.verify(WEIGHT, fi.normal(), seed=x), NO_INDICES),
    "verify(name)": (lambda x: fi.verify(WEIGHT, fi.normal(), seed=1, name=x), {**NO_INDICES, "bytes": b"w"}),
    "verify(global_shape)": (lambda x: fi.verify(WEIGHT, fi.normal(), global_shape=x, offset=(0, 0)), SHAPED),
}
NAMED = ("text", "NumPy text")  # that are names
CASES = [
    (call, row) for call, (_, table) in CALLS.items() for row in table if not (call == "verify(name)" and row in NAMED)
]


@pytest.mark.parametrize(("call", "row"), CASES, ids=[f"{call}-{row}" for call, row in CASES])
def test_what_is_wrong_is_refused(call: str, row: str) -> None:
    function, table = CALLS[call]
    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is what the next line asserts
        function(table[row])
    assert_sentence(raised.value)
    assert (WEIGHT == 1).all()


def test_shapes_that_are_right() -> None:
    for shape in ([6, 5], np.array([6, 5]), (np.uint8(6), Index(5)), range(6, 4, -1)):
        assert fi.compute_fans(shape) == (5, 6)
        assert fi.he_normal().new(shape, seed=1).shape == (6, 5)


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg", "fan_geo_avg"])
def test_fans_that_no_float_holds(mode: str) -> None:
    with pytest.raises(ValueError, match=r"^fans are ") as raised:
        fi.variance_scaling(1.0, mode).std_for((10**400, 10**400))
    assert_sentence(raised.value)
