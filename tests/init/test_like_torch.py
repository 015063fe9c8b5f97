"""What PyTorch's tests of torch.nn.init check, asked of the functions here; torch is not needed.

Where the two differ on purpose, the test says so. No test needs a counterpart of torch's global generator: a seed
is an argument here.
"""

from __future__ import annotations

from math import ceil, inf, prod, sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

import fast_init
from support.distributions import NORMAL, UNIFORM, assert_law, ks_p_value
from support.draws import BFLOAT16, FLOATS, Array, as_bits

fi: Any = fast_init  # called with what its types forbid

EACH = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: str(dtype.name))
SHAPES = pytest.mark.parametrize("shape", [(41,), (37, 48), (9, 12, 11, 8)], ids=len)
SCALED = ["xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_"]


def array(*shape: int, dtype: Any = np.float32) -> Array:
    return np.full(shape, 123.0, dtype)


def test_gains() -> None:
    for name in ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"):
        assert fi.calculate_gain(name) == 1
    want = {"sigmoid": 1, "tanh": 5 / 3, "relu": sqrt(2), "leaky_relu": sqrt(2 / 1.0001), "selu": 0.75}
    for name, gain in want.items():
        assert fi.calculate_gain(name) == pytest.approx(gain, rel=1e-15)


@pytest.mark.parametrize(("slope", "gain"), [(None, sqrt(2 / 1.0001)), (0, sqrt(2)), (0.01, sqrt(2 / 1.0001))])
def test_gain_of_leaky_relu(slope: float | None, gain: float) -> None:
    assert fi.calculate_gain("leaky_relu", slope) == pytest.approx(gain, rel=1e-15)
    assert fi.calculate_gain("leaky_relu", 10) == pytest.approx(sqrt(2 / 101), rel=1e-15)


@pytest.mark.parametrize("slope", [True, [1], {"a": "b"}, "0.1"], ids=str)
def test_a_slope_is_a_number(slope: object) -> None:
    with pytest.raises(ValueError, match="leaky_relu needs a finite number"):
        fi.calculate_gain("leaky_relu", slope)
    with pytest.raises(ValueError, match="leaky_relu needs a finite number"):
        fi.kaiming_uniform_(array(3, 4), slope)


def test_unknown_nonlinearities() -> None:
    """PyTorch knows neither gelu nor identity; here they, and a few more, have gains."""
    for name in ("qx", "qwxyz", "abcdefghijklmnopqrstuvwxy", "", "ReLU", None):
        with pytest.raises(ValueError, match="must be one of conv1d"):
            fi.calculate_gain(name)
    assert fi.calculate_gain("identity") == 1
    assert fi.calculate_gain("gelu") > 1


@SHAPES
def test_uniform(shape: tuple[int, ...]) -> None:
    for a, b in ((-2.5, -1.0), (0.7, 4.2)):
        w = fi.uniform_(array(*shape), a=a, b=b, seed=1)
        assert_law(w, UNIFORM, (b - a) / sqrt(12), (a + b) / 2)


def test_uniform_of_an_interval_of_length_0() -> None:
    """As in PyTorch: every element is a. For a > b PyTorch raises a RuntimeError, here it is a ValueError."""
    assert (fi.uniform_(array(5), 0.5, 0.5) == 0.5).all()
    with pytest.raises(ValueError, match="a must not be greater than b"):
        fi.uniform_(array(5), 1, 0)


@SHAPES
def test_normal(shape: tuple[int, ...]) -> None:
    for mean, std in ((-2.5, 1.5), (0.7, 4.2)):
        assert_law(fi.normal_(array(*shape), mean=mean, std=std, seed=2), NORMAL, std, mean)


def assert_truncated(w: Array, mean: float, std: float, a: float, b: float) -> None:
    values = w.astype(np.float64)
    assert values.min() >= a  # PyTorch asks so of a and b rounded to the dtype
    assert values.max() <= b
    law = stats.truncnorm((a - mean) / std, (b - mean) / std, mean, std)
    assert ks_p_value(w, lambda x: np.asarray(law.cdf(x)), a, b) > 1e-7


@EACH
@SHAPES
def test_trunc_normal(shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """Intervals as PyTorch's test draws them: up to two standard deviations on each side of the mean."""
    rng = np.random.default_rng(3)
    for k in range(5):
        mean, std = rng.uniform(-3, 3), rng.uniform(0.01, 1)
        a, b = mean - std * rng.uniform(0.5, 2), mean + std * rng.uniform(0.5, 2)
        assert_truncated(fi.trunc_normal_(array(*shape, dtype=dtype), mean, std, a, b, seed=k), mean, std, a, b)


@EACH
@pytest.mark.parametrize(("a", "b"), [(-2.0, 2.0), (2.0, 3.0)], ids=["wide", "narrow"])
def test_trunc_normal_in_every_dtype(a: float, b: float, dtype: np.dtype[Any]) -> None:
    """PyTorch leaves out bfloat16 for the narrow interval, as its test does not know of rounding."""
    assert_truncated(fi.trunc_normal_(array(10_000, dtype=dtype), a=a, b=b, seed=4), 0.0, 1.0, a, b)


@EACH
def test_trunc_normal_has_many_values_and_none_is_a_bound(dtype: np.dtype[Any]) -> None:
    w = fi.trunc_normal_(array(10_000, dtype=dtype), 0.0, 1.0, -2.0, 2.0, seed=5).astype(np.float64)
    assert np.isfinite(w).all()
    assert np.unique(w).size > {np.dtype(np.float16): 3000, BFLOAT16: 1000}.get(dtype, 5000)
    narrow = fi.trunc_normal_(array(10_000, dtype=dtype), 0.0, 0.1, -2.0, 2.0, seed=5)
    assert not np.isin(narrow.astype(np.float64), (-2.0, 2.0)).any()


def test_trunc_normal_with_the_mean_far_outside() -> None:
    """PyTorch warns that its result may be wrong; here the law is exact and nothing is said."""
    w = fi.trunc_normal_(array(10_000), 10.0, 1.0, -2.0, 2.0, seed=6)
    assert_truncated(w, 10.0, 1.0, -2.0, 2.0)


def test_a_generator_gives_reproducible_values() -> None:
    """PyTorch's `generator` is the `seed` here; a NumPy Generator, of which each call takes one key."""
    a, b = np.random.default_rng(42), np.random.default_rng(42)
    first, second = (fi.trunc_normal_(array(5), seed=a) for _ in range(2))
    assert (first == fi.trunc_normal_(array(5), seed=b)).all()
    assert (second == fi.trunc_normal_(array(5), seed=b)).all()
    assert (first != second).any()


@EACH
@SHAPES
def test_constants(shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    for function, val in ((lambda w: fi.constant_(w, 7.25), 7.25), (fi.ones_, 1), (fi.zeros_, 0)):
        w = array(*shape, dtype=dtype)
        assert function(w) is w
        assert (w == val).all()


@EACH
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3), (4, 4)])
def test_eye(shape: tuple[int, int], dtype: np.dtype[Any]) -> None:
    w = fi.eye_(array(*shape, dtype=dtype))
    for i in range(shape[0]):
        for j in range(shape[1]):
            assert w[i, j] == (1 if i == j else 0)


@pytest.mark.parametrize("shape", [(), (3,), (3, 1, 2)], ids=len)
@pytest.mark.parametrize("function", [fi.eye_, lambda w: fi.sparse_(w, 0.5)], ids=["eye", "sparse"])
def test_matrices_only(function: Any, shape: tuple[int, ...]) -> None:
    w = array(*shape)
    with pytest.raises(ValueError, match=f"has {len(shape)} axes; a matrix has 2"):
        function(w)
    assert (w == 123).all()


@EACH
@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("kernel", [(3,), (4, 1), (2, 3, 5)], ids=len)
@pytest.mark.parametrize(("outputs", "inputs"), [(2, 5), (4, 3), (1, 1)])
def test_dirac_is_one_at_the_center(
    outputs: int, inputs: int, kernel: tuple[int, ...], groups: int, dtype: np.dtype[Any]
) -> None:
    """The center of an even kernel is the later one of the two in the middle, as in PyTorch."""
    w = fi.dirac_(array(outputs * groups, inputs, *kernel, dtype=dtype), groups)
    assert np.count_nonzero(w) == min(outputs, inputs) * groups
    center = w[(..., *(n // 2 for n in kernel))]
    assert (center == np.tile(np.eye(outputs, inputs), (groups, 1))).all()


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_dirac_passes_its_inputs_on(axes: int, groups: int) -> None:
    inputs, outputs, kernel = 3, 9, (3,) * axes
    x = fi.normal_(array(8, inputs, *(5,) * axes), seed=7)
    w = fi.dirac_(array(outputs, inputs, *kernel), groups)
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel, tuple(range(2, 2 + axes)))
    y = np.tensordot(windows, w, ([1, *range(-axes, 0)], [1, *range(2, 2 + axes)]))  # batch, places, outputs
    y = np.moveaxis(y, -1, 1).reshape(8, groups, outputs // groups, *(3,) * axes)
    inside = x[(slice(None), None, slice(None), *(slice(1, -1),) * axes)]
    assert (y[:, :, :inputs] == inside).all()
    assert (y[:, :, inputs:] == 0).all()


@pytest.mark.parametrize("shape", [(2,), (2, 2), (2, 2, 1, 1, 1, 1)], ids=len)
def test_dirac_of_three_to_five_axes_only(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"has {len(shape)} axes; dirac_ needs outputs, inputs and 1 to 3 kernel axes"):
        fi.dirac_(array(*shape))


@pytest.mark.parametrize("shape", [(), (1,)], ids=len)
@pytest.mark.parametrize("function", [*SCALED, "orthogonal_"])
def test_at_least_two_axes(function: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"has {len(shape)} axes; layout 'oi...' needs at least 2"):
        getattr(fi, function)(array(*shape))


@pytest.mark.parametrize("shape", [(24, 20), (21, 25, 23, 20)], ids=len)
@pytest.mark.parametrize("gain", [None, 0.1, 1.7])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", None])
@pytest.mark.parametrize("function", SCALED)
def test_scaled(function: str, mode: str | None, gain: float | None, shape: tuple[int, ...]) -> None:
    """PyTorch's xavier_* have no mode; here they do, and their default is the mean of the fans."""
    xavier = function.startswith("xavier")
    options = {"gain" if xavier else "a": gain, "mode": mode}
    receptive = prod(shape[2:])
    fans = {"fan_in": shape[1] * receptive, "fan_out": shape[0] * receptive}
    fan = fans[mode] if mode else sum(fans.values()) / 2 if xavier else fans["fan_in"]
    squared_gain = (gain or 1.0) ** 2 if xavier else 2 / (1 + (gain or 0.0) ** 2)
    w = getattr(fi, function)(array(*shape), seed=8, **{k: v for k, v in options.items() if v is not None})
    assert_law(w, UNIFORM if "uniform" in function else NORMAL, sqrt(squared_gain / fan))


@EACH
@pytest.mark.parametrize("std", [None, 0.17])
@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.153, 0.5, 1.0])
def test_sparse(sparsity: float, std: float | None, dtype: np.dtype[Any]) -> None:
    """The exact number of zeros in each column: PyTorch's test asks only that there are enough."""
    shape = 33, 300
    w = fi.sparse_(array(*shape, dtype=dtype), sparsity, seed=9, **({"std": std} if std else {}))
    zeros = ceil(sparsity * shape[0])
    assert ((w == 0).sum(axis=0) == zeros).all()
    if zeros < shape[0]:
        assert_law(w[w != 0], NORMAL, std or 0.01)


def test_sparsity_is_a_share() -> None:
    """PyTorch takes any number, negative ones too."""
    for sparsity in (1.5, -0.5, inf):
        with pytest.raises(ValueError, match="sparsity is"):
            fi.sparse_(array(4, 2), sparsity)


@EACH
@pytest.mark.parametrize("gain", [1.0, 0.1, 1.7, -2.0])
@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (5, 5), (20, 2, 3, 4), (2, 3, 4, 5)])
def test_orthogonal(shape: tuple[int, ...], gain: float, dtype: np.dtype[Any]) -> None:
    """PyTorch has no QR of float16 and bfloat16; here it is made in float32 and rounded."""
    q = fi.orthogonal_(array(*shape, dtype=dtype), gain=gain, seed=10).reshape(shape[0], -1).astype(np.float64)
    square = q @ q.T if shape[0] <= q.shape[1] else q.T @ q
    eps = {np.dtype(np.float64): 1e-15, np.dtype(np.float32): 1e-6, np.dtype(np.float16): 2e-3}.get(dtype, 2e-2)
    assert np.abs(square - gain**2 * np.eye(len(square))).max() < eps * gain**2


@pytest.mark.parametrize("function", SCALED)
def test_empty_weights_are_warned_of(function: str) -> None:
    """PyTorch's kaiming_* warn, its others are silent or divide by zero; here every function warns."""
    for shape in ((0, 1), (1, 0), (0, 0)):
        with pytest.warns(fi.EmptyArrayWarning, match="has no elements; nothing was initialised"):
            getattr(fi, function)(np.empty(shape, np.float32))


def test_names_without_an_underscore_make_records() -> None:
    """In PyTorch they are deprecated names of the functions; here `normal(w)` is told that w is no mean."""
    with pytest.raises(TypeError, match="it must be a number"):
        fi.normal(array(1, 3))
    w = fi.normal(0.5, 2.0).fill_(array(3, 4), seed=11)
    assert (as_bits(w) == as_bits(fi.normal_(array(3, 4), 0.5, 2.0, seed=11))).all()
