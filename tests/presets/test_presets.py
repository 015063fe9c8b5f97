"""The initialisers of other libraries: what each name draws, in numbers; with the libraries, where they are installed.

The comparisons with torch, jax, flax and keras are skipped without them: `pip install torch jax flax keras`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, prod, sqrt
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from support.presets import PRESETS, TABLES, options_of

CUT = 2 / 0.87962566103423978  # a normal cut at two sigmas and widened again ends there
S, B = (400, 100), (100, 400)  # 100 in, 400 out: in torch's layout, in that of the others

NAMES = [(library, name) for library, table in TABLES.items() for name in table]

# library, name, options, shape, standard deviation, largest magnitude (in standard deviations; inf is a normal)
DRAWN: list[tuple[str, str, dict[str, Any], tuple[int, ...], float, float]] = [
    ("torch", "kaiming_normal_", {}, S, sqrt(2 / 100), inf),
    ("torch", "kaiming_normal_", {"a": 1.0, "mode": "fan_out"}, S, sqrt(1 / 400), inf),
    ("torch", "kaiming_uniform_", {"nonlinearity": "tanh"}, S, 5 / 3 / 10, sqrt(3)),
    ("torch", "xavier_normal_", {}, S, sqrt(2 / 500), inf),
    ("torch", "xavier_uniform_", {"gain": 2}, S, 2 * sqrt(2 / 500), sqrt(3)),
    ("torch", "normal_", {"std": 0.02}, S, 0.02, inf),
    ("torch", "uniform_", {"a": -0.5, "b": 0.5}, S, 1 / sqrt(12), sqrt(3)),
    ("torch", "trunc_normal_", {}, S, 2 / CUT, CUT),
    ("torch", "trunc_normal_", {"std": 0.02}, S, 0.02, inf),  # -2 and 2 are a hundred sigmas
    ("torch", "Linear", {}, S, 1 / 10 / sqrt(3), sqrt(3)),
    ("torch", "Linear.bias", {"fan_in": 100}, (40_000,), 1 / 10 / sqrt(3), sqrt(3)),
    ("torch", "Conv2d", {}, (64, 25, 2, 2), 1 / 10 / sqrt(3), sqrt(3)),
    ("torch", "ConvTranspose2d", {}, (64, 25, 2, 2), 1 / 10 / sqrt(3), sqrt(3)),  # by position
    ("torch", "Bilinear", {}, (20, 100, 20), 1 / 10 / sqrt(3), sqrt(3)),
    ("torch", "Embedding", {}, S, 1, inf),
    ("torch", "LSTM", {"hidden_size": 100}, S, 1 / 10 / sqrt(3), sqrt(3)),
    ("torch", "MultiheadAttention.in_proj_weight", {}, (300, 100), sqrt(2 / 400), sqrt(3)),
    ("torch", "MultiheadAttention.in_proj_weight", {"layout": "o/3i"}, (300, 100), sqrt(2 / 200), sqrt(3)),
    ("torch", "MultiheadAttention.q_proj_weight", {}, (100, 100), sqrt(2 / 200), sqrt(3)),
    ("torch", "MultiheadAttention.out_proj.weight", {}, (100, 100), 1 / 10 / sqrt(3), sqrt(3)),
    ("torch", "MultiheadAttention.bias_k", {}, (1, 1, 40_000), sqrt(1 / 40_000), inf),
    ("keras", "he_normal", {}, B, sqrt(2 / 100), CUT),
    ("keras", "HeUniform", {}, B, sqrt(2 / 100), sqrt(3)),
    ("keras", "glorot_normal", {}, (2, 5, 20, 80), sqrt(2 / 1000), CUT),
    ("keras", "LecunNormal", {}, B, 1 / 10, CUT),
    ("keras", "VarianceScaling", {}, B, 1 / 10, CUT),
    ("keras", "VarianceScaling", {"distribution": "normal"}, B, 1 / 10, CUT),
    ("keras", "VarianceScaling", {"distribution": "untruncated_normal", "mode": "fan_avg"}, B, sqrt(1 / 250), inf),
    ("keras", "random_normal", {}, B, 0.05, inf),
    ("keras", "normal", {}, B, 0.05, inf),
    ("keras", "truncated_normal", {}, B, 0.1 / CUT, CUT),
    ("keras", "random_uniform", {}, B, 0.05 / sqrt(3), sqrt(3)),
    ("keras", "Dense", {}, B, sqrt(2 / 500), sqrt(3)),
    ("keras", "Embedding", {}, B, 0.05 / sqrt(3), sqrt(3)),
    ("keras", "MultiHeadAttention.query", {}, (100, 4, 25), sqrt(2 / 200), sqrt(3)),
    ("keras", "MultiHeadAttention.attention_output", {}, (4, 25, 100), sqrt(2 / 200), sqrt(3)),
    ("jax", "he_normal", {}, B, sqrt(2 / 100), CUT),
    ("jax", "kaiming_uniform", {}, B, sqrt(2 / 100), sqrt(3)),
    ("jax", "xavier_normal", {"layout": "e...io"}, (8, 50, 50), sqrt(2 / 100), CUT),
    ("jax", "variance_scaling", {"scale": 2, "mode": "fan_geo_avg", "distribution": "normal"}, B, 0.1, inf),
    ("jax", "normal", {}, B, 0.01, inf),
    ("jax", "truncated_normal", {}, B, 0.02 / CUT, CUT),
    ("jax", "truncated_normal", {"stddev": 1, "lower": -9.6, "upper": 9.6}, B, 1, inf),
    ("jax", "Dense", {}, B, 1 / 10, CUT),
    ("jax", "Embed", {}, S, 1 / 10, inf),
    ("jax", "MultiHeadDotProductAttention.out", {}, (4, 25, 100), 1 / 10, CUT),
    ("tf1", "variance_scaling_initializer", {}, B, sqrt(1.3 * 2 / 100) * 2 / CUT, CUT),
    ("tf1", "variance_scaling_initializer", {"uniform": True, "factor": 1, "mode": "FAN_OUT"}, B, 1 / 20, sqrt(3)),
    ("tf1", "xavier_initializer", {}, B, sqrt(2 / 500), sqrt(3)),
    ("tf1", "xavier_initializer", {"uniform": False}, B, sqrt(1.3 * 2 / 500) * 2 / CUT, CUT),
    ("tf1", "he_normal", {}, B, sqrt(2 / 100), CUT),
    ("tf1", "random_normal_initializer", {}, B, 1, inf),
    ("tf1", "truncated_normal_initializer", {}, B, 2 / CUT, CUT),
    ("tf1", "random_uniform_initializer", {"minval": -1}, B, 1 / sqrt(3), sqrt(3)),
    ("tf1", "uniform_unit_scaling_initializer", {"factor": 1.43}, B, 1.43 / 10, sqrt(3)),
    ("tf1", "get_variable", {}, B, sqrt(2 / 500), sqrt(3)),
]  # fmt: skip


@pytest.mark.parametrize("case", DRAWN, ids=lambda case: f"{case[0]}-{case[1]}-{'-'.join(map(str, case[2].values()))}")
def test_the_distribution_that_a_name_draws(case: Any) -> None:
    """The variance within five standard errors, the largest magnitude at the end of the range, or far beyond it."""
    library, name, options, shape, std, ends = case
    scheme = PRESETS[library](name, **options)
    assert scheme.std_for(shape) == pytest.approx(std, rel=1e-12)
    draws = -(-100_000 // prod(shape))
    w = np.stack([scheme.fill_(np.empty(shape, np.float32), seed=k) for k in range(draws)]).astype(np.float64) / std
    assert abs(w.mean()) < 5 / sqrt(w.size)
    assert abs(w.var() - 1) < 5 * sqrt(2 / w.size)
    largest = np.abs(w).max()
    assert (0.999 * ends < largest <= ends * (1 + 1e-6)) if ends < inf else largest > 4


@pytest.mark.parametrize(("library", "name"), NAMES)
def test_every_name_makes_a_record(library: str, name: str) -> None:
    scheme = PRESETS[library](name, **options_of(library, name))
    assert fi.Scheme.from_dict(scheme.to_dict()) == scheme


@pytest.mark.parametrize(
    ("scheme", "record"),
    [
        (fi.from_torch("kaiming_uniform_", a=5**0.5), fi.from_torch("Linear")),
        (fi.from_torch("eye_"), fi.eye()),
        (fi.from_torch("dirac_", groups=2), fi.dirac(2)),
        (fi.from_torch("sparse_", sparsity=0.1), fi.sparse(0.1, 0.01)),
        (fi.from_torch("orthogonal_", gain=2), fi.orthogonal(2)),
        (fi.from_torch("LayerNorm"), fi.ones()),
        (fi.from_torch("PReLU"), fi.constant(0.25)),
        (fi.from_torch("uniform"), fi.uniform(0, 1)),
        (fi.from_keras("uniform"), fi.uniform(-0.05, 0.05)),
        (fi.from_keras("identity"), fi.eye()),
        (fi.from_keras("LSTM.recurrent_kernel"), fi.orthogonal(layout="...io")),
        (fi.from_keras("BatchNormalization.moving_variance"), fi.ones()),
        (fi.from_jax("uniform"), fi.uniform(0, 0.01)),
        (fi.from_jax("delta_orthogonal", scale=3), fi.delta_orthogonal(3, "...io")),
        (fi.from_jax("LayerNorm.bias"), fi.zeros()),
        (fi.from_tf1("convolutional_delta_orthogonal"), fi.delta_orthogonal(layout="...io")),
        (fi.from_tf1("random_uniform_initializer"), fi.uniform(0, 1)),
    ],
    ids=str,
)
def test_records_that_are_equal(scheme: fi.Scheme, record: fi.Scheme) -> None:
    assert scheme == record


@pytest.mark.parametrize(
    ("preset", "name", "options", "error", "message"),
    [
        (fi.from_torch, "he_normal", {}, ValueError, "name is 'he_normal'; from_torch knows .*kaiming_normal_.*: pass"),
        (fi.from_keras, "kaiming_normal", {}, ValueError, "name is 'kaiming_normal'; from_keras knows .*: pass"),
        (fi.from_jax, "LSTM.bias", {}, ValueError, "name is 'LSTM.bias'; from_jax knows .*: pass"),
        (fi.from_tf1, ["zeros"], {}, ValueError, "from_tf1 knows .*: pass"),
        (fi.from_keras, "LSTM.bias", {}, ValueError, "name is 'LSTM.bias'"),
        (fi.from_torch, "Linear.bias", {}, TypeError, "takes for 'Linear.bias' fan_in .*missing.*: pass"),
        (fi.from_torch, "Linear.bias", {"fan_in": 0}, ValueError, "fan_in is 0"),
        (fi.from_torch, "LSTM", {"hidden_size": 2.5}, TypeError, "hidden_size is 2.5"),
        (fi.from_torch, "ones_", {"val": 2}, TypeError, "options are {'val': 2}; .* takes for 'ones_' none"),
        (fi.from_torch, "kaiming_normal_", {"mode": "fan_avg"}, ValueError, "mode is 'fan_avg'; .*: pass"),
        (fi.from_keras, "VarianceScaling", {"mode": "fan_geo_avg"}, ValueError, "mode is 'fan_geo_avg'"),
        (fi.from_keras, "VarianceScaling", {"distribution": "cauchy"}, ValueError, "distribution is 'cauchy'"),
        (fi.from_keras, "Identity", {"gain": 2}, ValueError, "gain is 2; eye has no gain"),
        (fi.from_jax, "normal", {"std": 1}, TypeError, "takes for 'normal' stddev"),
        (fi.from_jax, "DenseGeneral", {}, TypeError, "takes for 'DenseGeneral' layout"),
        (fi.from_tf1, "variance_scaling_initializer", {"mode": "fan_in"}, ValueError, "one of FAN_IN, FAN_OUT"),
    ],
)
def test_errors(
    preset: Callable[..., fi.Scheme], name: Any, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        preset(name, **options)
