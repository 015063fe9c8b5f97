"""Calls that a type checker must accept, each with the type of its result; a test also makes them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import numpy as np
from typing_extensions import assert_type

import fast_init as fi
from fast_init import recipes
from fast_init.study import predict, propagate

Float32: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Words: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint32]]
Float64: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


def functions_return_the_array_that_they_got() -> None:
    w: Float32 = np.empty((4, 2), np.float32)
    assert_type(fi.normal_(w, 0.0, 0.02, seed=1, name="w", threads=1, on_empty="error"), Float32)
    assert_type(fi.uniform_(w, -1, 1, seed=np.random.default_rng(1)), Float32)
    assert_type(fi.trunc_normal_(w, std=0.02, a=-2, b=2, bounds="sigma"), Float32)
    assert_type(fi.constant_(w, 0.5, on_empty="ignore"), Float32)
    assert_type(fi.zeros_(w), Float32)
    assert_type(fi.ones_(w), Float32)
    assert_type(fi.he_normal_(w, 0.1, "fan_out", "leaky_relu", layout="io"), Float32)
    assert_type(fi.he_uniform_(w, mode="fan_avg", nonlinearity="gelu"), Float32)
    assert_type(fi.kaiming_normal_(w, nonlinearity="relu"), Float32)
    assert_type(fi.kaiming_uniform_(w, 5**0.5), Float32)
    assert_type(fi.xavier_normal_(w, 5 / 3, "fan_in"), Float32)
    assert_type(fi.xavier_uniform_(w, mode="fan_geo_avg"), Float32)
    assert_type(fi.glorot_normal_(w), Float32)
    assert_type(fi.glorot_uniform_(w), Float32)
    assert_type(fi.lecun_normal_(w, seed=np.random.SeedSequence(1)), Float32)
    assert_type(fi.lecun_uniform_(w, seed=np.uint64(1)), Float32)
    assert_type(fi.variance_scaling_(w, 2.0, "fan_in", "truncated_normal"), Float32)
    assert_type(fi.orthogonal_(w, 1.4), Float32)
    assert_type(fi.sparse_(w, 0.5, std=0.1), Float32)
    assert_type(fi.eye_(w), Float32)
    assert_type(fi.bits_(np.empty(3, np.uint32), seed=0), Words)


def functions_take_views_parts_and_each_other() -> None:
    w = np.empty((4, 3, 3, 3), np.float64)
    fi.dirac_(fi.zeros_(fi.delta_orthogonal_(w)), groups=2)
    fi.he_normal_(w[1:], seed=1, global_shape=(4, 3, 3, 3), offset=(1, 0, 0, 0))
    fi.normal_(w.reshape(-1)[10:], seed=1, offset=10)
    fi.normal_(w.T, seed=None)


def records_are_made_and_fill() -> None:
    w: Float32 = np.empty((4, 2), np.float32)
    assert_type(fi.normal(0.0, 0.02).fill_(w, seed=1, name="w"), Float32)
    assert_type(fi.he_normal(mode="fan_out", nonlinearity="relu"), fi.variance_scaling)
    assert_type(fi.xavier_uniform(gain=2, mode="fan_in").scale, float)
    assert_type(fi.variance_scaling(2.0, "fan_in", "uniform").std_for((4, 2)), float)
    assert_type(fi.trunc_normal(std=0.02, bounds="sigma").moments, tuple[float, float, float])
    schemes: list[fi.Scheme] = [
        fi.uniform(-1, 1),
        fi.constant(0.5),
        fi.ones(),
        fi.sparse(0.5),
        fi.eye(),
        fi.orthogonal(),
    ]
    for scheme in [*schemes, fi.lecun_normal(layout="io"), fi.from_torch("Linear"), fi.from_keras("he_normal")]:
        assert_type(scheme.fill_(w, seed=1), Float32)
        assert_type(scheme.to_dict(), dict[str, Any])
    assert_type(fi.Scheme.from_dict({"scheme": "dirac", "groups": 2}), fi.Scheme)
    assert_type(fi.from_jax("variance_scaling", scale=1.0, mode="fan_in", distribution="normal"), fi.Scheme)
    assert_type(fi.from_tf1("xavier_initializer"), fi.Scheme)


def fans_and_gains_are_numbers() -> None:
    assert_type(fi.compute_fans((3, 3, 16, 32), "...io", groups=4).fan_in, int)
    assert_type(fi.calculate_gain("leaky_relu", 0.2), float)


def recipes_fill_report_and_write() -> None:
    model: dict[str, np.ndarray[Any, Any]] = {
        "embed.weight": np.empty((8, 4), np.float32),
        "head.weight": np.empty((2, 4), np.float64),
    }
    recipe = fi.Recipe([("embed*", fi.normal(std=0.02)), fi.Rule("*.weight", fi.he_normal(), layout="oi")])
    assert_type(recipe.init_(model, seed=1, threads=1, on_empty="ignore"), fi.Report)
    assert_type(recipe.rule_for("embed.weight").scheme, fi.Scheme)
    assert_type(fi.Recipe.from_toml(recipe.to_toml()), fi.Recipe)
    with TemporaryDirectory() as folder:
        shapes = {"embed.weight": ((8, 4), np.float32), "head.weight": ((2, 4), "float32")}
        assert_type(fi.write_checkpoint(Path(folder), shapes, recipe, seed=1, part=(1, 1)).complete, bool)


def ready_recipes_take_their_words() -> None:
    assert_type(recipes.resnet("basic", zero_init_residual=True), fi.Recipe)
    assert_type(recipes.gpt2(layers=2, tied=False), fi.Recipe)
    assert_type(recipes.mup(recipes.llama(), 4.0, table=3), fi.Recipe)
    narrow = fi.Recipe([("w", fi.lecun_normal())])
    assert_type(recipes.mup(narrow, 2.0, table=8, roles={"w": "hidden"}), fi.Recipe)


def arrays_are_verified() -> None:
    w = fi.he_normal_(np.empty((64, 64), np.float32), seed=1)
    verdict = fi.verify(w, fi.he_normal(), seed=1, sample=None)
    assert_type(verdict, fi.Verdict)
    assert_type(bool(verdict), bool)
    assert_type(verdict.checks, tuple[fi.Check, ...])


def networks_are_studied() -> None:
    signals = propagate([8, 8, 8], "gelu", fi.he_normal(), seed=1, batch=4)
    assert_type(signals.forward, Float64)
    assert_type(predict(signals.sizes, signals.activation, signals.scheme), tuple[Float64, Float64])
