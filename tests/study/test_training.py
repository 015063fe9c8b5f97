"""Training: gradients against differences, data, and claims that fail on other weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fast_init import constant, he_normal, lecun_normal, normal
from fast_init.schemes.scheme import Scheme
from fast_init.study import SCHEMES
from fast_init.study.networks.data import digits, spirals
from fast_init.study.networks.lineup import HE, LECUN, SMALL, UNIT
from fast_init.study.networks.patches import patches_of, sum_of_patches
from fast_init.study.networks.training import _cross_entropy, _Network, convolutional, dense, train
from fast_init.study.topics import digits as digit_topics
from fast_init.study.topics import training, weight_gradients


@pytest.mark.parametrize("shapes", [dense(9, 5, 3, 4), convolutional(3, 2, 3, 4)], ids=["dense", "convolutional"])
def test_a_step_follows_the_gradient(shapes: Any) -> None:
    """A rate of 1 and no velocity: the first step is the gradient, here beside central differences."""
    inputs = np.random.default_rng(0).normal(size=(1, 6, 3, 3, 1))
    labels = np.arange(6) % 4
    network, moved = (_Network(shapes, "tanh", he_normal(), [3], np.ones(1)) for _ in range(2))
    shares, _ = _cross_entropy(moved.forward(inputs), labels)
    moved.step((shares - np.eye(4)[labels]) / 6)
    for values, after in zip((*network.weights, *network.biases), (*moved.weights, *moved.biases), strict=True):
        at = tuple(size // 2 for size in values.shape)
        gradient, before = values[at] - after[at], values[at]
        losses = []
        for h in (1e-5, -1e-5):
            values[at] = before + h
            losses.append(float(_cross_entropy(network.forward(inputs), labels)[1][0]))
        values[at] = before
        assert gradient == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-8)


def test_patches_are_a_convolution_and_the_way_back_is_its_transpose() -> None:
    generator = np.random.default_rng(0)
    x = generator.standard_normal((2, 3, 4, 5, 6))
    patches = patches_of(x)
    np.testing.assert_array_equal(patches[0, 1, 2, 3], x[0, 1, 1:4, 2:5].ravel())
    np.testing.assert_array_equal(patches[0, 0, 0, 0, :24], 0)
    y = np.cos(np.arange(float(patches.size))).reshape(patches.shape)
    assert (patches * y).sum() == pytest.approx((x * sum_of_patches(y, x.shape)).sum())


def test_runs_do_not_see_one_another() -> None:
    """Of stacked seeds and rates each is the run that it is alone."""
    shapes = dense(2, 8, 3, 2)
    many = train(shapes, "relu", he_normal(), spirals(8), rates=[0.1, 0.3], seeds=[5, 6], steps=3)
    alone = train(shapes, "relu", he_normal(), spirals(8), rates=[0.3], seeds=[6], steps=3)
    np.testing.assert_allclose(many.losses[1, 1], alone.losses[0, 0], rtol=1e-12)
    assert many.losses.shape == many.accuracies.shape == (2, 2, 4)


def test_chance_is_1_and_overflow_is_infinite() -> None:
    zero = train(dense(2, 8, 2, 2), "relu", constant(0.0), spirals(8), rates=[0.1], seeds=[0], steps=0)
    assert zero.losses[0, 0, 0] == pytest.approx(1)
    burst = train(dense(2, 8, 3, 2), "relu", normal(std=1), spirals(8), rates=[1e200], seeds=[0], steps=5)
    assert burst.losses[0, 0, -1] == np.inf


def test_data_are_what_they_say() -> None:
    x = spirals(20)
    np.testing.assert_allclose(x.inputs[:20], -x.inputs[20:])
    assert np.square(x.inputs).mean() == pytest.approx(1)
    pictures = digits(30, seed=1, zoom=2)
    assert pictures.inputs.shape == (30, 12, 12, 1)
    assert pictures.labels.tolist() == [*range(10)] * 3
    ones = (pictures.inputs > 0.5).sum(axis=(1, 2, 3)) / 4
    np.testing.assert_array_equal(ones[[1, 8]], [8, 13])  # the pixels of a 1 and of an 8


def test_sqrt_1_over_n_leaves_chance_with_patience() -> None:
    """What the topic's text says of four times as many steps."""
    run = train(dense(2, 64, 30, 2), "relu", lecun_normal(), spirals(), rates=[0.01], seeds=[0, 1], steps=160)
    assert run.losses[0, :, -1].mean() < 0.5


@pytest.mark.parametrize(
    ("topic", "label", "scheme", "wrong"),
    [
        (training.relu_trains, LECUN, he_normal(), [1]),
        (training.relu_trains, HE, lecun_normal(), [0]),
        (training.relu_trains, SMALL, he_normal(), [2, 5]),
        (training.tanh_trains, LECUN, normal(std=0.01), [0]),
        (training.tanh_trains, SMALL, lecun_normal(), [1]),
        (training.tanh_trains, UNIT, lecun_normal(), [2]),
        (digit_topics.convolutions_train, HE, lecun_normal(), [0]),
        (digit_topics.convolutions_train, LECUN, he_normal(), [1]),
        (weight_gradients.shallow, SMALL, lecun_normal(), [2]),
        (weight_gradients.shallow, UNIT, lecun_normal(), [3]),
        (weight_gradients.weight_gradients, SMALL, lecun_normal(), [0]),
        (weight_gradients.weight_gradients, UNIT, lecun_normal(), [3]),
        (weight_gradients.weight_gradients, HE, lecun_normal(), [4]),
    ],
)
def test_claims_fail_on_other_weights(
    monkeypatch: pytest.MonkeyPatch, topic: Any, label: str, scheme: Scheme, wrong: list[int]
) -> None:
    monkeypatch.setitem(SCHEMES, label, scheme)
    assert [k for k, claim in enumerate(topic(0).claims) if not claim.holds] == wrong
