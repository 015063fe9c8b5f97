"""What torch expects of the calls of torch.nn.init, by each road: what they return, record, warn of and refuse."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import nn

import fast_init as fi
from fast_init.torch import accelerate
from support.torch_draws import bits_of
from support.torch_roads import ROADS, Road

EVERY_ROAD = pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
IN_BOTH = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)


class Call(NamedTuple):
    """A call and the shape of its tensor."""

    name: str
    arguments: tuple[Any, ...] = ()
    shape: tuple[int, ...] = (4, 6)


EACH = [
    *map(Call, ("normal_", "uniform_", "trunc_normal_", "ones_", "zeros_", "eye_", "orthogonal_")),
    *(Call(f"{scheme}_{law}_") for scheme in ("xavier", "kaiming") for law in ("normal", "uniform")),
    Call("constant_", (0.5,)),
    Call("sparse_", (0.5,)),
    Call("dirac_", (), (4, 6, 3)),
]
BY_CALL = pytest.mark.parametrize("call", EACH, ids=lambda call: str(call.name))


def test_each_function_of_torch_is_in_the_table() -> None:
    theirs = {name for name in dir(nn.init) if name.endswith("_") and not name.startswith("_")}
    assert {call.name for call in EACH} == theirs


@EVERY_ROAD
@IN_BOTH
@BY_CALL
@pytest.mark.parametrize("requires_grad", [True, False], ids=["a parameter", "a tensor"])
def test_the_tensor_is_returned_and_no_graph_recorded(road: Road, dtype: Any, call: Call, requires_grad: bool) -> None:
    w = torch.full(call.shape, 7, dtype=dtype, requires_grad=requires_grad)
    assert road(call.name, w, *call.arguments) is w
    assert (w != 7).all()
    assert (w.requires_grad, w.grad_fn, w.is_leaf, w.dtype) == (requires_grad, None, True, dtype)


@IN_BOTH
@BY_CALL
def test_a_deprecated_name_warns_and_does_the_same_under_accelerate(dtype: Any, call: Call) -> None:
    alias = getattr(nn.init, call.name.removesuffix("_"), None)
    if alias is None:
        assert call.name in ("ones_", "zeros_", "trunc_normal_")
        return
    a, b = (torch.full(call.shape, 7, dtype=dtype) for _ in range(2))
    with accelerate(seed=42) as done, pytest.warns(FutureWarning, match="is now deprecated in favor of"):
        assert alias(a, *call.arguments) is a
    with accelerate(seed=42) as again:
        getattr(nn.init, call.name)(b, *call.arguments)
    assert np.array_equal(bits_of(a), bits_of(b))
    assert len(done.report.accelerated) == len(again.report.accelerated)
    assert not done.report.left


WRONG: dict[str, tuple[str, tuple[int, ...], dict[str, Any]]] = {
    "eye of 1 axis": ("eye_", (4,), {}),
    "eye of 3 axes": ("eye_", (2, 2, 2), {}),
    "dirac of 2 axes": ("dirac_", (4, 4), {}),
    "dirac of 6 axes": ("dirac_", (2,) * 6, {}),
    "dirac of 3 groups": ("dirac_", (4, 4, 3), {"groups": 3}),
    "sparse of 1 axis": ("sparse_", (4,), {"sparsity": 0.5}),
    "sparse of 3 axes": ("sparse_", (2, 2, 2), {"sparsity": 0.5}),
    "orthogonal of 1 axis": ("orthogonal_", (4,), {}),
    **{
        f"{scheme} {law} of {len(shape)} axes": (f"{scheme}_{law}_", shape, {})
        for scheme in ("xavier", "kaiming")
        for law in ("normal", "uniform")
        for shape in ((), (4,))
    },
    **{f"a mode of kaiming {law}": (f"kaiming_{law}_", (4, 4), {"mode": "fan_no"}) for law in ("normal", "uniform")},
    **{
        f"a nonlinearity of kaiming {law}": (f"kaiming_{law}_", (4, 4), {"nonlinearity": "no"})
        for law in ("normal", "uniform")
    },
    "a negative std": ("normal_", (4,), {"std": -1.0}),
    "bounds the wrong way round": ("uniform_", (4,), {"a": 2.0, "b": 1.0}),
}


@EVERY_ROAD
@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_and_nothing_half_done(road: Road, what: str) -> None:
    """Under `accelerate` it is torch that says it, in its words."""
    name, shape, options = WRONG[what]
    with pytest.raises((ValueError, RuntimeError)) as theirs:
        getattr(nn.init, name)(torch.full(shape, 7.0), **options)
    w = torch.full(shape, 7.0)
    with pytest.raises((ValueError, RuntimeError)) as ours:
        road(name, w, **options)
    assert (w == 7).all()
    if road is ROADS["accelerate"]:
        assert (ours.type, str(ours.value)) == (theirs.type, str(theirs.value))


@EVERY_ROAD
@pytest.mark.parametrize("shape", [(0, 4), (4, 0)], ids=str)
@pytest.mark.parametrize("call", EACH[:2] + EACH[7:11], ids=lambda call: str(call.name))
def test_a_tensor_without_elements_is_no_error(road: Road, shape: tuple[int, ...], call: Call) -> None:
    """The roads that begin with torch warn as torch does, and the report has no line."""
    with warnings.catch_warnings(record=True) as theirs:
        warnings.simplefilter("always")
        getattr(nn.init, call.name)(torch.empty(shape))
    with warnings.catch_warnings(record=True) as ours:
        warnings.simplefilter("always")
        assert road(call.name, torch.empty(shape)).shape == shape
    sentences = {str(warning.message) for warning in ours}
    if road is not ROADS["in place"]:
        assert sentences >= {str(warning.message) for warning in theirs}
    else:
        assert any("has no elements" in sentence for sentence in sentences)


@pytest.mark.parametrize("calculate", [fi.calculate_gain, nn.init.calculate_gain], ids=["fast_init", "accelerate"])
def test_gains(calculate: Callable[..., float]) -> None:
    values: dict[tuple[Any, ...], float] = {
        **dict.fromkeys([(f"{kind}{n}d",) for kind in ("conv", "conv_transpose") for n in (1, 2, 3)], 1.0),
        ("linear",): 1.0,
        ("sigmoid",): 1.0,
        ("tanh",): 5 / 3,
        ("relu",): math.sqrt(2),
        ("selu",): 3 / 4,
        ("leaky_relu",): math.sqrt(2 / (1 + 0.01**2)),
        ("leaky_relu", 0.3): math.sqrt(2 / (1 + 0.3**2)),
    }
    with accelerate() as done:
        assert {arguments: calculate(*arguments) for arguments in values} == pytest.approx(values, rel=1e-15)
        for wrong in (("no",), ("leaky_relu", "a string"), ("leaky_relu", True)):
            with pytest.raises((TypeError, ValueError)):
                calculate(*wrong)
    assert not done.report.lines
