"""The study: networks against hand-made ones, theory, and claims that can fail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from fast_init import he_normal, lecun_normal, normal, normal_, orthogonal, sparse, uniform
from fast_init.sampling.calls import DrawPlan
from fast_init.sampling.destinations import DType
from fast_init.schemes.distributions import Normal
from fast_init.schemes.scheme import Scheme
from fast_init.study import (
    ACTIVATIONS,
    SCHEMES,
    TOPICS,
    Claim,
    predict,
    propagate,
    scheme_of,
)
from fast_init.study.networks.activations import ActivationName
from fast_init.study.networks.lineup import HE, LECUN, ORTHOGONAL, SMALL, SMALL_RANGE, UNIT, UNIT_RANGE
from fast_init.study.topics import comparisons, rectifiers, saturation, seeds
from fast_init.study.topics.table import MORE
from support import measured


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_those_of_the_functions(name: ActivationName) -> None:
    f = ACTIVATIONS[name]
    z, h = np.linspace(-5, 5, 200), 1e-6
    np.testing.assert_allclose(f.derivative(z), (f.function(z + h) - f.function(z - h)) / (2 * h), atol=1e-8)


def test_slopes_far_out_keep_their_digits() -> None:
    z = np.array([30.0, 300.0])
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].derivative(z), np.exp(-z), rtol=1e-12)
    np.testing.assert_allclose(ACTIVATIONS["tanh"].derivative(z), 4 * np.exp(-2 * z), rtol=1e-12)
    assert (ACTIVATIONS["sigmoid"].function(-1000 * z) == 0).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_network_is_the_one_made_by_hand(name: ActivationName) -> None:
    sizes, f = [7, 5, 6, 3], ACTIVATIONS[name].function
    run = propagate(sizes, name, he_normal(), seed=3, batch=4)
    w = [
        he_normal().fill_(np.empty((b, a)), seed=3, name=f"layer.{k}") for k, a, b in ((1, 7, 5), (2, 5, 6), (3, 6, 3))
    ]
    x = normal_(np.empty((4, 7)), seed=3, name="inputs")
    np.testing.assert_array_equal(run.inputs, x)
    for k in range(3):
        np.testing.assert_allclose(run.preactivations[k], x @ w[k].T, rtol=1e-12)
        x = f(x @ w[k].T)
        np.testing.assert_allclose(run.activations[k], x, rtol=1e-12)
    np.testing.assert_allclose(run.forward, [z.var() for z in run.preactivations])
    np.testing.assert_allclose(run.backward, [g.var() for g in run.gradients])

    top = normal_(np.empty((4, 3)), seed=3, name="gradients")
    np.testing.assert_array_equal(run.gradients[2], top)
    h = 1e-6
    for unit in range(5):
        step = h * (np.arange(5) == unit)
        up, down = (f(f(run.preactivations[0] + s) @ w[1].T) @ w[2].T for s in (step, -step))
        np.testing.assert_allclose(run.gradients[0][:, unit], ((up - down) * top).sum(axis=1) / (2 * h), atol=1e-7)


def test_seeds_are_distinct_and_repeat() -> None:
    first, again, other = (propagate([4, 8, 8], "tanh", normal(), seed=s).forward for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"sizes": [5]}, ValueError, "sizes is [5]; a network needs inputs and a layer"),
        ({"sizes": [5, 0]}, ValueError, "a layer's size is 0; it must be at least 1"),
        ({"sizes": [5, 2.5]}, TypeError, "a layer's size is 2.5; it must be an int"),
        ({"batch": 0}, ValueError, "batch is 0; it must be at least 1"),
        ({"activation": "swoosh"}, ValueError, "activation is 'swoosh'; it must be one of linear, relu"),
        ({"scheme": he_normal}, TypeError, "it must be a record such as he_normal()"),
        ({"seed": -1}, ValueError, "seed is -1; it must be in [0, 2**64)"),
    ],
)
def test_what_propagate_refuses(change: dict[str, Any], error: type[Exception], sentence: str) -> None:
    arguments = {"sizes": [5, 4], "activation": "relu", "scheme": he_normal(), **change}
    with pytest.raises(error, match=re.escape(sentence)):
        propagate(**arguments)


def test_theory_knows_he() -> None:
    forward, backward = predict([50, 100, 100, 100], "relu", he_normal())
    np.testing.assert_allclose(forward, 2, rtol=1e-9)
    np.testing.assert_allclose(backward, 1, rtol=1e-9)
    forward, backward = predict([100, 100, 50], "linear", normal(std=0.2))
    np.testing.assert_allclose(forward, [4, 16])
    np.testing.assert_allclose(backward, [2, 1])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_theory_is_that_of_wide_networks(name: ActivationName) -> None:
    sizes, scheme = [400, 1000, 600, 800], he_normal(mode="fan_out")
    run = propagate(sizes, name, scheme, seed=0, batch=64)
    forward, backward = predict(sizes, name, scheme)
    np.testing.assert_allclose(run.forward, forward, rtol=0.15)
    np.testing.assert_allclose(run.backward, backward, rtol=0.15)


def test_theory_refuses_weights_with_a_mean() -> None:
    with pytest.raises(ValueError, match=r"of mean 0.5; the theory is of mean 0"):
        predict([5, 5], "relu", uniform(0, 1))


def test_every_claim_holds_and_has_its_picture() -> None:
    topics = measured.topics()
    assert [c.sentence for topic in topics for c in topic.claims if not c.holds] == []
    assert len({topic.key for topic in topics}) == len(TOPICS) == 20
    assert all(topic.claims and topic.pictures for topic in topics)


@dataclass(frozen=True, repr=False)
class Doubled(Normal):
    """Says one sigma and draws twice it."""

    def plan(self, dtype: DType) -> DrawPlan:
        return normal(self.mean, 2 * self.std).plan(dtype)


@pytest.mark.parametrize(
    ("topic", "label", "scheme", "wrong"),
    [
        (rectifiers.halves, HE, uniform(-1, 0), [0]),
        (rectifiers.fifty_layers, HE, lecun_normal(), [0]),
        (rectifiers.fifty_layers, LECUN, he_normal(), [1]),
        (rectifiers.histograms, HE, lecun_normal(), [0]),
        (rectifiers.histograms, LECUN, he_normal(), [1]),
        (saturation.tanh_sigmas, SMALL, lecun_normal(), [0]),
        (saturation.tanh_sigmas, UNIT, lecun_normal(), [1, 2, 3, 4]),
        (saturation.tanh_sigmas, LECUN, normal(std=0.01), [5]),
        (saturation.tanh_sigmas, LECUN, normal(std=1), [6]),
        (saturation.fixed_ranges, SMALL_RANGE, lecun_normal(), [0]),
        (saturation.fixed_ranges, UNIT_RANGE, lecun_normal(), [1, 2, 3, 4]),
        (saturation.sigmoid_gradients, UNIT, lecun_normal(), [0, 2]),
        (saturation.sigmoid_gradients, LECUN, normal(std=1), [1, 3, 4]),
        (comparisons.every_pair, SMALL, Doubled(std=0.01), [0]),
        (comparisons.every_pair, HE, lecun_normal(), [2, 3]),
        (comparisons.every_pair, LECUN, he_normal(), [1, 4]),
        (comparisons.side_by_side, ORTHOGONAL, lecun_normal(), [0]),
        (comparisons.side_by_side, HE, lecun_normal(), [1]),
        (comparisons.side_by_side, ORTHOGONAL, orthogonal(2**0.5), [0, 2]),
        (comparisons.side_by_side, LECUN, normal(std=1), [2, 3]),
    ],
)
def test_claims_fail_on_other_weights(
    monkeypatch: pytest.MonkeyPatch, topic: Any, label: str, scheme: Scheme, wrong: list[int]
) -> None:
    monkeypatch.setitem(SCHEMES, label, scheme)
    assert [k for k, claim in enumerate(topic(0).claims) if not claim.holds] == wrong


def test_claims_about_fans_fail_where_they_are_swapped(monkeypatch: pytest.MonkeyPatch) -> None:
    modes = comparisons.MODES
    monkeypatch.setattr(comparisons, "MODES", {**modes, "fan_in": modes["fan_out"], "fan_out": modes["fan_in"]})
    assert [claim.holds for claim in comparisons.fans(0).claims] == [False] * 4


def test_claims_about_seeds_fail_on_other_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "SEEDS", 32)
    monkeypatch.setattr(seeds, "WIDTHS", (32, 64))
    assert [claim.holds for claim in seeds.narrow(0).claims] == [True, True, False]
    monkeypatch.setattr(seeds, "WIDTHS", (128, 256))
    assert [claim.holds for claim in seeds.narrow(0).claims] == [True, False, True]
    monkeypatch.setattr(seeds, "SEEDS", 128)  # which find a spread to 6%
    monkeypatch.setitem(SCHEMES, HE, sparse(sparsity=0.95, std=0.2))  # of more kurtosis
    assert [claim.holds for claim in seeds.narrow(0).claims] == [False, True, True]


@pytest.mark.parametrize(
    ("measured", "low", "high", "holds"),
    [(1, 1, 2, True), (2, 1, 2, True), (0.9, 1, 2, False), (2.1, 1, 2, False), (nan, 1, 2, False)],
)
def test_a_claim_holds_within_its_bounds(measured: float, low: float, high: float, holds: bool) -> None:
    assert Claim("it is so", "it", measured, low, high).holds is holds
    assert Claim("it is so", "it", nan).holds is False
    assert Claim("it is so", "it", 0, high=2).threshold == "at most 2"
    assert Claim("it is so", "it", 0, low=0.5).threshold == "at least 0.5"


@pytest.mark.parametrize(
    ("value", "low", "high", "room"),
    [
        (0.5, 0, 1, "100%"),
        (0.9, 0, 1, "20%"),
        (1.2, 0, 1, "-40%"),
        (3, 2, inf, "50%"),
        (3, -inf, 4, "25%"),
        (3000, 2, inf, "over 1000%"),
        (1, -inf, 0, "-inf%"),
    ],
)
def test_a_claim_says_how_far_it_is_from_failing(value: float, low: float, high: float, room: str) -> None:
    claim = Claim("it is so", "it", value, low, high)
    assert claim.room == room
    assert (claim.margin >= 0) is claim.holds


def test_more_training_is_of_topics_in_the_table() -> None:
    assert {*MORE} < {*TOPICS}


@pytest.mark.parametrize("scheme", [*SCHEMES.values(), he_normal(mode="fan_out"), orthogonal(gain=1.4)])
def test_the_repr_of_a_scheme_names_it(scheme: Scheme) -> None:
    assert scheme_of(repr(scheme)) == scheme


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("he_normall", ValueError, "scheme is 'he_normall'; it must be one of constant, "),
        (
            "normal(std=x)",
            ValueError,
            "scheme is 'normal(std=x)'; it must be a name or a call with numbers and strings",
        ),
        ("normal(", ValueError, "it must be a name or a call with numbers and strings"),
        ("np.zeros(3)", ValueError, "it must be a name or a call with numbers and strings"),
        ("normal(sigma=1)", TypeError, "the scheme 'normal(sigma=1)' cannot be made"),
        ("normal(std=-1)", ValueError, "std is -1.0; it must not be negative"),
    ],
)
def test_what_is_no_scheme(text: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        scheme_of(text)
