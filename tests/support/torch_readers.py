"""What a rank reads of a checkpoint by torch.distributed.checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torch.distributed.checkpoint as dcp
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor

from support.draws import Array
from support.torch_draws import bits_of

__all__ = ["read_into_dtensors"]


def read_into_dtensors(folder: Path, mesh_shape: tuple[int, ...], tensors: dict[str, Any]) -> dict[str, Array]:
    """Read tensors, given as shape and dtype, into DTensors split by each axis of the mesh; return their bits."""
    mesh = init_device_mesh("cpu", mesh_shape)
    state = {}
    for name, (shape, dtype) in tensors.items():
        places = [Shard(axis) if axis < len(shape) else Replicate() for axis in range(len(mesh_shape))]
        state[name] = distribute_tensor(torch.zeros(shape, dtype=getattr(torch, dtype)), mesh, places)
    dcp.load(state, storage_reader=dcp.HuggingFaceStorageReader(str(folder)))
    return {name: bits_of(tensor.full_tensor()) for name, tensor in state.items()}
