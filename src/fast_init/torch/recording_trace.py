"""The contents of all storages while a constructor runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from ..schemes.distributions import Constant
from .recording_cells import KNOWN, LIMIT, NEVER, Cell, Content, Draw, Fault, Piece, reach_of, span_of
from .shadows import meta_of, shadow_of, tensors_in, twin_cell, wants_cpu

__all__ = ["Trace", "caller"]

LIBRARY = str(Path(torch.__file__).parent), str(Path(__file__).parent)  # whose frames are nobody's fault


def caller() -> str:
    """Return file and line of the innermost frame outside of torch and this package."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith((*LIBRARY, "<")):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


class Trace:
    """What was done to each storage. A real tensor has a cell only if something was drawn in it."""

    def __init__(self) -> None:
        self.cells: dict[int, Cell] = {}

    def cell(self, tensor: torch.Tensor) -> Cell | None:
        """Return the cell of a tensor's storage."""
        return self.cells.get(tensor.untyped_storage()._cdata)

    def enter(self, tensor: torch.Tensor, cell: Cell) -> None:
        """Note a new storage."""
        self.cells[tensor.untyped_storage()._cdata] = cell

    def values(self, tensor: torch.Tensor, to_write: bool = False) -> torch.Tensor | None:
        """Return the values of a tensor, None if they are not known: see `Cell.values_of`."""
        cell = self.cell(tensor)
        if cell is None:
            return None if tensor.is_meta else tensor
        return cell.values_of(tensor, to_write)

    def pieces(self, tensor: torch.Tensor) -> list[Piece] | None:
        """Return what is in a tensor, counted from its first element; None if it is no block of memory."""
        cell, span = self.cell(tensor), span_of(tensor)
        if cell is None or span is None or tensor.dtype != cell.dtype:
            return None
        return [Piece(a - span[0], b - span[0], content) for a, b, content in cell.within(*span)]

    def put(self, tensor: torch.Tensor, content: Content, operation: str) -> None:
        """Note what was written to all of a tensor."""
        cell, span = self.cell(tensor), span_of(tensor)
        if cell is None:
            self.enter(tensor, cell := Cell(tensor, Fault(NEVER, caller())))
        if tensor.dtype != cell.dtype:
            cell.put(0, cell.size, Fault(f"{operation} of a view as {tensor.dtype}", caller()))
        elif span is not None:
            cell.put(*span, content)
        elif isinstance(content, Draw) and (
            content.constant is not None and (values := cell.values_of(tensor, to_write=True)) is not None
        ):
            values.fill_(content.constant)
        else:
            words = "" if isinstance(content, Fault) else " of a part that is no block"
            cell.put(*reach_of(tensor), Fault(operation + words, caller()))

    def put_pieces(self, tensor: torch.Tensor, pieces: list[Piece], change: Callable[[Content], Content]) -> bool:
        """Note pieces that begin with a tensor's first element, each changed; whether the tensor can hold them."""
        span = span_of(tensor)
        if span is None:
            return False
        if self.cell(tensor) is None:
            self.put(tensor, Fault(NEVER, caller()), "")
        cell = self.cell(tensor)
        if cell is None or cell.dtype != tensor.dtype or any(piece.content is KNOWN for piece in pieces):
            return False
        for start, stop, content in pieces:
            cell.put(span[0] + start, span[0] + stop, change(content))
        return True

    def write_values(self, tensor: torch.Tensor, values: torch.Tensor, operation: str) -> None:
        """Note that a tensor now has these values, which may have to be broadcast."""
        if values.numel() == 1 and not values.is_complex():
            self.put(tensor, Draw(Constant(float(values.item())), object()), operation)
            return
        cell = self.cell(tensor)
        if span_of(tensor) is not None and (cell is None or cell.dtype == tensor.dtype):
            self.put(tensor, Fault(NEVER, caller()), operation)
        destination = self.values(tensor, to_write=True)
        if destination is None:
            self.put(tensor, Fault(f"{operation} of more than {LIMIT >> 20} MiB, or onto a draw", caller()), operation)
        else:
            destination.copy_(values)

    def run(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Make a call that no table knows, on known values too where all are, and note its results."""
        inputs = tensors_in(args, kwargs)
        random = torch.Tag.nondeterministic_seeded in func.tags
        if not random and not any(tensor.is_meta or self.cell(tensor) for tensor in inputs):
            result = func(*args, **kwargs)
            outputs = [tensor for tensor in tensors_in(result) if tensor.is_meta]
            if not outputs:
                return result
            shadow = shadow_of(func, args, kwargs, self.values)
        else:
            shadow = None if random else shadow_of(func, args, kwargs, self.values)
            try:
                result = func(*args, **kwargs)
            except (NotImplementedError, RuntimeError):  # no such operation on meta, or it asks for a value
                if shadow is None:
                    raise
                return self._by_values(shadow(), wants_cpu(kwargs), inputs)
        self._note(func, args, result, shadow)
        return result

    def _by_values(self, values: Any, on_cpu: bool, inputs: list[torch.Tensor]) -> Any:
        if on_cpu or not tensors_in(values):
            return values
        if isinstance(values, torch.Tensor) and any(values is tensor for tensor in inputs):
            return values
        result = meta_of(values)
        for tensor, twin in zip(tensors_in(result), tensors_in(values), strict=True):
            self.enter(tensor, twin_cell(tensor, twin))
        return result

    def _note(self, func: Any, args: Any, result: Any, shadow: Any) -> None:
        outputs = tensors_in(result)
        written = [
            tensor
            for value, spec in zip(args, func._schema.arguments, strict=False)
            if spec.alias_info is not None and spec.alias_info.is_write
            for tensor in tensors_in(value)
        ]
        seen = {tensor.untyped_storage()._cdata for tensor in tensors_in(args)}
        fresh = [tensor for tensor in outputs if tensor.untyped_storage()._cdata not in seen]
        if not written and not fresh:
            return
        if shadow is not None and sum(tensor.nbytes for tensor in fresh) <= LIMIT:
            values = tensors_in(shadow())
            for tensor, twin in zip(outputs, values, strict=True):
                if any(tensor is new for new in fresh):
                    self.enter(tensor, twin_cell(tensor, twin))
            return
        for tensor in (*written, *fresh):
            self.put(tensor, Fault(str(func._schema.name).partition("::")[2], caller()), str(func))
