"""One recipe and one seed in one framework, written as integers: `python -m support.same_bits <framework> <folder>`.

A process of several writes the shards that it holds. Files are <tensor>.<number>.npy with the place in their names.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

import fast_init as fi
from support.draws import Array

__all__ = ["DTYPES", "FRAMEWORKS", "RECIPE", "SEED", "SHAPES", "arrays_in"]

SEED = 42
SHAPES = {"dense/kernel": (16, 32), "dense/bias": (32,), "fused/kernel": (24, 16), "square/kernel": (16, 16)}
DTYPES: dict[str, Any] = {"float32": np.float32, "bfloat16": ml_dtypes.bfloat16}
RECIPE = fi.Recipe(
    [
        ("*/bias", fi.uniform()),
        fi.Rule("fused/*", fi.he_normal(), parts=[("q", 8), ("kv", -1)], padding_row=3),
        ("square/*", fi.orthogonal()),
        ("*", fi.from_keras("he_normal")),
    ]
)
Shard = tuple[str, str, tuple[int, ...], Array]  # dtype, name, offset, values


def in_numpy() -> Iterable[Shard]:
    """Arrays, as the others must be."""
    for dtype, held in DTYPES.items():
        arrays = {name: np.empty(shape, held) for name, shape in SHAPES.items()}
        RECIPE.init_(arrays, seed=SEED)
        for name, array in arrays.items():
            yield dtype, name, (0,) * array.ndim, array


def in_torch() -> Iterable[Shard]:
    """A module; with several ranks of gloo its parameters are DTensors, split in the two ways."""
    import torch
    from torch import distributed
    from torch.distributed.tensor import DTensor, Replicate, distribute_tensor
    from torch.distributed.tensor import Shard as Split

    import fast_init.torch

    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1:
        distributed.init_process_group("gloo", init_method=os.environ["STORE"], rank=rank(), world_size=world)
    for dtype in DTYPES:
        module = torch.nn.Module()
        for k, (name, shape) in enumerate(SHAPES.items()):
            value = torch.zeros(shape, dtype=getattr(torch, dtype))
            if world > 1:
                mesh = torch.distributed.init_device_mesh("cpu", (2, 2))
                value = distribute_tensor(
                    value, mesh, [Split(0), Split(1) if len(shape) > 1 and k % 2 else Replicate()]
                )
            module.register_parameter(name, torch.nn.Parameter(value))
        fast_init.torch.init_(module, seed=SEED, recipe=RECIPE)
        for name, parameter in module.named_parameters():
            whole = parameter.full_tensor() if isinstance(parameter, DTensor) else parameter
            words = whole.detach().contiguous().view(torch.uint16 if dtype == "bfloat16" else torch.uint32)
            yield dtype, name, (0,) * whole.ndim, words.numpy()
    if world > 1:
        distributed.destroy_process_group()


def in_jax() -> Iterable[Shard]:
    """A pytree, on one device and on three meshes, or on the mesh of two processes."""
    import fast_init.jax

    for places in on_meshes():
        for dtype in DTYPES:
            made = fast_init.jax.init(structs(dtype, places), RECIPE, seed=SEED, shardings=places)
            yield from shards_of(dtype, made)


def in_orbax() -> Iterable[Shard]:
    """Checkpoints that the first process writes and Orbax reads, each process its shards."""
    from jax.experimental.multihost_utils import sync_global_devices
    from orbax.checkpoint import v1 as ocp

    context = ocp.Context()
    context.checkpoint_layout = ocp.options.CheckpointLayout.SAFETENSORS
    folder = Path(os.environ["CHECKPOINT"])
    for k, places in enumerate(on_meshes()):
        for dtype in DTYPES:
            if k == rank() == 0:
                fi.write_checkpoint(folder / dtype, {n: (s, dtype) for n, s in SHAPES.items()}, RECIPE, seed=SEED)
            sync_global_devices(f"{dtype} is written")
            with context:
                yield from shards_of(dtype, ocp.load(folder / dtype, structs(dtype, places)))


def on_meshes() -> Iterable[dict[str, Any]]:
    """Where each weight is: on the one device, or on three meshes of the eight devices of all processes."""
    import jax
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    if "COORDINATOR" in os.environ:
        jax.distributed.initialize(os.environ["COORDINATOR"], 2, rank())
    devices = np.array(jax.devices())
    for size in [(1, 8), (2, 4), (4, 2)] if len(devices) > 1 else [(1, 1)]:
        mesh = Mesh(devices.reshape(size), ("x", "y"))
        yield {name: NamedSharding(mesh, PartitionSpec(*("x", "y")[: len(s)])) for name, s in SHAPES.items()}


def structs(dtype: str, places: dict[str, Any]) -> dict[str, Any]:
    """The weights without memory."""
    import jax

    return {name: jax.ShapeDtypeStruct(shape, dtype, sharding=places[name]) for name, shape in SHAPES.items()}


def shards_of(dtype: str, arrays: dict[str, Any]) -> Iterable[Shard]:
    """What this process holds of arrays of JAX."""
    for name, array in arrays.items():
        for shard in array.addressable_shards:
            yield dtype, name, tuple(part.start or 0 for part in shard.index), np.asarray(shard.data)


def in_keras() -> Iterable[Shard]:
    """A layer that has these weights, on the backend of KERAS_BACKEND."""
    import keras

    import fast_init.keras

    for dtype in DTYPES:
        layers = {path.split("/")[0]: keras.layers.Layer(name=path.split("/")[0], dtype=dtype) for path in SHAPES}
        for path, shape in SHAPES.items():
            layer, name = path.split("/")
            layers[layer].add_weight(shape=shape, name=name, initializer="zeros")
        for layer in layers.values():
            layer.built = True
            fast_init.keras.init_(layer, RECIPE, seed=SEED)
            for weight in layer.weights:
                yield dtype, weight.path, (0,) * len(weight.shape), np.asarray(keras.ops.convert_to_numpy(weight))


FRAMEWORKS: dict[str, Callable[[], Iterable[Shard]]] = {
    "numpy": in_numpy,
    "torch": in_torch,
    "jax": in_jax,
    "orbax": in_orbax,
    "keras": in_keras,
}


def rank() -> int:
    """Which of several processes this one is."""
    return int(os.environ.get("RANK", "0"))


def write(framework: str, folder: Path) -> None:
    """Write what this process holds, each part under the tensor and the place in it."""
    for k, (dtype, name, offset, values) in enumerate(FRAMEWORKS[framework]()):
        place = "-".join(map(str, offset))
        words = np.ascontiguousarray(values).view(f"u{values.itemsize}")
        np.save(folder / f"{dtype} {name.replace('/', '+')} {place} {rank()} {k}.npy", words)


def arrays_in(folder: Path) -> dict[tuple[str, str], list[tuple[tuple[int, ...], Array]]]:
    """Return what processes wrote: by dtype and name, offsets and bits."""
    found: dict[tuple[str, str], list[tuple[tuple[int, ...], Array]]] = {}
    for path in folder.glob("*.npy"):
        dtype, name, place, *_ = path.stem.split(" ")
        offset = tuple(map(int, place.split("-")))
        found.setdefault((dtype, name.replace("+", "/")), []).append((offset, np.load(path)))
    return found


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]))
