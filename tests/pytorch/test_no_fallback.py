"""Nothing falls back in silence: what is not supported is an error, or a row of the report.

Rows that stand elsewhere: destinations in test_in_place, draws with generators, threads and compiled code in
test_accelerate, constructors in test_record_unsupported, modules in test_materialize.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from torch._subclasses import FakeTensorMode

from fast_init.torch import accelerate
from fast_init.torch.operations import RANDOM_NAMES
from support.torch_ranks import Ranks
from support.torch_refusals import DTENSORS, refused


class Wrapped(torch.Tensor):  # type: ignore[misc]
    """A tensor whose elements are another's."""

    inside: Any

    @staticmethod
    def of(inside: Any) -> Wrapped:
        """Return it."""
        tensor = torch.Tensor._make_wrapper_subclass(Wrapped, inside.shape, dtype=inside.dtype)
        tensor.inside = inside
        return tensor  # type: ignore[no-any-return]

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        func(*(arg.inside if isinstance(arg, cls) else arg for arg in args), **(kwargs or {}))
        return args[0]


def overlapping() -> Any:
    """Return a tensor whose rows share elements, which torch draws."""
    return torch.empty(6).as_strided((4, 3), (1, 1))


LEFT: dict[str, tuple[Callable[[], Any], tuple[str, str, int]]] = {
    "a wrapper": (lambda: nn.init.normal_(Wrapped.of(torch.zeros(3))), ("normal_", "no plain memory", 3)),
    "a fake tensor": (
        lambda: FakeTensorMode().from_tensor(torch.empty(3)).uniform_(),
        ("uniform_", "no plain memory", 3),
    ),
    "a negated view": (
        lambda: torch.zeros(3, dtype=torch.complex64).conj().imag.normal_(),
        ("normal_", "no plain memory", 3),
    ),
    "shared elements": (lambda: overlapping().normal_(), ("normal_", "no plain memory", 12)),
    "a binomial draw": (lambda: torch.binomial(torch.ones(3), torch.ones(3)), ("binomial", "no scheme", 3)),
    "a gamma draw": (
        lambda: torch.distributions.Gamma(torch.ones(3), torch.ones(3)).sample(),
        ("_standard_gamma", "no scheme", 3),
    ),
    "an operation": (lambda: torch.ops.aten.normal_(torch.empty(3)), ("normal_", "no scheme", 3)),
    "an overload": (lambda: torch.ops.aten.uniform_.default(torch.empty(3)), ("uniform_.default", "no scheme", 3)),
    "into an output": (lambda: torch.rand(3, out=torch.empty(3)), ("rand", "no scheme", 3)),
}


@pytest.mark.parametrize("what", LEFT)
def test_what_accelerate_leaves_to_torch_is_a_row(what: str) -> None:
    act, row = LEFT[what]
    with accelerate() as done:
        act()
    assert not done.report.accelerated
    assert [(line.operation, line.reason, line.elements) for line in done.report.left] == [row]


REFUSED: dict[str, Callable[[], Any]] = {
    "expanded": lambda: torch.empty(3, 1).expand(3, 4).normal_(),
    "float8": lambda: torch.empty(3, dtype=torch.float8_e4m3fn).normal_(),
    "sparse": lambda: torch.eye(3).to_sparse().normal_(),
    "lazy": lambda: nn.init.normal_(nn.LazyLinear(3).weight),
    "integers": lambda: nn.init.normal_(torch.empty(3, dtype=torch.int32)),
    "a complex matrix": lambda: nn.init.sparse_(torch.empty(3, 3, 3, dtype=torch.complex64), 0.5),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_torch_cannot_draw_is_its_own_error_under_accelerate(what: str) -> None:
    with pytest.raises((RuntimeError, ValueError)) as theirs:
        REFUSED[what]()
    with accelerate() as done, pytest.raises(theirs.type, match=re.escape(str(theirs.value))):
        REFUSED[what]()
    assert not done.report.lines


FORWARD = "dropout", "attention", "sdp", "rnn", "rrelu", "lstm", "gru", "softmax"  # draws of a forward pass


def test_every_operation_of_torch_that_draws_is_known() -> None:
    """One that a new torch brings is then either of a forward pass or to be counted."""
    ops = {name[6:].partition(".")[0] for name in torch._C._dispatch_get_all_op_names() if name.startswith("aten::")}
    packets = [getattr(torch.ops.aten, name) for name in ops if hasattr(torch.ops.aten, name)]
    drawing = {
        packet.__name__
        for packet in packets
        for overload in packet.overloads()
        if torch.Tag.nondeterministic_seeded in getattr(packet, overload).tags
    }
    functional = {name.removesuffix("_") for name in RANDOM_NAMES} | {"normal_functional"}
    unknown = {name for name in drawing - RANDOM_NAMES - functional if not any(word in name for word in FORWARD)}
    assert len(drawing) > 50
    assert unknown == set()


@pytest.mark.parametrize("what", DTENSORS)
def test_what_no_dtensor_can_do_is_said_on_each_process(what: str, ranks_of: Callable[[int], Ranks]) -> None:
    assert ranks_of(2).run(refused, what) == [DTENSORS[what][1]] * 2
