"""Bad arguments of schemes and records: the whole sentence, the array as it was, no number drawn; and empty arrays."""

from __future__ import annotations

import warnings
from math import inf, nan
from typing import Any

import numpy as np
import pytest

import fast_init
from fast_init.schemes.scheme import FACTORIES
from support.draws import BFLOAT16, Array

fi: Any = fast_init  # called with what its types forbid

FINITE = "it must be a finite number: pass a number of that range"
HOLDS = "the array's dtype holds at most 3.40282e+38: pass a number of that range"
NUMBER = "it must be a number: pass a float"
A_STR = "it must be a str: pass one letter per axis, such as 'oi...'"
AT_LEAST_0 = "it must not be negative: pass a number >= 0"
GAIN = "it must be a finite number and not negative: pass a gain >= 0"
SLOPE = "leaky_relu needs a finite number: pass one, such as 0.01"
MODES = "it must be one of fan_in, fan_out, fan_avg, fan_geo_avg: pass one of these"
LAWS = "it must be one of normal, uniform, truncated_normal: pass one of these"
ON_EMPTY = "it must be 'error', 'warn' or 'ignore': pass one of these"
BETWEEN = "lies between them: pass wider bounds or use another dtype"
EQUAL = "parts are equal: give each part its own view of the array"
PARTS = "has an axis of several parts; orthogonal weights are made one by one: give each part its own view of the array"
MATRIX = "a matrix has 2: pass one, or a view of the array as one"
LETTERS = (
    "a layout is letters from a to z, each with /n for an axis of n parts, and at most one '...': use o for output, "
    "i for input, e for experts and k for kernel axes"
)
CONVOLUTION = (
    "is not that of a convolution; one output axis, one input axis and at least one kernel axis are needed: use "
    "orthogonal_ for matrices"
)
NORM = "a norm cannot be kept by fewer outputs than inputs: swap the layout or use orthogonal_"

WITHOUT_SEED = ("constant_", "dirac_", "eye_", "ones_", "zeros_")
SHAPES = {"delta_orthogonal_": (6, 5, 1), "dirac_": (6, 5, 1)}  # else (6, 5)

# By function: arguments, and the array's shape and dtype where they are not the usual ones; and the text.
Table = dict[str, list[tuple[dict[str, Any], str]]]
VALUES: Table = {
    "trunc_normal_": [
        ({"a": 1, "b": 1}, "a is 1.0 and b is 1.0; a must be less than b: swap or widen them"),
        ({"a": inf, "b": -inf}, "a is inf and b is -inf; a must be less than b: swap or widen them"),
        ({"a": nan}, "a is nan; it must be a number or an infinity: pass one"),
        ({"b": nan, "bounds": "sigma"}, "b is nan; it must be a number or an infinity: pass one"),
        ({"bounds": "sigmas"}, "bounds is 'sigmas'; it must be 'absolute' or 'sigma': pass one of these"),
        ({"bounds": ["sigma"]}, "bounds is ['sigma']; it must be 'absolute' or 'sigma': pass one of these"),
        ({"mean": 3, "std": 0}, "std is 0 and the mean lies outside of the bounds -2.0 and 2.0; pass std > 0"),
        (
            {"std": 0, "a": 1, "bounds": "sigma"},
            "std is 0 and the mean lies outside of the bounds 1.0 and 2.0; pass std > 0",
        ),
        ({"std": -1}, f"std is -1.0; {AT_LEAST_0}"),
        ({"std": inf}, f"std is inf; {FINITE}"),
        ({"mean": 1e39}, f"mean is 1e+39; {HOLDS}"),
        ({"a": 1e-60, "b": 1e-50}, f"the bounds are 1e-60 and 1e-50; no float32 {BETWEEN}"),
        ({"a": 1.001, "b": 1.002, "dtype": BFLOAT16}, f"the bounds are 1.001 and 1.002; no bfloat16 {BETWEEN}"),
        (
            {"mean": 1.0015, "std": 0, "a": 1.001, "b": 1.002, "dtype": BFLOAT16},
            f"the bounds are 1.001 and 1.002; no bfloat16 {BETWEEN}",
        ),
    ],
    "variance_scaling_": [
        ({"scale": -0.5}, f"scale is -0.5; {AT_LEAST_0}"),
        ({"scale": nan}, f"scale is nan; {FINITE}"),
        ({"scale": 5 * 2.0**260}, f"std is {2.0**130!r}; {HOLDS}"),
        ({"distribution": "truncated"}, f"distribution is 'truncated'; {LAWS}"),
        ({"distribution": None}, f"distribution is None; {LAWS}"),
        ({"mode": "fan"}, f"mode is 'fan'; {MODES}"),
        ({"layout": "oi/0"}, f"layout 'oi/0' has '/'; {LETTERS}"),
        ({"layout": "o/4i"}, f"layout 'o/4i' divides an axis into 4 parts, but it has 6 elements; {EQUAL}"),
    ],
    "he_normal_": [({"a": inf}, f"slope is inf; {SLOPE}"), ({"on_empty": "raise"}, f"on_empty is 'raise'; {ON_EMPTY}")],
    "xavier_uniform_": [({"gain": "1"}, f"gain is '1'; {GAIN}"), ({"gain": -0.5}, f"gain is -0.5; {GAIN}")],
    "sparse_": [
        ({"sparsity": 1.5}, "sparsity is 1.5; it must be in [0, 1]: pass the share of zeros"),
        ({"sparsity": -0.1}, "sparsity is -0.1; it must be in [0, 1]: pass the share of zeros"),
        ({"sparsity": nan}, f"sparsity is nan; {FINITE}"),
        ({"sparsity": 0.5, "std": -1}, f"std is -1.0; {AT_LEAST_0}"),
        ({"sparsity": 0.5, "std": 1e39}, f"std is 1e+39; {HOLDS}"),
        ({"sparsity": 0.5, "shape": (2, 3, 5)}, f"shape (2, 3, 5) has 3 axes; {MATRIX}"),
        (
            {"sparsity": 0.5, "threads": 0},
            "threads is 0; it must be at least 1: pass a number >= 1, or None for the default",
        ),
        ({"sparsity": 0.5, "on_empty": "raise"}, f"on_empty is 'raise'; {ON_EMPTY}"),
    ],
    "orthogonal_": [
        ({"gain": inf}, f"gain is inf; {FINITE}"),
        ({"gain": -1e39}, f"gain is -1e+39; {HOLDS}"),
        ({"layout": "oI"}, f"layout 'oI' has 'I'; {LETTERS}"),
        ({"layout": "o/2i"}, f"layout 'o/2i' {PARTS}"),
        ({"seed": -1}, "seed is -1; it must be in [0, 2**64): pass a seed of at most 64 bits"),
        ({"on_empty": None}, f"on_empty is None; {ON_EMPTY}"),
    ],
    "delta_orthogonal_": [
        ({"gain": nan}, f"gain is nan; {FINITE}"),
        ({"shape": (6, 5)}, f"shape (6, 5) in layout 'oi...' {CONVOLUTION}"),
        ({"shape": (1, 6, 5), "layout": "eoi"}, f"shape (1, 6, 5) in layout 'eoi' {CONVOLUTION}"),
        ({"shape": (6, 5, 1), "layout": "ooi"}, f"shape (6, 5, 1) in layout 'ooi' {CONVOLUTION}"),
        ({"layout": "io..."}, f"shape (6, 5, 1) has 6 inputs and 5 outputs; {NORM}"),
        ({"layout": "o/2i..."}, f"layout 'o/2i...' {PARTS}"),
    ],
    "dirac_": [
        (
            {"groups": 4},
            "groups is 4; it must divide the 6 outputs of shape (6, 5, 1): pass the convolution's number of groups",
        ),
        ({"groups": 0}, "groups is 0; it must be at least 1: pass a number >= 1"),
        (
            {"shape": (6, 5)},
            "shape (6, 5) has 2 axes; dirac_ needs outputs, inputs and 1 to 3 kernel axes: use eye_ for a matrix",
        ),
    ],
    "eye_": [
        ({"shape": (30,)}, f"shape (30,) has 1 axes; {MATRIX}"),
        ({"on_empty": ""}, f"on_empty is ''; {ON_EMPTY}"),
    ],
    "constant_": [({"val": -1e39}, f"val is -1e+39; {HOLDS}")],
}
TYPES: Table = {
    "trunc_normal_": [({"a": "0"}, f"a is '0'; {NUMBER}"), ({"std": None}, f"std is None; {NUMBER}")],
    "variance_scaling_": [({"scale": "2"}, f"scale is '2'; {NUMBER}"), ({"layout": 2}, f"layout is 2; {A_STR}")],
    "lecun_normal_": [({"layout": None}, f"layout is None; {A_STR}")],
    "sparse_": [
        ({"sparsity": [0.5]}, f"sparsity is [0.5]; {NUMBER}"),
        ({"sparsity": 0.5, "name": 7}, "name is 7; it must be a str or None: pass the tensor's name"),
        ({"sparsity": 0.5, "threads": 1.0}, "threads is 1.0; it must be an int or None: pass a number >= 1"),
    ],
    "orthogonal_": [
        ({"gain": "1"}, f"gain is '1'; {NUMBER}"),
        ({"seed": "1"}, "seed is '1'; it must be an int, a numpy SeedSequence or Generator, or None: pass an int"),
    ],
    "delta_orthogonal_": [({"name": b"w"}, "name is b'w'; it must be a str or None: pass the tensor's name")],
    "dirac_": [
        ({"groups": 2.0}, "groups is 2.0; it must be an int: pass a number >= 1"),
        ({"groups": True}, "groups is True; it must be an int: pass a number >= 1"),
    ],
    "constant_": [({"val": "1"}, f"val is '1'; {NUMBER}")],
}


CASES = [
    (error, function, *case)
    for error, table in ((ValueError, VALUES), (TypeError, TYPES))
    for function, cases in table.items()
    for case in cases
]


@pytest.mark.parametrize(("error", "function", "options", "text"), CASES, ids=[f"{x[1]}{x[2]}" for x in CASES])
def test_bad_argument(error: type[Exception], function: str, options: dict[str, Any], text: str) -> None:
    generator = np.random.default_rng(5)
    state = generator.bit_generator.state
    arguments: dict[str, Any] = {} if function in WITHOUT_SEED else {"seed": generator}
    arguments |= options
    array = np.full(arguments.pop("shape", SHAPES.get(function, (6, 5))), 123, arguments.pop("dtype", np.float32))
    with pytest.raises(error) as raised:
        getattr(fi, function)(array, **arguments)
    assert type(raised.value) is error
    assert str(raised.value) == text
    assert (array == 123).all()
    assert generator.bit_generator.state == state


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("normal_", {"std": 10**400}),
        ("uniform_", {"b": 10**400}),
        ("constant_", {"val": -(10**400)}),
        ("trunc_normal_", {"b": 10**400}),
        ("xavier_normal_", {"gain": 10**400}),
        ("xavier_uniform_", {"gain": 1e200}),
    ],
    ids=lambda x: str(x)[:20],
)
def test_what_a_float_cannot_hold_is_a_bad_value(function: str, arguments: dict[str, Any]) -> None:
    array = np.full((6, 5), 123, np.float32)
    with pytest.raises(ValueError, match=f"^{next(iter(arguments))} is "):
        getattr(fi, function)(array, **arguments)
    assert (array == 123).all()


KNOWN = ", ".join(sorted(FACTORIES))
MADE = "the scheme {!r} cannot be made of {}: {}"
OTHER = ".__init__() got an unexpected keyword argument"
RECORDS: dict[str, tuple[Any, type[Exception], str]] = {
    "unknown": ({"scheme": "he"}, ValueError, f"scheme is 'he'; it must be one of {KNOWN}: pass one of these"),
    "without": ({"std": 1.0}, ValueError, f"scheme is None; it must be one of {KNOWN}: pass one of these"),
    "list": ({"scheme": ["eye"]}, ValueError, f"scheme is ['eye']; it must be one of {KNOWN}: pass one of these"),
    "other": (
        {"scheme": "normal", "sigma": 1},
        TypeError,
        MADE.format("normal", {"sigma": 1}, f"Normal{OTHER} 'sigma'"),
    ),
    "of a function": (
        {"scheme": "he_normal", "gain": 1},
        TypeError,
        MADE.format("he_normal", {"gain": 1}, "he_normal() got an unexpected keyword argument 'gain'"),
    ),
    "missing": (
        {"scheme": "sparse"},
        TypeError,
        MADE.format("sparse", {}, "Sparse.__init__() missing 1 required positional argument: 'sparsity'"),
    ),
    "wrong type": (
        {"scheme": "uniform", "a": "0"},
        TypeError,
        MADE.format("uniform", {"a": "0"}, f"a is '0'; {NUMBER}"),
    ),
    "wrong value": ({"scheme": "normal", "std": -1}, ValueError, f"std is -1.0; {AT_LEAST_0}"),
    "a > b": (
        {"scheme": "uniform", "a": 2},
        ValueError,
        "a is 2.0 and b is 1.0; a must not be greater than b: swap them",
    ),
}


@pytest.mark.parametrize("case", RECORDS)
def test_bad_record(case: str) -> None:
    record, error, text = RECORDS[case]
    before = dict(record)
    with pytest.raises(error) as raised:
        fi.Scheme.from_dict(record)
    assert str(raised.value) == text
    assert record == before


NO_ELEMENTS: dict[str, tuple[tuple[int, ...], list[float]]] = {
    # shape, arguments; the others have (0, 3) and none
    "constant_": ((0, 3), [1.0]),
    "delta_orthogonal_": ((3, 0, 2), []),
    "dirac_": ((2, 2, 0), []),
    "sparse_": ((0, 3), [0.5]),
}
IN_PLACE = [name for name in fi.__all__ if name.endswith("_")]


def empty(name: str) -> tuple[Any, Array, list[float]]:
    shape, arguments = NO_ELEMENTS.get(name, ((0, 3), []))
    return getattr(fi, name), np.empty(shape, np.uint32 if name == "bits_" else np.float32), arguments


@pytest.mark.parametrize("name", IN_PLACE)
def test_an_empty_array_is_warned_of_once_where_the_function_was_called(name: str) -> None:
    function, array, arguments = empty(name)
    with pytest.warns(fi.EmptyArrayWarning) as record:
        assert function(array, *arguments) is array
    what = f"array of shape {array.shape} has no elements; nothing was initialised"
    fix = "allocate the weight first, or pass on_empty='ignore'"
    assert [str(warning.message) for warning in record] == [f"{what}: {fix}"]
    assert record[0].filename == __file__


@pytest.mark.parametrize("name", IN_PLACE)
def test_empty_arrays_as_one_wishes(name: str) -> None:
    """Nor is a Generator drawn from."""
    function, array, arguments = empty(name)
    generator = np.random.default_rng(5)
    state = generator.bit_generator.state
    options = {} if name in WITHOUT_SEED else {"seed": generator}
    with pytest.raises(ValueError, match="has no elements; nothing was initialised: allocate") as raised:
        function(array, *arguments, on_empty="error", **options)
    assert type(raised.value) is ValueError
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert function(array, *arguments, on_empty="ignore", **options) is array
    assert generator.bit_generator.state == state


def test_the_std_of_a_weight_without_elements_is_0() -> None:
    for scheme in (fi.he_normal(), fi.orthogonal(), fi.sparse(0.5), fi.eye()):
        assert scheme.std_for((0, 0)) == 0
    assert fi.dirac().std_for((2, 2, 0)) == 0
    assert fi.delta_orthogonal().std_for((0, 0, 3)) == 0
