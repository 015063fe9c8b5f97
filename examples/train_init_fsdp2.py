"""Start a small transformer with the same weights on one process and on four, and train it for a few steps.

python examples/train_init_fsdp2.py
torchrun --nproc-per-node 4 examples/train_init_fsdp2.py
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

import fast_init.torch

LAYERS, WIDTH, HEADS, VOCABULARY, SEED, STEPS = 2, 64, 4, 1000, 42, 3


def make() -> Any:
    """Return the model, initialised as its own code says."""
    layers = [nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, 0.0, batch_first=True) for _ in range(LAYERS)]
    return nn.Sequential(nn.Embedding(VOCABULARY, WIDTH), *layers, nn.Linear(WIDTH, VOCABULARY))


def digest(model: Any) -> str:
    """Return a hash of all weights, gathered."""
    found = hashlib.sha256()
    for parameter in model.parameters():
        whole = parameter.full_tensor() if hasattr(parameter, "full_tensor") else parameter
        found.update(whole.detach().numpy().tobytes())
    return found.hexdigest()[:16]


ranks = int(os.environ.get("WORLD_SIZE", "1"))
if ranks > 1:
    dist.init_process_group("gloo")

recipe = fast_init.torch.record(make)  # what the model's own code does, found without memory
with torch.device("meta"):
    model = make()
if ranks > 1:
    for layer in model:
        fully_shard(layer)
    fully_shard(model)
fast_init.torch.materialize_(model, seed=SEED, recipe=recipe)  # each process draws its own part

start = digest(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(STEPS):
    tokens = torch.arange(8 * 16).reshape(8, 16) % VOCABULARY  # the same on each process
    loss = nn.functional.cross_entropy(model(tokens).flatten(0, 1), tokens.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
if ranks == 1 or dist.get_rank() == 0:
    print(f"weights {start} on {ranks} processes, loss {float(loss.detach()):.4f}")
if ranks > 1:
    dist.destroy_process_group()
