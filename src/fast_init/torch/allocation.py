"""Memory for tensors that have none yet: on a device, of a dtype, with everything else as it was."""

from __future__ import annotations

from typing import Any

import torch

from .placements import is_dtensor

__all__ = ["allocated"]


def allocated(tensor: Any, device: Any = None, dtype: torch.dtype | None = None) -> torch.Tensor:
    """Return a tensor like this one that has memory, which nothing has written; the tensor itself if it will do.

    By default a tensor on the meta device gets memory on the CPU, or on the device of its mesh. Shape, strides, class,
    placements, requires_grad and attributes stay; `dtype` replaces that of a floating tensor.
    """
    if device is None:
        device = tensor.device
        if tensor.is_meta:
            device = tensor.device_mesh.device_type if is_dtensor(tensor) else "cpu"
    device = torch.device(device)
    dtype = dtype if dtype is not None and tensor.is_floating_point() else tensor.dtype
    here = device.type == tensor.device.type and device.index in (None, tensor.device.index)
    if here and dtype == tensor.dtype:
        return tensor
    like = _local_like if is_dtensor(tensor) else torch.empty_like
    with torch.no_grad():
        new = like(tensor, device=device, dtype=dtype)
    if isinstance(tensor, torch.nn.Parameter):
        new = _parameter(new, tensor)
    vars(new).update({key: value for key, value in vars(tensor).items() if key not in vars(new)})
    return new


def _local_like(tensor: Any, device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    """Return the DTensor whose local part is like that of this one; nothing is communicated."""
    local = torch.empty_like(tensor.to_local(), device=device, dtype=dtype)
    return type(tensor).from_local(
        local, tensor.device_mesh, tensor.placements, run_check=False, shape=tensor.shape, stride=tensor.stride()
    )


def _parameter(new: torch.Tensor, old: Any) -> torch.Tensor:
    if is_dtensor(old) or type(old) is torch.nn.Parameter:
        return torch.nn.Parameter(new, requires_grad=old.requires_grad)
    return torch.Tensor._make_subclass(type(old), new, old.requires_grad)
