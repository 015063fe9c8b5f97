"""Elementwise functions of draws: those that are laws are recorded as these, Mamba's dt_bias and A_log among them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

import fast_init as fi
from fast_init.torch import build, record


def rules_of(*makers: Callable[[], Any]) -> list[fi.Rule]:
    """Return the rules of a module of what these make."""
    return list(record(lambda: nn.ParameterList([make() for make in makers])).rules)


def step_sizes() -> Any:
    """Mamba's, as transformers draws them."""
    return torch.exp(torch.rand(8) * (math.log(0.1) - math.log(0.001)) + math.log(0.001))


def biases(dt: Any) -> Any:
    return dt + torch.log(-torch.expm1(-dt))


MAMBA = fi.inv_softplus_log_uniform(0.001, 0.1, floor=1e-4)
LAWS: dict[str, tuple[Callable[[], Any], Any]] = {
    "A_log": (lambda: torch.empty(8).uniform_(0, 16).log(), fi.log_of_uniform(0, 16)),
    "A_log in place": (lambda: torch.empty(8).uniform_(0.01, 16).log_(), fi.log_of_uniform(0.01, 16)),
    "A_log of a copy": (lambda: (w := torch.empty(8)).copy_(w.uniform_(1, 16).log()), fi.log_of_uniform(1, 16)),
    "minus A_log": (lambda: -torch.log(torch.empty(8).uniform_(1, 16)), fi.log_of_uniform(1, 16, -1)),
    "dt": (step_sizes, fi.log_uniform(0.001, 0.1)),
    "dt_bias": (lambda: biases(step_sizes().clamp(min=1e-4)), MAMBA),
    "dt_bias by clamp_min": (lambda: biases(step_sizes().clamp_min(1e-4)), MAMBA),
    "dt_bias without a floor": (lambda: biases(step_sizes()), fi.inv_softplus_log_uniform(floor=0)),
    "dt_bias the other way round": (lambda: torch.log(-torch.expm1(-(dt := step_sizes()))) + dt,
                                    fi.inv_softplus_log_uniform(floor=0)),
    "dt_bias by expm1": (lambda: step_sizes().clamp(min=1e-4).expm1().log(), MAMBA),
    "dt_bias by exp": (lambda: (step_sizes().clamp_(min=1e-4).exp() - 1).log(), MAMBA),
    "on the CPU": (lambda: torch.rand(8, device="cpu").mul(15).add(1).log(), fi.log_of_uniform(1, 16)),
}  # fmt: skip


@pytest.mark.parametrize("what", LAWS)
def test_scheme_of_a_function_of_a_draw(what: str) -> None:
    make, scheme = LAWS[what]
    (rule,) = rules_of(make)
    assert rule.scheme == scheme


def test_what_is_built_is_the_function_of_the_same_uniform_number() -> None:
    """A tie of a draw and its logarithm: each has its own scheme, on one stream."""

    def factory() -> Any:
        w = torch.empty(500).uniform_(0.01, 16)
        return nn.ParameterList([w, w.log()])

    w, logarithm = build(factory, seed=1)
    assert torch.allclose(w.log(), logarithm, rtol=1e-5, atol=1e-6)


def test_parts_of_one_draw_are_not_tied() -> None:
    w: list[Any] = []

    def part(row: int) -> Any:
        w[:] = w or [torch.randn(2, 3)]
        return w[0][row].clone()

    assert [rule.tied_to for rule in rules_of(partial(part, 0), partial(part, 1), partial(part, 1))] == [
        None,
        None,
        "1",
    ]


def test_halves_of_two_draws_are_neither() -> None:
    def factory() -> Any:
        a = torch.randn(4, 3)
        b = a.clone()
        b[2:].copy_(torch.randn(4, 3)[2:])
        return nn.ParameterList([a, b, b.clone()])

    assert [rule.tied_to for rule in record(factory).rules] == [None, None, "1"]
