"""From the contents of a module's tensors to its recording."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from ..recipes.rule import Rule
from ..schemes.distributions import Constant, zeros
from ..schemes.literal import Literal
from ..schemes.orthogonal import Orthogonal
from ..schemes.scheme import Distribution, Scheme
from .recording_cells import NEVER, Draw, Fault, Piece, order_of, reach_of, rows_of
from .recording_trace import Trace
from .recordings import Recording
from .slots import members_of

__all__ = ["recording_from"]

FLOATS = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


class InexpressibleError(Exception):
    """Says of a tensor what no rule can."""


def recording_from(trace: Trace, module: torch.nn.Module) -> Recording:
    """Return the recording of a module whose constructor ran while the trace was kept."""
    rules: list[Rule] = []
    buffers: dict[str, torch.Tensor] = {}
    deferred: dict[str, str] = {}
    names: dict[Any, str] = {}  # of what was met first, by what is shared
    memory: dict[int, list[tuple[int, int, str]]] = {}  # of each storage, what is drawn where
    for name, tensor, _, kept, _ in members_of(module):
        try:
            values = None if kept and tensor.dtype in FLOATS else _values(trace, tensor)
            if values is not None:
                buffers[name] = values
            elif (first := names.setdefault(_place(tensor), name)) in deferred:
                deferred[name] = f"{name} is {deferred[first]}"
            else:
                rule = _rule(trace, name, tensor, names)
                if rule.tied_to is None and not isinstance(rule.scheme, Constant):
                    _claim(memory.setdefault(tensor.untyped_storage()._cdata, []), tensor, name)
                rules.append(rule)
        except InexpressibleError as reason:
            deferred[name] = f"{name}: {reason}"
    return Recording(rules, buffers, deferred)


def _place(tensor: torch.Tensor) -> Any:
    """What tensors that are one have in common."""
    return tensor.untyped_storage()._cdata, tensor.storage_offset(), tensor.shape, tensor.stride()


def _claim(claims: list[tuple[int, int, str]], tensor: torch.Tensor, name: str) -> None:
    """Note that a tensor's elements of a storage are drawn under its name, and raise if some are under another."""
    start, stop = reach_of(tensor)
    for first, last, other in claims:
        if start < last and first < stop:
            raise InexpressibleError(f"it shares memory with {other}, in another shape or order")
    claims.append((start, stop, name))


def _values(trace: Trace, tensor: torch.Tensor) -> torch.Tensor | None:
    """Return a copy of the values of a tensor, None if they are not known."""
    value = _one_value(trace, tensor)
    if value is not None:
        return torch.full((), value, dtype=tensor.dtype, device="cpu").expand(tensor.shape)
    values = trace.values(tensor)
    return None if values is None else values.detach().clone()


def _one_value(trace: Trace, tensor: torch.Tensor) -> float | None:
    """Return the value of a tensor in which a constant was written, None if another thing was."""
    pieces = trace.pieces(tensor)
    if pieces is None or len(pieces) != 1 or not isinstance(pieces[0].content, Draw):
        return None
    return pieces[0].content.constant


def _rule(trace: Trace, name: str, tensor: torch.Tensor, names: dict[Any, str]) -> Rule:
    """Return the rule of a parameter or buffer; `names` has those of the draws that were met, and gets more."""
    if _one_value(trace, tensor) is None and (values := trace.values(tensor)) is not None:
        return Rule.named(name, _scheme_of(values))
    pieces = trace.pieces(tensor)
    if pieces is None:
        raise InexpressibleError(_nothing(trace, tensor))
    found = [(piece, _draw(trace, tensor, piece)) for piece in pieces]
    if tensor.dtype not in FLOATS:
        raise InexpressibleError(f"it is drawn in {tensor.dtype}, for which there is no kernel: make it a float")
    draw, padding_row = _with_padding(tensor, found)
    tied_to = names.setdefault(_place(tensor), name)
    if tied_to == name and not isinstance(draw.scheme, Constant):
        tied_to = names.setdefault((*_numbers(draw), tensor.shape, order_of(tensor)), name)
    return Rule.named(name, draw.scheme, padding_row=padding_row, tied_to=None if tied_to == name else tied_to)


def _nothing(trace: Trace, tensor: torch.Tensor) -> str:
    cell = trace.cell(tensor)
    faults = [] if cell is None else [p.content for p in cell.pieces if isinstance(p.content, Fault)]
    return _sentence(faults[0]) if faults else f"{NEVER}: no operation on it was seen"


def _sentence(fault: Fault) -> str:
    if fault.operation == NEVER:
        return f"{NEVER} since it was allocated at {fault.where}"
    return f"{fault.operation} at {fault.where} has no scheme"


def _draw(trace: Trace, tensor: torch.Tensor, piece: Piece) -> Draw:
    """Return what is in a piece of a tensor as a draw."""
    content = piece.content
    if isinstance(content, Fault):
        raise InexpressibleError(_sentence(content))
    if isinstance(content, Draw):
        return content
    flat = torch.as_strided(tensor.detach(), (piece.stop - piece.start,), (1,), tensor.storage_offset() + piece.start)
    values = trace.values(flat)
    if values is None:
        raise InexpressibleError(f"{NEVER} in a part")
    return Draw(_scheme_of(values), object())


def _with_padding(tensor: torch.Tensor, found: list[tuple[Piece, Draw]]) -> tuple[Draw, int | None]:
    """Return the draw of a tensor, and its row of zeros if it has one."""
    if len(found) == 1:
        draw = found[0][1]
        if draw.shape not in (None, tuple(tensor.shape)) and not _same_matrix(draw, tensor):
            raise InexpressibleError(f"{draw.scheme} was drawn as a view of shape {draw.shape}")
        return draw, None
    zeros, others = [], []
    for piece, draw in found:
        rows = rows_of(tuple(tensor.shape), piece)
        if draw.constant == 0 and rows is not None and rows[1] - rows[0] == 1:
            zeros.append(rows[0])
        else:
            others.append(replace(draw, first=draw.first - piece.start))  # as if from the tensor's first element on
    if len({draw.origin for draw in others}) < len(set(map(_numbers, others))):
        raise InexpressibleError("its parts repeat a draw")
    same = bool(others) and all(draw.scheme == others[0].scheme for draw in others)
    if len(zeros) == 1 and same and isinstance(others[0].scheme, Distribution) and tensor.is_contiguous():
        one = len(set(map(_numbers, others))) == 1
        return others[0] if one else Draw(others[0].scheme, object()), zeros[0]
    raise InexpressibleError("its parts are drawn by several schemes")


def _numbers(draw: Draw) -> Any:
    """What draws have in common whose elements at one place are increasing functions of one number."""
    return draw.origin, draw.first, draw.falling


def _same_matrix(draw: Draw, tensor: torch.Tensor) -> bool:
    """Whether a tensor holds the orthogonal matrix that was drawn: its axes after the first count as one."""
    same = draw.shape is not None and draw.shape[:1] == tensor.shape[:1]
    return same and isinstance(draw.scheme, Orthogonal) and tensor.is_contiguous()


def _scheme_of(values: torch.Tensor) -> Scheme:
    """Return the scheme of known values."""
    if not values.numel():
        return zeros()
    if not bool((values != values.flatten()[0]).any()):
        return Constant(float(values.flatten()[0]))
    array = values.detach().to(torch.float32 if values.element_size() < 4 else values.dtype).numpy()
    try:
        return Literal.of(array)
    except ValueError as error:
        raise InexpressibleError(f"its values are known, but too many for a recipe: {error}") from None
