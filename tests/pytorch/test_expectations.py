"""What torch's tests of torch.nn.init expect, restated, of each function in place, under `accelerate`, and replayed.

A check of a distribution allows what `support.distributions` allows, from the number of elements.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

import fast_init as fi
from fast_init.torch import accelerate, build
from support.distributions import NORMAL, P_VALUE, UNIFORM, assert_law, ks_p_value
from support.torch_draws import DTYPES

ft = fi.torch
DETERMINISTIC = {"constant_", "ones_", "zeros_", "eye_", "dirac_"}
Draw = Callable[..., Any]  # (function, shape, *arguments, **options) -> tensor


def in_place(function: str, tensor: Any, *arguments: Any, **options: Any) -> Any:
    """The function of fast_init.torch."""
    return getattr(ft, function)(tensor, *arguments, **options)


def accelerated(function: str, tensor: Any, *arguments: Any, **options: Any) -> Any:
    """The function of torch, drawn by fast_init at once."""
    with accelerate(seed=1) as done:
        result = getattr(nn.init, function)(tensor, *arguments, **options)
    assert bool(done.report.accelerated) == (function not in DETERMINISTIC and tensor.numel() > 0)
    assert not done.report.left
    return result


def replayed(function: str, tensor: Any, *arguments: Any, **options: Any) -> Any:
    """The function of torch in a constructor, recorded on meta."""

    class Made(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.empty(tensor.shape, dtype=tensor.dtype))
            getattr(nn.init, function)(self.w, *arguments, **options)

    return build(Made, seed=1).w.detach()


ROADS = {"in place": in_place, "accelerated": accelerated, "replayed": replayed}


@pytest.fixture(params=product(ROADS, (torch.float32, torch.bfloat16)), ids=lambda it: f"{it[0]}, {it[1]}")
def draw(request: Any) -> Draw:
    """A road and a dtype: the function fills a new tensor by them."""
    road, dtype = request.param
    torch.manual_seed(1)
    return lambda function, shape, *arguments, **options: ROADS[road](
        function, torch.full(shape, math.nan, dtype=dtype), *arguments, **options
    )


def numbers(tensor: Any) -> Any:
    """The tensor as an array of its own dtype."""
    if tensor.dtype is torch.bfloat16:
        return tensor.view(torch.int16).numpy().view(DTYPES[torch.bfloat16])
    return tensor.numpy()


SIZES = [(5000,), (90, 60), (30, 20, 5, 3)]
BY_SIZE = pytest.mark.parametrize("size", SIZES, ids=str)


@BY_SIZE
@pytest.mark.parametrize(("a", "b"), [(0.0, 1.0), (-2.5, 0.5), (1.5, 6.25)])
def test_uniform(draw: Draw, size: tuple[int, ...], a: float, b: float) -> None:
    assert_law(numbers(draw("uniform_", size, a, b)), UNIFORM, (b - a) / math.sqrt(12), (a + b) / 2)


@BY_SIZE
@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (-3.0, 0.25), (2.0, 5.0)])
def test_normal(draw: Draw, size: tuple[int, ...], mean: float, std: float) -> None:
    assert_law(numbers(draw("normal_", size, mean, std)), NORMAL, std, mean)


@BY_SIZE
@pytest.mark.parametrize(
    ("mean", "std", "a", "b"), [(0.0, 1.0, -2.0, 2.0), (1.0, 0.5, -2.0, 1.25), (0.0, 2.0, 1.0, 9.0)]
)
def test_trunc_normal(draw: Draw, size: tuple[int, ...], mean: float, std: float, a: float, b: float) -> None:
    w = numbers(draw("trunc_normal_", size, mean, std, a, b))
    law = stats.truncnorm((a - mean) / std, (b - mean) / std, mean, std)
    assert w.min() >= a
    assert w.max() <= b
    assert ks_p_value(w, law.cdf, a, b) > P_VALUE


@BY_SIZE
@pytest.mark.parametrize(
    ("function", "arguments", "value"), [("constant_", (0.3,), 0.3), ("ones_", (), 1), ("zeros_", (), 0)]
)
def test_constants(
    draw: Draw, size: tuple[int, ...], function: str, arguments: tuple[float, ...], value: float
) -> None:
    w = draw(function, size, *arguments)
    assert torch.equal(w, torch.full_like(w, value))


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3)])
def test_eye(draw: Draw, shape: tuple[int, int]) -> None:
    w = draw("eye_", shape)
    assert torch.equal(w, torch.eye(*shape).to(w.dtype))


@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("spatial", [(3,), (3, 5), (3, 3, 3)], ids=len)
def test_dirac_convolves_to_the_input(draw: Draw, spatial: tuple[int, ...], groups: int) -> None:
    """Of each group, the first channels out are the channels in, and those beyond are 0."""
    out, into = 12, 3
    w = draw("dirac_", (out, into, *spatial), groups).float()
    x = torch.randn(1, groups * into, *(7 for _ in spatial))
    convolve = getattr(nn.functional, f"conv{len(spatial)}d")
    y = convolve(x, w, padding=tuple(n // 2 for n in spatial), groups=groups).unflatten(1, (groups, out // groups))
    same = min(out // groups, into)
    assert torch.equal(y[:, :, :same], x.unflatten(1, (groups, into))[:, :, :same])
    assert not y[:, :, same:].any()


FANS = [((90, 60), 60, 90), ((25, 10, 4, 5), 200, 500)]


@pytest.mark.parametrize(("shape", "fan_in", "fan_out"), FANS)
@pytest.mark.parametrize("gain", [1.0, 0.3])
@pytest.mark.parametrize(("function", "law"), [("xavier_uniform_", UNIFORM), ("xavier_normal_", NORMAL)])
def test_xavier(draw: Draw, shape: Any, fan_in: int, fan_out: int, gain: float, function: str, law: Any) -> None:
    assert_law(numbers(draw(function, shape, gain)), law, gain * math.sqrt(2 / (fan_in + fan_out)))


@pytest.mark.parametrize(("shape", "fan_in", "fan_out"), FANS)
@pytest.mark.parametrize(("mode", "a"), [("fan_in", 0.0), ("fan_out", 0.0), ("fan_in", math.sqrt(5))])
@pytest.mark.parametrize(("function", "law"), [("kaiming_uniform_", UNIFORM), ("kaiming_normal_", NORMAL)])
def test_kaiming(
    draw: Draw, shape: Any, fan_in: int, fan_out: int, mode: str, a: float, function: str, law: Any
) -> None:
    w = draw(function, shape, a=a, mode=mode, nonlinearity="leaky_relu")
    assert_law(numbers(w), law, math.sqrt(2 / (1 + a * a) / (fan_in if mode == "fan_in" else fan_out)))


@pytest.mark.parametrize("function", ["kaiming_uniform_", "kaiming_normal_"])
def test_a_tensor_of_no_elements_is_a_warning_that_says_so(draw: Draw, function: str) -> None:
    with pytest.warns(UserWarning, match="zero-element|no elements"):
        assert draw(function, (0, 1)).shape == (0, 1)


@pytest.mark.parametrize("sparsity", [0.1, 0.5, 0.95])
def test_sparse(draw: Draw, sparsity: float) -> None:
    w = draw("sparse_", (64, 300), sparsity, 0.5)
    zeros = (w == 0).sum(0)
    assert bool((zeros >= math.ceil(sparsity * 64)).all())
    assert int(zeros.sum()) <= 300 * math.ceil(sparsity * 64) + 1  # a drawn zero; none in float32 but one in 2^24
    assert_law(numbers(w[w != 0]), NORMAL, 0.5)


@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (20, 2, 3, 4), (2, 3, 4, 5), (64, 64)])
@pytest.mark.parametrize("gain", [1.0, 1.7])
def test_orthogonal(draw: Draw, shape: tuple[int, ...], gain: float) -> None:
    """Rows or columns, whichever are fewer, are orthogonal; an element is off by half a step of its dtype at most."""
    w = draw("orthogonal_", shape, gain)
    flat = w.flatten(1).double()
    flat = flat if flat.shape[0] <= flat.shape[1] else flat.T
    off = (flat @ flat.T / gain**2 - torch.eye(len(flat), dtype=torch.float64)).abs().max()
    assert float(off) <= 4 * torch.finfo(w.dtype).eps


WRONG = [
    ("eye_", (3,), {}),
    ("eye_", (3, 3, 3), {}),
    ("dirac_", (3, 3), {}),
    ("dirac_", (3, 3, 3, 3, 3, 3), {}),
    ("dirac_", (5, 3, 3), {"groups": 2}),
    ("xavier_uniform_", (3,), {}),
    ("xavier_normal_", (3,), {}),
    ("kaiming_uniform_", (3,), {}),
    ("kaiming_normal_", (3,), {}),
    ("kaiming_normal_", (3, 3), {"mode": "fan_none"}),
    ("kaiming_normal_", (3, 3), {"nonlinearity": "cube"}),
    ("sparse_", (3,), {"sparsity": 0.5}),
    ("sparse_", (3, 3, 3), {"sparsity": 0.5}),
    ("orthogonal_", (3,), {}),
]


@pytest.mark.parametrize(("function", "shape", "options"), WRONG)
@pytest.mark.parametrize("road", ROADS)
def test_what_torch_refuses_is_refused(road: str, function: str, shape: Any, options: Any) -> None:
    """By torch's own words where the code is torch's; the tensor is as it was."""
    w = torch.full(shape, 7.0)
    with pytest.raises(ValueError) as theirs:  # noqa: PT011 - its words are what is asked of ours
        getattr(nn.init, function)(w.clone(), **options)
    with pytest.raises(ValueError) as ours:  # noqa: PT011
        ROADS[road](function, w, **options)
    assert road == "in place" or str(ours.value) == str(theirs.value)
    assert bool((w == 7).all())


@pytest.mark.parametrize("name", ["uniform", "normal", "constant", "eye", "dirac", "xavier_normal", "kaiming_uniform"])
def test_deprecated_names_still_warn_and_draw(name: str) -> None:
    arguments = (0.5,) if name == "constant" else ()
    w = torch.full((4, 4, 3) if name == "dirac" else (4, 4), math.nan)
    with accelerate(seed=1), pytest.warns(FutureWarning, match=rf"nn\.init\.{name}"):
        assert getattr(nn.init, name)(w, *arguments) is w
    assert not w.isnan().any()


GAINS: dict[Any, float] = {
    "linear": 1.0,
    "conv1d": 1.0,
    "conv_transpose3d": 1.0,
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": 2**0.5,
    "selu": 0.75,
}


@pytest.mark.parametrize(("nonlinearity", "gain"), GAINS.items())
def test_gain(nonlinearity: Any, gain: float) -> None:
    assert fi.calculate_gain(nonlinearity) == nn.init.calculate_gain(nonlinearity) == gain


@pytest.mark.parametrize("slope", [0, 0.01, 2.5, -1])
def test_gain_of_a_leaky_relu(slope: float) -> None:
    gain = math.sqrt(2 / (1 + slope**2))
    assert fi.calculate_gain("leaky_relu", slope) == nn.init.calculate_gain("leaky_relu", slope) == gain


@pytest.mark.parametrize("slope", [True, [1], "1", ()])
def test_a_slope_is_a_number(slope: Any) -> None:
    for gain_of in nn.init.calculate_gain, fi.calculate_gain:
        with pytest.raises((TypeError, ValueError)):
            gain_of("leaky_relu", slope)


def test_uniform_and_normal_of_a_draw_do_not_repeat(draw: Draw) -> None:
    for function in "uniform_", "normal_":
        w = draw(function, (200, 300)).float().numpy()
        assert len(np.unique(w)) > 100
        assert not np.array_equal(w[:100], w[100:])
