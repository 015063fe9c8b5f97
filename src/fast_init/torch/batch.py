"""Many tensors by one call: those that NumPy can see by its engine, the others one by one."""

from __future__ import annotations

from typing import Any

import torch

from ..recipes.in_memory import init_all
from ..recipes.lazy_tensor import LazyTensor
from ..recipes.progress import Track, tracked
from ..recipes.report import Report, Row, row_of
from ..sampling.destinations import Array
from ..sampling.names import OnEmpty
from ..sampling.where import Where
from .destinations import PLAIN, array_of, check_tensor
from .filling import Draw, fill, increment_version
from .placements import blocks_of, is_dtensor
from .plans import Drawn

__all__ = ["draw_all"]


def draw_all(tensors: list[Drawn], key: int, threads: int | None, progress: bool | Track, on_empty: OnEmpty) -> Report:
    """Draw the tensors; all are checked before the first is written."""
    drawn = [(it.slot.tensor, it.lazy(key)) for it in tensors]
    for tensor, lazy in drawn:
        _check(tensor, lazy)
    arrays = {lazy.name: array_of(tensor) for tensor, lazy in drawn if type(tensor) in PLAIN and tensor.is_cpu}
    rules = {lazy.name: lazy.rule for _, lazy in drawn if lazy.name in arrays}
    total, done = sum(_nbytes(tensor) for tensor, _ in drawn), sum(array.nbytes for array in arrays.values())
    with tracked(progress) as track:
        report = init_all(arrays, rules, key, threads, lambda done, _: track(done, total), on_empty)
        rows: dict[str, Row] = {row.name: row for row in report.rows}
        for tensor, lazy in drawn:
            if lazy.name in arrays:
                increment_version((tensor,))
                continue
            fill(tensor, _drawing(lazy), Where(key, threads=threads, on_empty=on_empty), in_ranges=lazy.in_ranges)
            rows[lazy.name] = row_of(lazy, _seen(tensor))
            done += _nbytes(tensor)
            track(done, total)
    return Report(tuple(rows[lazy.name] for _, lazy in drawn))


def _drawing(lazy: LazyTensor) -> Draw:
    def draw(array: Array, where: Where) -> Array:
        offset: Any = where.offset  # of a block, an int for each axis
        return (
            lazy.fill_whole_(array, where.threads) if offset is None else lazy.fill_block_(array, offset, where.threads)
        )

    return draw


def _check(tensor: torch.Tensor, lazy: LazyTensor) -> None:
    try:
        if is_dtensor(tensor):
            blocks_of(tensor)
        check_tensor(_local(tensor))
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"tensor {lazy.name!r}: {error}") from None


def _local(tensor: Any) -> torch.Tensor:
    """Return the tensor itself, or the part of a DTensor that is here."""
    with torch.no_grad():
        return tensor.to_local() if is_dtensor(tensor) else tensor.detach()


def _nbytes(tensor: torch.Tensor) -> int:
    local = _local(tensor)
    return int(local.numel() * local.element_size())


def _seen(tensor: torch.Tensor) -> Array:
    """Return what of a tensor is measured: what is here of it, or of another device's memory the first elements."""
    local = _local(tensor)
    return array_of(local if local.is_cpu else local.reshape(-1)[: 1 << 14].cpu())
