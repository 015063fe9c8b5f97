"""Operations of a run on the meta device, done again on the CPU with the values of what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_map_only

from .recording_cells import KNOWN, Cell

__all__ = ["meta_of", "shadow_of", "tensors_in", "twin_cell", "wants_cpu"]

CPU = torch.device("cpu")


def tensors_in(*values: Any) -> list[torch.Tensor]:
    """Return the strided tensors in arguments or results, in order."""
    leaves = tree_flatten(values)[0]
    return [leaf for leaf in leaves if isinstance(leaf, torch.Tensor) and leaf.layout is torch.strided]


def wants_cpu(kwargs: dict[str, Any]) -> bool:
    """Whether a call asks for its result on the CPU."""
    device = kwargs.get("device")
    return device is not None and torch.device(device).type == "cpu"


def shadow_of(
    func: Any, args: Any, kwargs: dict[str, Any], values: Callable[[torch.Tensor], torch.Tensor | None]
) -> Callable[[], Any] | None:
    """Return a function that makes the call on the values of its tensors, None if one has none."""
    twins = {id(tensor): values(tensor) for tensor in tensors_in(args, kwargs)}
    if any(twin is None for twin in twins.values()):
        return None
    real_args, real_kwargs = tree_map_only(torch.Tensor, lambda t: twins.get(id(t), t), (args, kwargs))
    if "device" in real_kwargs:
        real_kwargs = {**real_kwargs, "device": CPU}
    return lambda: func(*real_args, **real_kwargs)


def twin_cell(tensor: torch.Tensor, values: torch.Tensor) -> Cell:
    """Return the cell of a new meta tensor whose values are these."""
    cell = Cell(tensor, KNOWN)
    cell.twin = torch.zeros(cell.size, dtype=tensor.dtype, device=CPU)
    cell.twin.as_strided(tensor.shape, tensor.stride(), tensor.storage_offset()).copy_(values)
    return cell


def meta_of(values: Any) -> Any:
    """Return results on the meta device in the place of those on the CPU; what is no tensor stays."""
    return tree_map_only(
        torch.Tensor,
        lambda t: torch.empty_strided(t.shape, t.stride(), dtype=t.dtype, device="meta"),
        values,
    )
