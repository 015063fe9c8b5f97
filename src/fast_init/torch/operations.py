"""Which calls of torch initialise a tensor, and as which scheme.

Some functions are known by the frame they run in, since they are called under many names (imported, in transformers'
table, copied into a model's own code) but do their work in one code object, which a function mode meets inside.
`kaiming_*` and `xavier_*` are noted as the uniform or normal that they end in: torch computes their numbers, and a
weight may have been viewed as a matrix for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from types import FrameType, FunctionType
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch._ops import OpOverload, OpOverloadPacket
from torch.nn import init

from ..schemes.distributions import Normal, TruncatedNormal, Uniform
from ..schemes.orthogonal import Orthogonal
from ..schemes.scheme import Scheme
from ..schemes.structured import Dirac, Eye, Sparse

__all__ = [
    "BEGINNINGS",
    "FRAMES",
    "IS_META",
    "RANDOM",
    "STEPS",
    "Initialisation",
    "called_initialisation",
    "frame_initialisation",
    "is_random",
    "own_function",
]


class Initialisation(NamedTuple):
    """A tensor that is to be drawn, how, and torch's generator if the caller named one."""

    tensor: torch.Tensor
    scheme: Scheme
    generator: Any
    operation: str


class Call(NamedTuple):
    """The names of a function's arguments after the tensor, in order, each with the scheme's; and the scheme."""

    names: Mapping[str, str]
    scheme: Callable[..., Scheme]


def _kaiming_uniform(tensor: Any, a: float = 0, mode: Any = "fan_in", nonlinearity: Any = "leaky_relu") -> Scheme:
    bound = sqrt(3.0) * init.calculate_gain(nonlinearity, a) / sqrt(init._calculate_correct_fan(tensor, mode))
    return Uniform(-bound, bound)


NORMAL = Call({"mean": "mean", "std": "std"}, lambda _, **values: Normal(**values))
CALLS: dict[Any, Call] = {
    Tensor.normal_: NORMAL,
    Tensor.uniform_: Call({"from": "a", "to": "b"}, lambda _, **values: Uniform(**values)),
    init.normal_: NORMAL,
    init.uniform_: Call({"a": "a", "b": "b"}, lambda _, **values: Uniform(**values)),
    init.kaiming_uniform_: Call({name: name for name in ("a", "mode", "nonlinearity")}, _kaiming_uniform),
}


OWN = {func.__name__: func for func in CALLS if isinstance(func, FunctionType)}


def own_function(func: Any) -> Any:
    """Return the function of torch.nn.init in whose place a function stands there now: transformers puts guards there,
    which have let the call through when a mode meets it. Any other function is returned itself.
    """
    if type(func) is FunctionType and (own := OWN.get(func.__name__)) and getattr(init, func.__name__) is func:
        return own
    return func


class Body(NamedTuple):
    """The parameters that a function's code begins with, and the scheme of their values after the tensor's."""

    parameters: tuple[str, ...]
    scheme: Callable[..., Scheme]


TRUNCATED = Body(("tensor", "mean", "std", "a", "b"), TruncatedNormal)
FRAMES: Mapping[str, Body] = {
    "_no_grad_trunc_normal_": TRUNCATED,
    "_trunc_normal_": TRUNCATED,  # timm's, and the many copies of it
    "orthogonal_": Body(("tensor", "gain"), Orthogonal),
    "sparse_": Body(("tensor", "sparsity", "std"), Sparse),
    "dirac_": Body(("tensor", "groups"), Dirac),
    "eye_": Body(("tensor",), Eye),
}

IS_META = Tensor.is_meta.__get__
# In such a frame the first of BEGINNINGS is where the tensor is drawn; its other STEPS are left out.
BEGINNINGS = {IS_META, Tensor.normal_, Tensor.uniform_, Tensor.zero_, torch.eye}
STEPS = {
    *BEGINNINGS,
    Tensor.erfinv_,
    Tensor.mul_,
    Tensor.add_,
    Tensor.clamp_,
    Tensor.copy_,
    Tensor.__setitem__,
}
# Draws from torch's generators that no scheme stands for.
RANDOM = {
    torch.randn,
    torch.rand,
    torch.randint,
    torch.randperm,
    torch.randn_like,
    torch.rand_like,
    torch.randint_like,
    torch.normal,
    torch.bernoulli,
    torch.binomial,
    torch.multinomial,
    torch.poisson,
    torch._sample_dirichlet,
    torch._standard_gamma,
    Tensor.bernoulli,
    Tensor.bernoulli_,
    Tensor.cauchy_,
    Tensor.exponential_,
    Tensor.geometric_,
    Tensor.log_normal_,
    Tensor.multinomial,
    Tensor.random_,
    *CALLS,
}

RANDOM_NAMES = {func.__name__ for func in RANDOM}


def is_random(func: Any) -> bool:
    """Whether a call of it draws from torch's generators, as a function, a method or an operation of torch.ops."""
    if isinstance(func, OpOverload | OpOverloadPacket):
        return func.__name__.partition(".")[0] in RANDOM_NAMES
    return func in RANDOM


def called_initialisation(func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Initialisation | None:
    """Return what a call does if the function is in the table; raises what the function does for wrong arguments."""
    if (call := CALLS.get(func)) is None:
        return None
    given = {**dict(zip(call.names, args[1:], strict=False)), **kwargs}
    generator = given.pop("generator", None)
    tensor = given.pop("tensor", None)
    tensor = args[0] if args else tensor
    values = {call.names[name]: value for name, value in given.items()}
    return Initialisation(tensor, call.scheme(tensor, **values), generator, func.__name__)


def frame_initialisation(frame: FrameType) -> Initialisation | None:
    """Return what the function that runs in a frame does if it is in the table: its arguments are the frame's."""
    code = frame.f_code
    body = FRAMES.get(code.co_name)
    if body is None or code.co_varnames[: len(body.parameters)] != body.parameters:
        return None
    values = frame.f_locals
    tensor, *arguments = (values[name] for name in body.parameters)
    return Initialisation(tensor, body.scheme(*arguments), values.get("generator"), code.co_name)
