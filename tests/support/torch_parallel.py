"""A small language model, sharded as one does for training, and what a rank finds when it is materialised."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor.debug import CommDebugMode
from torch.distributed.tensor.parallel import ColwiseParallel, RowwiseParallel, parallelize_module

import fast_init as fi
from support.draws import Array
from support.torch_draws import bits_of

__all__ = ["WAYS", "Found", "Model", "bits_by_name", "materialize_sharded"]

WAYS = [  # world size, the mesh's shape and axes, whether fully_shard is used
    (1, (1,), ("dp",)),
    (2, (2,), ("dp",)),
    (3, (3,), ("dp",)),
    (4, (4,), ("dp",)),
    (4, (2, 2), ("replicas", "dp")),
    (2, (2,), ("tp",)),
    (4, (4,), ("tp",)),
    (4, (2, 2), ("dp", "tp")),
]


class Block(nn.Module):  # type: ignore[misc]
    """A residual block, the sizes of which are cut evenly by nobody."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width, bias=False)
        nn.init.normal_(self.down.weight, 0.0, 0.02)
        self.register_buffer("scale", torch.arange(3.0) + 1, persistent=False)

    def forward(self, x: Any) -> Any:
        return x + self.down(nn.functional.gelu(self.up(self.norm(x)))) * self.scale.sum()


class Model(nn.Module):  # type: ignore[misc]
    """Embedding, two blocks, and a head that is tied to the embedding."""

    def __init__(self, width: int = 12, hidden: int = 20) -> None:
        super().__init__()
        self.embed = nn.Embedding(13, width)
        self.blocks = nn.ModuleList([Block(width, hidden) for _ in range(2)])
        self.head = nn.Linear(width, 13, bias=False)
        self.head.weight = self.embed.weight
        self.register_buffer("steps", torch.tensor(3))

    def forward(self, tokens: Any) -> Any:
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


class Found(NamedTuple):
    """What one rank found."""

    collectives: int  # while the model was materialised
    tensors: dict[str, Array]  # bits of the gathered tensors
    tied: bool
    loss: float  # of a forward and backward pass afterwards


def bits_by_name(model: Any) -> dict[str, Array]:
    """Return the bits of a model's parameters and buffers, gathered."""
    named = [*model.named_parameters(remove_duplicate=False), *model.named_buffers()]
    whole = {name: x.full_tensor() if hasattr(x, "full_tensor") else x for name, x in named}
    return {name: bits_of(x) for name, x in whole.items()}


def _shard(model: Any, mesh: Any, axes: tuple[str, ...]) -> None:
    if "tp" in axes:
        for block in model.blocks:
            parallelize_module(block, mesh["tp"], {"up": ColwiseParallel(), "down": RowwiseParallel()})
    if axes != ("tp",):
        dp = mesh["dp"] if "tp" in axes else mesh
        for block in model.blocks:
            fully_shard(block, mesh=dp)
        fully_shard(model, mesh=dp)


def materialize_sharded(shape: tuple[int, ...], axes: tuple[str, ...]) -> Found:
    """Shard the model on the meta device, materialise it, gather it, and train it for a step."""
    recipe = fi.torch.record(Model)
    with torch.device("meta"):
        model: Any = Model()
    _shard(model, init_device_mesh("cpu", shape, mesh_dim_names=axes), axes)
    with CommDebugMode() as communication:
        fi.torch.materialize_(model, seed=42, recipe=recipe)
    tensors = bits_by_name(model)
    logits = model(torch.arange(10).reshape(2, 5))
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.arange(10) % 7)
    loss.backward()
    assert all(p.grad is not None for p in model.parameters())
    return Found(
        communication.get_total_counts(), tensors, model.head.weight is model.embed.weight, float(loss.detach())
    )
