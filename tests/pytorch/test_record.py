"""`record`: what a constructor does to its tensors, as rules."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.init import dirac_, eye_, orthogonal_, sparse_, trunc_normal_

import fast_init as fi
from fast_init import constant, normal, ones, trunc_normal, uniform, zeros
from fast_init.torch import build, record


class Made(nn.Module):  # type: ignore[misc]
    """A module of one parameter, `w`, that a function initialises."""

    def __init__(self, init: Callable[[Any], Any], shape: tuple[int, ...] = (6, 4)) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.empty(shape))
        with torch.no_grad():
            init(self.w)


class Held(nn.Module):  # type: ignore[misc]
    """A module of what a function makes: a parameter `w`, or a buffer."""

    def __init__(self, make: Callable[[], Any], buffer: bool = False, persistent: bool = True) -> None:
        super().__init__()
        if buffer:
            self.register_buffer("w", make(), persistent=persistent)
        else:
            self.w = nn.Parameter(make())


def rule_of(factory: Callable[[], Any]) -> fi.Rule:
    """Return the rule of the only tensor of a module."""
    (rule,) = record(factory).rules
    return rule


def schemes(recipe: fi.Recipe) -> dict[str, Any]:
    """Return the schemes by names."""
    return {rule.pattern: rule.scheme for rule in recipe.rules}


INITS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "normal": (partial(nn.init.normal_, std=0.02), normal(0.0, 0.02)),
    "uniform": (lambda w: nn.init.uniform_(w, -1, 2), uniform(-1, 2)),
    "method": (lambda w: w.normal_(1.0, 0.5), normal(1.0, 0.5)),
    "method by names": (lambda w: w.normal_(std=0.5), normal(0.0, 0.5)),
    "uniform by names": (lambda w: w.uniform_(to=0.5), uniform(0.0, 0.5)),
    "trunc_normal under its own name": (partial(trunc_normal_, std=0.02, b=1.0), trunc_normal(0.0, 0.02, -2.0, 1.0)),
    "trunc_normal of the module": (lambda w: nn.init.trunc_normal_(w), trunc_normal()),
    "xavier_normal": (nn.init.xavier_normal_, normal(0.0, math.sqrt(2 / 10))),
    "kaiming_normal": (lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"), normal(0.0, math.sqrt(2) / 2)),
    "orthogonal": (partial(orthogonal_, gain=2.0), fi.orthogonal(2.0)),
    "sparse": (partial(sparse_, sparsity=0.5), fi.sparse(0.5)),
    "eye": (eye_, fi.eye()),
    "constant": (partial(nn.init.constant_, val=0.3), constant(0.3)),
    "fill by a tensor": (lambda w: w.fill_(torch.tensor(3.0)), constant(3.0)),
    "setitem of all": (lambda w: w.__setitem__(slice(None), 2.0), constant(2.0)),
    "the last write wins": (lambda w: nn.init.ones_(w.normal_()), ones()),
    "the last draw wins": (lambda w: (w.zero_()[1].fill_(3), w.normal_()), normal()),
    "scaled": (lambda w: w.normal_().mul_(0.02), normal(0.0, 0.02)),
    "scaled by a tensor": (lambda w: w.normal_().mul_(torch.tensor(4.0).rsqrt()), normal(0.0, 0.5)),
    "divided": (lambda w: w.uniform_(-1, 1).div_(-2), uniform(-0.5, 0.5)),
    "shifted": (lambda w: w.normal_().add_(1).sub_(3), normal(-2.0, 1.0)),
    "orthogonal scaled": (lambda w: orthogonal_(w).mul_(3), fi.orthogonal(3.0)),
    "orthogonal as a matrix": (lambda w: orthogonal_(w.view(6, 2, 2)), fi.orthogonal()),
    "a view of other shape": (lambda w: w.view(-1).normal_(), normal()),
    "transposed": (lambda w: w.t().normal_(), normal()),
    "in two halves": (lambda w: (w[:3].normal_(), w[3:].normal_()), normal()),
    "copied from a draw": (lambda w: w.copy_(torch.randn(6, 4) * 0.1), normal(0.0, 0.1)),
    "column by column": (lambda w: (w[:, :2].fill_(1), w[:, 2:].fill_(1)), ones()),
}


@pytest.mark.parametrize("what", INITS)
def test_scheme_of_an_initialisation(what: str) -> None:
    init, scheme = INITS[what]
    assert rule_of(lambda: Made(init)).scheme == scheme


def test_dirac_and_uniform_bounds_of_torch() -> None:
    assert rule_of(lambda: Made(partial(dirac_, groups=2), (4, 2, 3))).scheme == fi.dirac(2)
    weight, bias = record(lambda: nn.Linear(16, 8)).rules
    assert weight.scheme.b == pytest.approx(0.25, rel=1e-12)  # type: ignore[attr-defined]
    assert bias.scheme == uniform(-0.25, 0.25)


def _trunc_normal_(tensor: Any, mean: float, std: float, a: float, b: float) -> Any:
    """What timm has, and many models a copy of."""
    low, high = (math.erf((x - mean) / std / math.sqrt(2.0)) for x in (a, b))
    tensor.uniform_(low, high)
    tensor.erfinv_()
    tensor.mul_(std * math.sqrt(2.0))
    tensor.add_(mean)
    tensor.clamp_(min=a, max=b)
    return tensor


def test_copies_of_trunc_normal_are_known_by_what_they_are() -> None:
    assert rule_of(lambda: Made(lambda w: _trunc_normal_(w, 0, 0.02, -2, 2))).scheme == trunc_normal(0.0, 0.02)
    tensorflow = rule_of(lambda: Made(lambda w: _trunc_normal_(w, 0, 1.0, -2, 2).mul_(0.5).add_(1.0)))
    assert tensorflow.scheme == trunc_normal(1.0, 0.5, 0.0, 2.0)


def test_padding_row() -> None:
    rule = rule_of(lambda: nn.Embedding(5, 3, padding_idx=2))
    assert (rule.scheme, rule.padding_row) == (normal(), 2)
    assert rule_of(lambda: Made(lambda w: (w.normal_()[-1].zero_(), w.mul_(0.1)))).padding_row == 5


def test_parameters_made_of_draws() -> None:
    assert rule_of(lambda: Held(lambda: torch.randn(4, 4) * 0.5)).scheme == normal(0.0, 0.5)
    assert rule_of(lambda: Held(lambda: 4**-0.5 * torch.rand(4))).scheme == uniform(0.0, 0.5)
    assert rule_of(lambda: Held(lambda: torch.rand(4).to(torch.bfloat16))).scheme == uniform()
    assert rule_of(lambda: Held(lambda: torch.Tensor(4).uniform_(-1, 1))).scheme == uniform(-1, 1)
    assert rule_of(lambda: Held(lambda: torch.zeros(0, 4))).scheme == zeros()


def positions(n: int = 16, d: int = 6) -> Any:
    """Return sines and cosines of positions, written in columns of empty memory."""
    angles = torch.arange(n).unsqueeze(1) / 10000 ** (torch.arange(0, d, 2) / d)
    table = torch.empty(n, d)
    table[:, 0::2] = torch.sin(angles)
    table[:, 1::2] = angles.cos()
    return table


VALUES: dict[str, Callable[[], Any]] = {
    "arange": lambda: torch.arange(5),
    "data": lambda: torch.tensor([[1.5, 2.0], [3.0, 4.0]]),
    "NumPy's data": lambda: torch.from_numpy(np.arange(3.0)),
    "new_tensor": lambda: torch.zeros(3).new_tensor([3.0, 1.0]),
    "linspace in 16 bits": lambda: torch.linspace(0, 1, 7).to(torch.bfloat16),
    "frequencies": lambda: 1.0 / 10000 ** (torch.arange(0, 8, 2, dtype=torch.int64).float() / 8),
    "positions": positions,
    "causal mask": lambda: torch.full((4, 4), -math.inf).triu_(1),
    "stack, repeat and view": lambda: torch.stack([torch.arange(4), torch.ones(4)]).repeat(2, 1).view(-1),
    "complex": lambda: torch.polar(torch.ones(3), torch.arange(3.0)),
    "as real": lambda: torch.view_as_real(torch.polar(torch.ones(3), torch.arange(3.0))).flatten(-2),
    "indices": lambda: torch.meshgrid(torch.arange(3), torch.arange(2), indexing="ij")[0].flatten(),
    "data-dependent shape": lambda: torch.tensor([1, 0, 2]).nonzero(),
    "by Python numbers": lambda: torch.tensor([x * 2 for x in torch.linspace(0, 1, 3).tolist()]),
    "by items": lambda: torch.full((2,), torch.arange(5.0)[3].item()).mul_(float(torch.tensor(2.0))),
    "changed in place": lambda: torch.zeros(4).index_fill_(0, torch.tensor([1, 2]), 5.0).add_(torch.arange(4)),
}


@pytest.mark.parametrize("what", VALUES)
def test_buffers_have_their_values(what: str) -> None:
    values, recording = VALUES[what](), record(lambda: Held(VALUES[what], buffer=True, persistent=False))
    assert not recording.rules
    assert recording.buffers["w"].dtype == values.dtype
    assert recording.buffers["w"].device.type == "cpu"
    assert torch.equal(recording.buffers["w"], values)


def test_layers_of_torch() -> None:
    recording = record(lambda: nn.Sequential(nn.BatchNorm1d(4), nn.MultiheadAttention(8, 2), nn.GRU(3, 4)))
    assert recording.buffers.keys() == {"0.num_batches_tracked"}
    found = schemes(recording)
    assert (found["0.weight"], found["0.running_mean"], found["0.running_var"]) == (ones(), zeros(), ones())
    assert found["1.in_proj_bias"] == zeros()
    assert found["2.weight_hh_l0"] == uniform(-0.5, 0.5)
    assert len(found) == 4 + 4 + 4


def test_ties() -> None:
    class Tied(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False)
            self.b.weight = self.a.weight
            self.c = copy.deepcopy(self.a)  # equal, of memory of its own
            self.d = nn.Parameter(self.a.weight.detach() * 2)

    rules = {rule.pattern: rule for rule in record(Tied).rules}
    assert {name: rule.tied_to for name, rule in rules.items()} == {
        "d": None,
        "a.weight": "d",
        "b.weight": "a.weight",
        "c.weight": "d",
    }
    a, d = (rules[name].scheme for name in ("a.weight", "d"))
    assert d.b == pytest.approx(2 * a.b)  # type: ignore[attr-defined]


def test_names_are_matched_as_they_stand() -> None:
    recording = record(lambda: nn.ModuleDict({"a[0]": nn.LayerNorm(2), "a0": nn.Linear(2, 2)}))
    assert recording.rule_for("a[0].weight").scheme == ones()
    assert recording.rule_for("a0.weight").scheme != ones()


def test_the_recipe_is_a_recipe() -> None:
    recording = record(lambda: nn.Sequential(nn.Linear(3, 4), nn.Embedding(3, 4, padding_idx=0)))
    assert fi.Recipe.loads(recording.to_json()) == recording
    assert hash(recording) == hash(fi.Recipe(recording.rules))


def test_no_memory_is_allocated_for_parameters() -> None:
    assert len(record(lambda: nn.Linear(1 << 20, 1 << 20)).rules) == 2  # 4 TiB


def test_a_module_on_meta_is_reset() -> None:
    with torch.device("meta"):
        module = nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2))
    recording = record(module)
    assert schemes(recording)["1.weight"] == ones()
    assert fi.torch.materialize_(module, seed=1).elements == 10


def test_a_module_that_is_tied_on_meta_keeps_its_padding_row_and_its_ties() -> None:
    """The head, which is drawn after its embedding, must not draw the row again."""

    def factory() -> Any:
        module = nn.Sequential(nn.Embedding(5, 4, padding_idx=2), nn.Linear(4, 5, bias=False))
        module[1].weight = module[0].weight
        return module

    with torch.device("meta"):
        module = factory()
    assert record(module).rules == record(factory).rules
    assert record(module).rules[0].padding_row == 2
    assert module[1].weight is module[0].weight


def test_build_gives_what_the_recipe_gives_arrays() -> None:
    def factory() -> Any:
        return nn.Sequential(nn.Linear(3, 4), nn.Embedding(5, 4, padding_idx=0), nn.BatchNorm1d(4))

    module = build(factory, seed=7)
    arrays = {name: np.empty(p.shape, np.float32) for name, p in module.named_parameters()}
    record(factory).init_(arrays, seed=7)
    for name, p in module.named_parameters():
        assert np.array_equal(p.detach().numpy(), arrays[name])
    assert torch.equal(module[2].running_var, torch.ones(4))
    assert int(module[2].num_batches_tracked) == 0


def test_known_values_of_parameters_are_in_the_recipe() -> None:
    rule = rule_of(lambda: Held(positions))
    assert np.array_equal(rule.scheme.new((16, 6), "float32"), positions().numpy())
    persistent = rule_of(lambda: Held(lambda: torch.arange(3.0), buffer=True))
    assert persistent.scheme == fi.literal.of(np.arange(3, dtype=np.float32))
