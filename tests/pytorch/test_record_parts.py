"""Parts of one draw: which are the same numbers and tied, which are others; what repeats one is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from fast_init.torch import record


def ties_of(factory: Callable[[], Any]) -> list[str | None]:
    """Return of each tensor of a list whose numbers it has."""
    return [rule.tied_to for rule in record(lambda: nn.ParameterList(factory())).rules]


def beside_a_row() -> Any:
    w = torch.randn(9, 3)
    w[4] = 0
    return [w[:4].clone(), w[5:].clone(), w[5:].clone()]


def of_a_function() -> Any:
    hardly = torch.empty(8).uniform_(-7, -2).exp().expm1()
    return [hardly[:4].log(), hardly[4:].log(), hardly[4:].log()]


def of_parts() -> Any:
    w = torch.randn(8)
    return [w[2:4].clone(), w[:4][2:].clone(), w[2:][:2].clone()]


def moved_in_parts() -> Any:
    w, copy = torch.randn(4), torch.empty(4)
    copy[2:] = w[2:]
    copy[:2] = w[:2]
    return [w, copy]


def with_a_row_of_zeros() -> Any:
    w = torch.randn(5, 3)
    table, mixed = w.clone(), w.clone()
    table[2] = 0
    mixed[3:] = torch.randn(5, 3)[3:]
    mixed[2] = 0
    return [w, table, mixed]


def mirrored() -> Any:
    w = torch.randn(4)
    return [w, -w, w * -2]


def transposed() -> Any:
    w = torch.randn(3, 3)
    return [w, w.t().clone(), w.clone().t()]


@pytest.mark.parametrize(
    ("factory", "ties"),
    [
        (beside_a_row, [None, None, "1"]),
        (of_a_function, [None, None, "1"]),
        (of_parts, [None, "0", "0"]),
        (moved_in_parts, [None, "0"]),
        (with_a_row_of_zeros, [None, "0", None]),
        (mirrored, [None, None, "1"]),
        (transposed, [None, None, "1"]),
    ],
)
def test_what_has_the_same_numbers_is_tied(factory: Callable[[], Any], ties: list[str | None]) -> None:
    assert ties_of(factory) == ties


def twice() -> Any:
    w, draw = torch.empty(8), torch.rand(4)
    w[:4], w[4:] = draw, draw
    return w


def of_itself() -> Any:
    w = torch.rand(8)
    w[:4].copy_(w[4:])
    return w


def twice_around_a_row() -> Any:
    w, draw = torch.zeros(5, 2), torch.rand(2, 2)
    w[:2], w[3:] = draw, draw
    return w


def plus_and_minus() -> Any:
    w, draw = torch.empty(8), torch.randn(4)
    w[:4], w[4:] = draw, -draw
    return w


def softplus_inverse_of_the_other_half() -> Any:
    dt = torch.empty(8).uniform_(-7, -2).exp().clamp(min=1e-4)
    return dt[:4] + torch.log(-torch.expm1(-dt[4:]))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (twice, "0: its parts repeat a draw"),
        (of_itself, "0: its parts repeat a draw"),
        (twice_around_a_row, "0: its parts repeat a draw"),
        (plus_and_minus, "0: its parts repeat a draw"),
        (softplus_inverse_of_the_other_half, "0: add at .* has no scheme"),
    ],
)
def test_what_is_not_as_many_numbers_of_one_law_is_an_error(make: Callable[[], Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        record(lambda: nn.ParameterList([make()]))


def test_parts_in_another_order_are_a_draw_of_their_own() -> None:
    def factory() -> Any:
        w, swapped = torch.randn(8), torch.empty(8)
        swapped[:4], swapped[4:] = w[4:], w[:4]
        return [w, swapped]

    assert ties_of(factory) == [None, None]


@pytest.mark.parametrize("view", [lambda w: w.t(), lambda w: w.view(9), lambda w: w[1:]])
def test_one_memory_in_two_shapes_is_an_error(view: Callable[[Any], Any]) -> None:
    def factory() -> Any:
        w = torch.randn(3, 3)
        return nn.ParameterList([w, view(w)])

    with pytest.raises(ValueError, match="\n1: it shares memory with 0, in another shape or order"):
        record(factory)


def test_views_of_one_flat_draw_that_do_not_meet_are_draws_of_their_own() -> None:
    def factory() -> Any:
        flat = torch.randn(12)
        return [flat[:6].view(2, 3), flat[6:].view(3, 2), flat[:6].view(2, 3)]

    assert ties_of(factory) == [None, None, "0"]
