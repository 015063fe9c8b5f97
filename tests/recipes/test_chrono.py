"""Chrono initialisation of LSTM and GRU: b_f = log(U([1, T - 1])), b_i = -b_f to the bit, the rest as without it."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe
from fast_init.recipes import gru, lstm
from support.distributions import P_VALUE, ks_p_value
from support.draws import FLOATS, Array, as_bits

T, SIZE = 784, 20_000
GATES = {"lstm": "ifgo", "gru": "rzn"}
RECIPES: dict[str, Any] = {"lstm": lstm, "gru": gru}


def gates(kind: str, term: str, recipe: Recipe, dtype: Any = np.float32) -> dict[str, Array]:
    """Return the biases of each gate of one layer."""
    bias = np.empty(len(GATES[kind]) * SIZE, dtype)
    recipe.init_({f"rnn.{term}_l0": bias}, seed=7)
    return dict(zip(GATES[kind], np.split(bias, len(GATES[kind])), strict=True))


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_an_input_gate_is_minus_its_forget_gate(dtype: Any) -> None:
    bias = gates("lstm", "bias_ih", lstm(SIZE, max_time=T), dtype)
    assert (as_bits(bias["i"]) == as_bits(-bias["f"])).all()


@pytest.mark.parametrize(("kind", "gate"), [("lstm", "f"), ("gru", "z")])
def test_exp_of_a_keeping_gate_is_uniform(kind: str, gate: str) -> None:
    """That a gate of bias b keeps for 1 + exp(b) steps is U([2, T])."""
    b = gates(kind, "bias_ih", RECIPES[kind](SIZE, max_time=T), np.float64)[gate]
    assert 0 <= b.min() < b.max() <= log(T - 1)
    assert ks_p_value(np.exp(b), lambda x: np.clip((x - 1) / (T - 2), 0, 1), 1, T - 1) > P_VALUE


@pytest.mark.parametrize("kind", GATES)
def test_the_sum_of_both_biases_is_that_of_the_paper_and_other_gates_are_as_without(kind: str) -> None:
    own = {"lstm": "if", "gru": "z"}[kind]
    chrono, plain = RECIPES[kind](SIZE, max_time=T), RECIPES[kind](SIZE)
    hidden = gates(kind, "bias_hh", chrono)
    assert not any(hidden[gate].any() for gate in own)
    for term in ("bias_ih", "bias_hh"):
        ours, theirs = gates(kind, term, chrono), gates(kind, term, plain)
        assert all(np.array_equal(ours[gate], theirs[gate]) for gate in set(GATES[kind]) - set(own))


def test_layers_and_directions_differ() -> None:
    names = [f"bias_ih_l{layer}{end}" for layer in (0, 1) for end in ("", "_reverse")]
    biases = {name: np.empty(12) for name in names}
    lstm(3, layers=2, max_time=T).init_(biases, seed=7)
    assert len({bias[3] for bias in biases.values()}) == 4


def test_the_least_time_is_a_gate_half_open() -> None:
    assert not gates("lstm", "bias_ih", lstm(SIZE, max_time=2))["f"].any()


def test_a_checkpoint_of_many_pieces_holds_and_verifies_it() -> None:
    """Any range of the fused bias is that of the whole, also one that begins within the input gate."""
    recipe, bias = lstm(SIZE, max_time=T), np.empty(4 * SIZE, np.float32)
    recipe.init_({"bias_ih_l0": bias}, seed=7)
    assert all(recipe.verify({"bias_ih_l0": bias}, seed=7).values())
    bias[:SIZE] = -bias[:SIZE]
    assert not all(recipe.verify({"bias_ih_l0": bias}, seed=7).values())
    forget = fi.log_of_uniform(1, T - 1).fill_(np.empty(SIZE, np.float32), seed=7, name="bias_ih_l0_f")
    assert np.array_equal(bias[SIZE : 2 * SIZE], forget)
