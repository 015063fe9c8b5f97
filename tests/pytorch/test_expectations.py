"""What torch expects of the values of torch.nn.init, by each road and in 32 and 16 bits: laws and structures.

The laws are compared as everywhere: `support.distributions` says what is allowed for n elements.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import torch
from scipy import stats
from torch import nn

from support.distributions import NORMAL, P_VALUE, UNIFORM, Law, assert_law, ks_p_value
from support.torch_draws import DTYPES, bits_of
from support.torch_roads import ROADS, Road

EVERY_ROAD = pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
IN_BOTH = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
MATRIX, KERNEL = (160, 250), (64, 32, 3, 5)  # a kernel of 32 x 15 inputs and 64 x 15 outputs


class Drawn(NamedTuple):
    """A call, and the law, mean and standard deviation that its values must have."""

    name: str
    options: dict[str, Any]
    law: Law
    std: float
    mean: float = 0.0
    shape: tuple[int, ...] = MATRIX


def kaiming(std: float, shape: tuple[int, ...] = MATRIX, **options: Any) -> list[Drawn]:
    """Return both calls of torch's that have this standard deviation."""
    laws = {"kaiming_normal_": NORMAL, "kaiming_uniform_": UNIFORM}
    return [Drawn(name, options, law, std, shape=shape) for name, law in laws.items()]


def xavier(std: float, shape: tuple[int, ...] = MATRIX, **options: Any) -> list[Drawn]:
    """Return both calls of torch's that have this standard deviation."""
    laws = {"xavier_normal_": NORMAL, "xavier_uniform_": UNIFORM}
    return [Drawn(name, options, law, std, shape=shape) for name, law in laws.items()]


LAWS = [
    Drawn("normal_", {}, NORMAL, 1.0),
    Drawn("normal_", {"mean": 0.3, "std": 0.7}, NORMAL, 0.7, 0.3),
    Drawn("uniform_", {}, UNIFORM, 1 / math.sqrt(12), 0.5),
    Drawn("uniform_", {"a": -0.7, "b": 1.9}, UNIFORM, 2.6 / math.sqrt(12), 0.6),
    *xavier(math.sqrt(2 / 410)),
    *xavier(3 * math.sqrt(2 / 410), gain=3.0),
    *xavier(math.sqrt(2 / (96 * 15)), KERNEL),
    *kaiming(math.sqrt(2 / 250)),
    *kaiming(math.sqrt(2 / 160), mode="fan_out"),
    *kaiming(math.sqrt(2 / (1 + 0.5**2) / 250), a=0.5),
    *kaiming(math.sqrt(1 / 250), nonlinearity="linear"),
    *kaiming(5 / 3 / math.sqrt(64 * 15), KERNEL, mode="fan_out", nonlinearity="tanh"),
]


def array_of(tensor: Any) -> Any:
    """Return a copy of a tensor's values in its own dtype."""
    return bits_of(tensor).view(DTYPES[tensor.dtype])


@EVERY_ROAD
@IN_BOTH
@pytest.mark.parametrize("drawn", LAWS, ids=lambda d: f"{d.name}{d.options}")
def test_values_have_the_law(road: Road, dtype: Any, drawn: Drawn) -> None:
    w = road(drawn.name, torch.empty(drawn.shape, dtype=dtype), **drawn.options)
    assert_law(array_of(w), drawn.law, drawn.std, drawn.mean)


CUTS = [(0.0, 1.0, -2.0, 2.0), (0.5, 0.3, 0.1, 2.0), (3.0, 1.0, -1.0, 2.0), (0.0, 100.0, -0.1, 0.3)]
WIDE = [(0.0, 3e4, -6e4, 6e4), (0.0, 6e4, -65504.0, 65504.0), (-6e4, 1e4, -65504.0, 0.0), (0.0, 1e3, -0.1, 0.1)]


@EVERY_ROAD
@pytest.mark.parametrize(
    ("dtype", "cut"),
    [(dtype, cut) for dtype in (torch.float32, torch.bfloat16) for cut in CUTS]
    + [(torch.float16, cut) for cut in CUTS + WIDE],
    ids=str,
)
def test_truncated_values_lie_within_the_bounds_and_have_the_law(
    road: Road, dtype: Any, cut: tuple[float, float, float, float]
) -> None:
    """The bounds are those of the dtype, as torch rounds them; of float16, also where the law is wider than it."""
    mean, std, a, b = cut
    w = road("trunc_normal_", torch.empty(MATRIX, dtype=dtype), *cut)
    low, high = (torch.tensor(x, dtype=dtype).item() for x in (a, b))
    assert low <= float(w.min()) <= float(w.max()) <= high
    law = stats.truncnorm((a - mean) / std, (b - mean) / std, mean, std)
    assert ks_p_value(array_of(w), law.cdf, low, high) > P_VALUE


@EVERY_ROAD
@IN_BOTH
@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [("constant_", (0.25,), 0.25), ("constant_", (-3,), -3), ("ones_", (), 1), ("zeros_", (), 0)],
)
@pytest.mark.parametrize("shape", [(), (7,), (2, 3, 4)], ids=str)
def test_constants(
    road: Road, dtype: Any, name: str, arguments: tuple[float, ...], value: float, shape: tuple[int, ...]
) -> None:
    w = road(name, torch.full(shape, 7, dtype=dtype), *arguments)
    assert torch.equal(w, torch.full(shape, value, dtype=dtype))


@EVERY_ROAD
@IN_BOTH
@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (5, 3), (1, 1)], ids=str)
def test_eye_is_the_identity(road: Road, dtype: Any, shape: tuple[int, int]) -> None:
    assert torch.equal(road("eye_", torch.full(shape, 7, dtype=dtype)), torch.eye(*shape, dtype=dtype))


@EVERY_ROAD
@IN_BOTH
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_a_convolution_with_dirac_is_the_identity(road: Road, dtype: Any, groups: int, axes: int) -> None:
    w = road("dirac_", torch.full((8, 8 // groups, *(3,) * axes), 7, dtype=dtype), groups)
    x = torch.arange(8 * 5.0**axes).reshape(1, 8, *(5,) * axes)
    convolve: Callable[..., Any] = (nn.functional.conv1d, nn.functional.conv2d, nn.functional.conv3d)[axes - 1]
    assert torch.equal(convolve(x, w.float(), padding=1, groups=groups), x)


@EVERY_ROAD
@IN_BOTH
@pytest.mark.parametrize(("sparsity", "zeros"), [(0.1, 16), (0.29, 47), (0.0, 0), (1.0, 160)])
def test_sparse_has_so_many_zeros_in_each_column_and_the_rest_the_law(
    road: Road, dtype: Any, sparsity: float, zeros: int
) -> None:
    w = road("sparse_", torch.empty(MATRIX, dtype=dtype), sparsity, std=0.2)
    assert ((w == 0).sum(dim=0) == zeros).all()
    if zeros < len(w):
        assert_law(array_of(w[w != 0]), NORMAL, 0.2)


@EVERY_ROAD
@IN_BOTH
@pytest.mark.parametrize("shape", [(40, 25), (25, 40), (30, 30), (8, 4, 3, 2), (12, 3, 2), (3, 2, 5)], ids=str)
def test_orthogonal_rows_or_columns(road: Road, dtype: Any, shape: tuple[int, ...]) -> None:
    """Rounding moves each factor of a product by eps / 2, so a sum of products by no more than eps of gain^2; the
    factorisation, which is not exact, may take as much.
    """
    q = road("orthogonal_", torch.empty(shape, dtype=dtype), gain=1.5).double().flatten(1)
    gram = q @ q.T if q.shape[0] < q.shape[1] else q.T @ q
    error = (gram / 1.5**2 - torch.eye(len(gram), dtype=torch.float64)).abs().max()
    assert float(error) <= 2 * torch.finfo(dtype).eps
