"""What `record` cannot say is an error that names it, or is deferred: nothing is left out in silence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import fast_init as fi
from fast_init.torch import build, record
from fast_init.torch.recordings import recording_of


class Made(nn.Module):  # type: ignore[misc]
    """A module of one parameter, `w`, that a function makes."""

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__()
        self.w = nn.Parameter(make(), requires_grad=False)


def half_random() -> Any:
    w = torch.zeros(4, 4)
    w[:, :2].normal_()
    return w


def of_two_draws() -> Any:
    return torch.randn(3) + torch.rand(3)


def in_halves(first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Callable[[], Any]:
    def make() -> Any:
        w = torch.empty(4, 4)
        first(w[:2])
        second(w[2:])
        return w

    return make


def of_a_view(view: Callable[[Any], Any], draw: Callable[[Any], Any]) -> Callable[[], Any]:
    def make() -> Any:
        w = torch.zeros(4, 4)
        draw(view(w))
        return w

    return make


def dt() -> Any:
    """Log-uniform step sizes."""
    return torch.empty(4).uniform_(-7, -2).exp()


CASES: dict[str, tuple[Callable[[], Any], str]] = {
    "never written": (lambda: torch.empty(3), "never initialised"),
    "never written, by the old constructor": (lambda: torch.Tensor(3), "never initialised"),
    "written in a part": (lambda: torch.empty(4, 4)[:2].fill_(1).new_empty(4), "never initialised"),
    "a draw without a scheme": (lambda: torch.empty(3).exponential_(), "exponential_"),
    "of integers": (lambda: torch.randint(0, 5, (3,)), "randint"),
    "a function of a draw": (lambda: torch.rand(3).cos(), "cos"),
    "a function that has a scheme of a draw that has not": (lambda: torch.randn(3).exp(), "exp of normal("),
    "a function of a function": (lambda: torch.rand(3).log().log(), "log of log_of_uniform("),
    "half of softplus' inverse": (lambda: -torch.expm1(-torch.rand(3).exp()), "neg"),
    "softplus' inverse of two draws": (lambda: dt() + torch.log(-torch.expm1(-dt())), "add"),
    "softplus' inverse of parts": (lambda: (x := dt())[1:] + torch.log(-torch.expm1(-x[:-1])), "add"),
    "softplus' inverse of a draw cut above": (lambda: torch.log(torch.expm1(dt().clamp(0.01, 0.05))), "log"),
    "of two draws": (of_two_draws, "add"),
    "a part of columns": (half_random, "normal_ of a part that is no block"),
    "a draw on the CPU": (lambda: torch.rand(3, device="cpu").sin(), "sin"),
    "a draw used on the CPU": (lambda: torch.ones(3, device="cpu") * torch.rand(3, device="cpu"), "mul"),
    "a repeated draw": (lambda: torch.randn(1, 3).repeat(2, 1), "repeat"),
    "orthogonal, and moved": (lambda: nn.init.orthogonal_(torch.empty(4, 4)).add_(1), "add_ of orthogonal("),
    "a draw moved by a draw": (lambda: torch.randn(3).add_(torch.randn(3)), "add_"),
    "a draw added twice over": (lambda: torch.randn(3).add_(1, alpha=2), "add_"),
    "divided and rounded": (lambda: torch.randn(3).div_(2, rounding_mode="floor"), "div_"),
    "of a mean for each": (lambda: torch.normal(torch.zeros(3), torch.ones(3)), "normal"),
    "one number of a draw": (lambda: torch.ones(3) * torch.randn(()), "mul"),
    "written as integers": (of_a_view(lambda w: w.view(torch.int32), lambda v: v.fill_(3)), "of a view as torch.int32"),
    "a draw in a wrong order": (lambda: torch.empty(2, 3).copy_(nn.init.orthogonal_(torch.empty(3, 2)).t()), "copy_"),
    "cut to integers": (lambda: (torch.rand(3) * 10).long().float(), "_to_copy to torch.int64"),
    "copied to integers": (
        lambda: torch.empty(3).copy_(torch.empty(3, dtype=torch.int8).copy_(torch.randn(3))),
        "copy_ to",
    ),
    "by its sign": (lambda: torch.randn(3).bool().float(), "_to_copy to torch.bool"),
    "divided by zero": (lambda: torch.rand(3) / 0.0, "div of uniform("),
    "moved to infinity": (lambda: torch.rand(3) + math.inf, "add of uniform("),
    "beyond any number": (lambda: (torch.rand(3) * 1e30).exp(), "exp of uniform("),
    "the larger part": (lambda: torch.randn(4).sort().values, "sort"),
    "a permuted draw": (lambda: torch.randn(4)[torch.tensor([1, 0, 3, 2])], "index"),
}


WITHOUT_A_LINE: dict[str, tuple[Callable[[], Any], str]] = {
    "in two parts": (in_halves(nn.init.normal_, nn.init.uniform_), "its parts are drawn by several schemes"),
    "in two frames": (in_halves(nn.init.orthogonal_, nn.init.orthogonal_), "its parts are drawn by several schemes"),
    "as another matrix": (
        of_a_view(lambda w: w.view(2, 8), nn.init.orthogonal_),
        "orthogonal(gain=1.0, layout='oi...') was drawn as a view of shape (2, 8)",
    ),
    "more values than a recipe has": (
        lambda: torch.arange(1 << 20, dtype=torch.float32).sin(),
        "its values are known, but too many for a recipe",
    ),
}


@pytest.mark.parametrize("what", WITHOUT_A_LINE)
def test_error_has_parameter_and_reason(what: str) -> None:
    make, words = WITHOUT_A_LINE[what]
    with pytest.raises(ValueError, match=re.escape(f"\nw: {words}")):
        record(lambda: Made(make))


@pytest.mark.parametrize("what", CASES)
def test_error_has_parameter_operation_and_line(what: str) -> None:
    make, words = CASES[what]
    with pytest.raises(ValueError, match="cannot be recorded") as error:
        record(lambda: Made(make))
    (sentence,) = str(error.value).splitlines()[1:]
    assert sentence.startswith("w: ")
    assert words in sentence
    assert re.search(r"test_record_unsupported\.py:\d+", sentence)


def test_all_of_them_in_one_error() -> None:
    with pytest.raises(ValueError, match="cannot be recorded") as error:
        record(lambda: nn.ModuleList(Made(make) for make, _ in CASES.values()))
    assert len(str(error.value).splitlines()) == 1 + len(CASES)


def test_deferred_ones_are_listed_and_others_recorded() -> None:
    recording = record(lambda: nn.ModuleList([Made(of_two_draws), nn.LayerNorm(2)]), unsupported="defer")
    assert recording.deferred.keys() == {"0.w"}
    assert [rule.pattern for rule in recording.rules] == ["1.weight", "1.bias"]


def test_what_is_tied_to_a_deferred_one_is_deferred() -> None:
    def factory() -> Any:
        a, b = Made(of_two_draws), Made(of_two_draws)
        b.w = a.w
        return nn.ModuleList([a, b])

    recording = record(factory, unsupported="defer")
    assert recording.deferred.keys() == {"0.w", "1.w"}
    assert not recording.rules


def test_a_draw_that_no_dtype_of_ours_holds() -> None:
    with pytest.raises(ValueError, match=r"w: it is drawn in torch\.complex64"):
        record(lambda: Made(lambda: torch.randn(3, dtype=torch.complex64)))


def test_wrong_words() -> None:
    with pytest.raises(ValueError, match="unsupported is 'ignore'; it must be 'raise' or 'defer'"):
        record(lambda: nn.Linear(1, 1), unsupported="ignore")  # type: ignore[arg-type]


def test_errors_of_the_constructor_pass_and_torch_is_as_it_was() -> None:
    def factory() -> Any:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        record(factory)
    assert torch.empty(1).device.type == "cpu"


def test_build_refuses_and_attaches() -> None:
    with pytest.raises(ValueError, match="cannot be recorded"):
        build(lambda: Made(of_two_draws), seed=1)
    module = build(lambda: nn.Linear(2, 2), seed=1)
    assert recording_of(module) == fi.Recipe(record(lambda: nn.Linear(2, 2)).rules)


@pytest.mark.parametrize(
    ("draw", "error", "text"),
    [
        (lambda: torch.empty(3).normal_(std=-1.0), RuntimeError, "normal expects std >= 0.0, but found std -1"),
        (lambda: torch.empty(3, dtype=torch.int32).normal_(), RuntimeError, "expected a floating-point or complex"),
    ],
)
def test_a_draw_that_torch_refuses_is_refused_by_torch(
    draw: Callable[[], Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        record(lambda: Made(draw))
