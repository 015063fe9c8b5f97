"""What operations of the dispatcher make of the contents of tensors: draws, constants, copies, functions."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import torch

from ..schemes.distributions import Constant, Normal, Uniform
from ..schemes.scheme import Distribution, Scheme
from .recording_cells import NEVER, Content, Draw, Fault, Piece, order_of
from .recording_functions import applied, scaled, summed
from .recording_trace import Trace, caller
from .shadows import tensors_in, wants_cpu

__all__ = ["dispatched"]

Handler = Callable[[Trace, Any, Any, dict[str, Any]], Any]


def dispatched(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Make a call of the dispatcher and note what it does."""
    handler = HANDLERS.get(func._schema.name.partition("::")[2])
    if handler is not None and (result := handler(trace, func, args, kwargs)) is not NotImplemented:
        return result
    return trace.run(func, args, kwargs)


def _draws(scheme: Callable[..., Scheme], first: int) -> Handler:
    """An operation that draws; its parameters come after so many arguments, by torch's order."""

    def handler(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        names = [spec.name for spec in func._schema.arguments][first : first + 2]
        values = [*args[first : first + 2]]
        values += [kwargs[name] for name in names[len(values) :] if name in kwargs]
        known = all(isinstance(value, int | float) for value in values)
        result = args[0] if known and _does_nothing(func, args[0], values) else func(*args, **kwargs)
        if known:
            trace.put(result, Draw(scheme(*values), object()), func._schema.name)
        else:
            trace.put(result, Fault(func._schema.name.partition("::")[2], caller()), func._schema.name)
        return result

    return handler


def _does_nothing(func: Any, tensor: torch.Tensor, values: list[float]) -> bool:
    """Whether torch would only check the call: `normal_` on meta does that, and takes 0.3 ms."""
    return (
        func is torch.ops.aten.normal_.default
        and tensor.is_meta
        and tensor.is_floating_point()
        and (len(values) < 2 or values[1] >= 0)
    )


def _new_draws(scheme: Callable[[], Scheme]) -> Handler:
    def handler(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        result = func(*args, **kwargs)
        trace.put(result, Draw(scheme(), object()), func._schema.name)
        return result

    return handler


def _constant(value_of: Callable[[Any], Any]) -> Handler:
    """An operation that writes one value, which is found in the arguments."""

    def handler(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        value = _number(trace, value_of(args))
        result = func(*args, **kwargs)
        if value is None:
            return NotImplemented
        if result.is_meta or trace.cell(result):
            trace.put(result, Draw(Constant(value), object()), func._schema.name)
        return result

    return handler


def _empty(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    result = func(*args, **kwargs)
    if result.layout is torch.strided:  # on the CPU too: its values are not the model's
        trace.put(result, Fault(NEVER, caller()), func._schema.name)
    return result


def _number(trace: Trace, value: Any) -> float | None:
    """The real number that an argument is, also as a tensor of one known element; None for anything else."""
    if isinstance(value, torch.Tensor) and value.numel() == 1 and value.dim() == 0:
        values = trace.values(value)
        value = None if values is None else values.item()
    return float(value) if isinstance(value, int | float) else None


def _arithmetic(line: Callable[[float], tuple[float, float]]) -> Handler:
    """A value times a factor plus a term, which a number gives; in place or not."""

    def handler(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        tensor, other = args[0], args[1] if len(args) > 1 else 1.0
        if len(args) > 2 or set(kwargs) & {"alpha", "rounding_mode"}:
            return NotImplemented
        if not isinstance(tensor, torch.Tensor) or _number(trace, other) is None:
            tensor, other = other, tensor
            if func._schema.name not in ("aten::mul", "aten::add"):
                return NotImplemented
        number = _number(trace, other)
        if number is None or not isinstance(tensor, torch.Tensor) or trace.values(tensor) is not None:
            return NotImplemented
        factor, term = line(number)
        name = func._schema.name.partition("::")[2]
        return _moved(trace, func, args, kwargs, tensor, lambda content: scaled(content, name, factor, term))

    return handler


def _sum(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """A sum of two functions of one draw, or of a value and a number."""
    a, b = args[:2]
    if not kwargs and isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor) and a.shape == b.shape:
        first, second = trace.pieces(a), trace.pieces(b)
        if first and second and len(first) == len(second) == 1 and order_of(a) == order_of(b):
            content = summed(first[0].content, second[0].content)
            if content is not None:
                return _moved(trace, func, args, kwargs, a, lambda _: content)
    return _arithmetic(lambda x: (1.0, x))(trace, func, args, kwargs)


def _function(step: str) -> Handler:
    """A function of each number by itself, perhaps with one parameter, such as the least value of clamp_min."""

    def handler(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        source, *given = args
        given += kwargs.values()
        numbers = [number for value in given if (number := _number(trace, value)) is not None]
        if trace.values(source) is not None or len(numbers) < len(given) or set(kwargs) - {"min"}:
            return NotImplemented
        name = func._schema.name.partition("::")[2]
        return _moved(trace, func, args, kwargs, source, lambda content: applied(content, name, step, *numbers))

    return handler


def _moved(
    trace: Trace, func: Any, args: Any, kwargs: dict[str, Any], source: Any, change: Callable[[Content], Content]
) -> Any:
    """Make a call whose result's elements are the source's, each changed."""
    pieces = trace.pieces(source)
    result = func(*args, **kwargs)
    _place(trace, result, source, pieces, change, func)
    return result


def _place(
    trace: Trace,
    result: torch.Tensor,
    source: torch.Tensor,
    pieces: list[Piece] | None,
    change: Callable[[Content], Content],
    func: Any,
) -> None:
    name = func._schema.name.partition("::")[2]
    if not result.numel():
        return
    if not result.is_floating_point():
        trace.put(result, Fault(f"{name} to {result.dtype}", caller()), name)
    elif pieces is None or result.shape != source.shape:
        trace.put(result, Fault(name, caller()), name)
    elif order_of(result) == order_of(source) and trace.put_pieces(result, pieces, change):
        return
    elif len(pieces) == 1 and isinstance(content := change(pieces[0].content), Draw):
        same = isinstance(content.scheme, Distribution)
        trace.put(result, Draw(content.scheme, object()) if same else Fault(name, caller()), name)
    else:
        trace.put(result, Fault(name, caller()), name)


def _copy(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    destination, source = args[0], args[1]
    del kwargs  # non_blocking
    noted = destination.is_meta or trace.cell(destination) is not None
    pieces, values = trace.pieces(source), trace.values(source)
    if values is not None:
        if not destination.is_meta:
            destination.copy_(values)
        if noted:
            trace.write_values(destination, values, "copy_")
        return destination
    _place(trace, destination, source, pieces, lambda content: content, func)
    return destination


def _clone(trace: Trace, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    source = args[0]
    drawn = (source.is_meta or trace.cell(source)) and trace.values(source) is None
    if not drawn or (source.is_meta and wants_cpu(kwargs)) or not tensors_in(source):
        return NotImplemented
    return _moved(trace, func, args, kwargs, source, lambda content: content)


HANDLERS: dict[str, Handler] = {
    "normal_": _draws(Normal, 1),
    "uniform_": _draws(Uniform, 1),
    "normal_functional": _draws(Normal, 1),
    "randn": _new_draws(Normal),
    "randn_like": _new_draws(Normal),
    "rand": _new_draws(Uniform),
    "rand_like": _new_draws(Uniform),
    **dict.fromkeys(("empty", "empty_like", "new_empty", "empty_strided", "new_empty_strided"), _empty),
    **dict.fromkeys(("zero_", "zeros", "zeros_like", "new_zeros"), _constant(lambda _: 0.0)),
    **dict.fromkeys(("ones", "ones_like", "new_ones"), _constant(lambda _: 1.0)),
    **dict.fromkeys(("fill_", "full", "full_like"), _constant(lambda args: args[1])),
    "new_full": _constant(lambda args: args[2]),
    "scalar_tensor": _constant(lambda args: args[0]),
    **dict.fromkeys(("mul", "mul_"), _arithmetic(lambda x: (x, 0.0))),
    **dict.fromkeys(("div", "div_"), _arithmetic(lambda x: (1 / x if x else inf, 0.0))),
    **dict.fromkeys(("add", "add_"), _sum),
    **dict.fromkeys(("sub", "sub_"), _arithmetic(lambda x: (1.0, -x))),
    **dict.fromkeys(("neg", "neg_"), _arithmetic(lambda _: (-1.0, 0.0))),
    **{name: _function(step) for step in ("exp", "expm1", "log", "clamp_min") for name in (step, f"{step}_")},
    **dict.fromkeys(("clamp", "clamp_"), _function("clamp_min")),
    "copy_": _copy,
    **dict.fromkeys(("clone", "_to_copy"), _clone),
}
