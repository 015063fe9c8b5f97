"""`accelerate`: what code initialises, drawn by fast_init at once, and torch as it was afterwards."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.init import trunc_normal_

import fast_init as fi
from fast_init.torch.accelerate import accelerate
from support.torch_draws import DTYPES, bits_of

ft = fi.torch
BOUND = math.sqrt(3.0) * math.sqrt(2.0 / 6) / math.sqrt(16)  # kaiming_uniform_(a=sqrt(5)) of 16 inputs

CALLS: dict[str, tuple[Callable[[Any], Any], fi.Scheme]] = {
    "Tensor.normal_": (lambda w: w.normal_(0.5, 0.1), fi.normal(0.5, 0.1)),
    "Tensor.uniform_": (lambda w: w.uniform_(-1, 1), fi.uniform(-1, 1)),
    "normal_": (partial(nn.init.normal_, std=0.1), fi.normal(0.0, 0.1)),
    "uniform_": (lambda w: nn.init.uniform_(w, b=2.0), fi.uniform(0.0, 2.0)),
    "by name": (lambda w: nn.init.normal_(tensor=w, mean=1.0), fi.normal(1.0, 1.0)),
    "trunc_normal_": (partial(trunc_normal_, std=0.1, a=-0.2, b=0.2), fi.trunc_normal(0.0, 0.1, -0.2, 0.2)),
    "xavier_uniform_": (partial(nn.init.xavier_uniform_, gain=2.0), fi.xavier_uniform(2.0)),
    "xavier_normal_": (nn.init.xavier_normal_, fi.xavier_normal()),
    "kaiming_uniform_": (partial(nn.init.kaiming_uniform_, a=1.0), fi.he_uniform(1.0)),
    "kaiming_normal_": (partial(nn.init.kaiming_normal_, mode="fan_out"), fi.he_normal(mode="fan_out")),
    "orthogonal_": (partial(nn.init.orthogonal_, gain=3.0), fi.orthogonal(3.0)),
    "sparse_": (partial(nn.init.sparse_, sparsity=0.25), fi.sparse(0.25)),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("what", CALLS)
def test_draws_are_those_of_the_scheme_and_the_number_of_the_call(what: str, dtype: Any) -> None:
    call, scheme = CALLS[what]
    w = torch.empty(8, 16, dtype=dtype)
    with accelerate(seed=3) as done:
        torch.empty(4).normal_()  # the draw "0"
        assert call(w) is w
    expected = scheme.fill_(np.empty((8, 16), DTYPES[dtype]), seed=3, name="1")
    difference = np.abs(w.double().numpy() - expected.astype(np.float64))
    assert difference.max() <= np.abs(expected.astype(np.float64)).max() * torch.finfo(dtype).eps
    assert sum(line.count for line in done.report.accelerated) == 2
    assert not done.report.left


def test_a_linear_layer() -> None:
    with accelerate(seed=1) as done:
        layer = nn.Linear(16, 8)
    assert layer.weight.requires_grad
    assert np.array_equal(
        bits_of(layer.weight), bits_of(fi.uniform(-BOUND, BOUND).new((8, 16), "float32", seed=1, name="0"))
    )
    assert [(line.operation, line.elements) for line in done.report.accelerated] in (
        [("kaiming_uniform_", 128), ("uniform_", 8)],
        [("uniform_", 8), ("kaiming_uniform_", 128)],
    )


def test_the_same_code_gives_the_same_model_with_any_threads() -> None:
    def weights(**options: Any) -> list[Any]:
        with accelerate(**options):
            return [bits_of(p) for p in nn.TransformerEncoderLayer(16, 2).parameters()]

    for a, b in zip(weights(), weights(seed=0, threads=1), strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(weights()[0], weights(seed=1)[0])


def _trunc_normal_(tensor: Any, mean: float, std: float, a: float, b: float) -> Any:
    """What timm has, and many models a copy of."""
    tensor.uniform_(*(math.erf((x - mean) / std / math.sqrt(2.0)) for x in (a, b)))
    tensor.erfinv_().mul_(std * math.sqrt(2.0))
    tensor.add_(mean)
    return tensor.clamp_(min=a, max=b)


def test_copies_of_trunc_normal_are_drawn_once() -> None:
    with accelerate(seed=5):
        w = _trunc_normal_(torch.empty(1000), 0.0, 0.5, -1.0, 1.0)
    expected = fi.trunc_normal(0.0, 0.5, -1.0, 1.0).new((1000,), "float32", seed=5, name="0")
    assert np.array_equal(w.numpy(), expected)


LEFT: dict[str, tuple[Callable[[Any, Any], Any], str, str]] = {
    "a generator of a method": (lambda w, g: w.normal_(generator=g), "normal_", "generator given"),
    "a generator of a function": (lambda w, g: nn.init.normal_(w, generator=g), "normal_", "generator given"),
    "a generator of kaiming": (
        lambda w, g: nn.init.kaiming_uniform_(w, generator=g),
        "kaiming_uniform_",
        "generator given",
    ),
    "a generator of trunc_normal": (lambda w, g: trunc_normal_(w, generator=g), "normal_", "generator given"),
    "a draw without a scheme": (lambda w, _: w.exponential_(), "exponential_", "no scheme"),
    "new draws": (lambda w, _: w.copy_(torch.randn(4, 4)), "randn", "no scheme"),
    "integers": (lambda w, _: w.copy_(torch.randint(0, 9, (4, 4))), "randint", "no scheme"),
    "a complex tensor": (lambda w, _: w.copy_(torch.empty(4, 4, dtype=torch.complex64).normal_().real), "normal_", ""),
}


@pytest.mark.parametrize("what", LEFT)
def test_what_torch_still_draws_is_as_it_was_and_counted(what: str) -> None:
    call, operation, reason = LEFT[what]

    def drawn() -> Any:
        torch.manual_seed(1)
        return call(torch.empty(4, 4), torch.Generator().manual_seed(2)).clone()

    alone = drawn()
    with accelerate() as done:
        inside = drawn()
    assert torch.equal(alone, inside)
    assert not done.report.accelerated
    (line,) = done.report.left
    assert (line.operation, line.count, line.elements) == (operation, 1, 16)
    assert reason in (line.reason or "")


def test_what_torch_refuses_it_still_refuses() -> None:
    parameter = nn.Parameter(torch.zeros(3))
    with accelerate() as done:
        with pytest.raises(RuntimeError, match="leaf Variable"):
            parameter.normal_()
        with pytest.raises(RuntimeError, match="uniform_ expects"):
            torch.empty(3).uniform_(2.0, 1.0)
        with pytest.raises(RuntimeError, match="normal"):
            torch.empty(3).normal_(0.0, -1.0)
        with pytest.raises(ValueError, match="Fan in and fan out can not be computed"):
            nn.init.kaiming_uniform_(torch.empty(3))
        with pytest.raises(ValueError, match="2 or more dimensions"):
            nn.init.orthogonal_(torch.empty(3))
    assert not done.report.lines
    assert not parameter.any()


def test_constants_and_meta_tensors_are_left_alone() -> None:
    with accelerate() as done:
        nn.init.ones_(torch.empty(3))
        assert torch.equal(nn.init.eye_(torch.empty(2, 2)), torch.eye(2))
        assert nn.init.dirac_(torch.empty(2, 2, 3)).sum() == 2
        nn.Linear(2, 2, device="meta").reset_parameters()
        nn.init.trunc_normal_(torch.empty(3, device="meta"))
    assert not done.report.lines


def test_torch_is_as_it_was_afterwards_and_after_an_exception() -> None:
    before = dict(vars(nn.init))
    with pytest.raises(KeyError), accelerate():
        raise KeyError
    assert dict(vars(nn.init)) == before
    torch.manual_seed(1)
    a = nn.Linear(2, 2).weight
    with accelerate():
        nn.Linear(2, 2)
    torch.manual_seed(1)
    assert torch.equal(a, nn.Linear(2, 2).weight)


def test_the_innermost_block_draws() -> None:
    with accelerate(seed=1) as outer:
        a = torch.empty(3).normal_()
        with accelerate(seed=2) as inner:
            b = torch.empty(3).normal_()
        c = torch.empty(3).normal_()
    for w, seed, name in ((a, 1, "0"), (b, 2, "0"), (c, 1, "1")):
        assert torch.equal(w, ft.normal_(torch.empty(3), seed=seed, name=name))
    assert [done.report.accelerated[0].count for done in (outer, inner)] == [2, 1]


def test_other_threads_are_not_affected() -> None:
    drawn: list[Any] = []

    def run() -> None:
        drawn.append(torch.empty(3).normal_(generator=None))

    with accelerate() as done:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    assert len(drawn) == 1
    assert not done.report.lines


def test_compiled_code_is_left_alone() -> None:
    @torch.compile(backend="eager")  # type: ignore[untyped-decorator, unused-ignore]
    def drawn(x: Any) -> Any:
        return nn.init.normal_(x).uniform_() * 2

    torch.manual_seed(1)
    a = drawn(torch.empty(4))
    with accelerate() as done:
        torch.manual_seed(1)
        b = drawn(torch.empty(4))
    assert torch.equal(a, b)
    assert not done.report.lines


def test_the_report_is_a_table() -> None:
    with accelerate() as done:
        nn.init.normal_(torch.empty(1000))
        torch.randperm(5)
    text = str(done.report)
    assert text.splitlines()[0].split() == ["operation", "by", "count", "elements", "seconds"]
    assert "normal_" in text
    assert "fast_init" in text
    assert "torch: no scheme" in text
    assert "1,000" in text
