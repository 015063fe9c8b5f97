"""Orbax reads a checkpoint into sharded arrays, unchanged, with the bits that NumPy arrays get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from orbax.checkpoint import v1 as ocp

from support.checkpoint_files import in_memory, write
from support.jax_meshes import bits, on

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

SIZES = 2, 4


def place_of(shape: tuple[int, ...]) -> Any:
    """Split the axes that the mesh's own divide."""
    axes = [axis if n and n % size == 0 else None for n, axis, size in zip(shape, "xy", SIZES, strict=False)]
    return on(SIZES, *axes)


@pytest.mark.parametrize("size", ["1MB", "1GB"])
def test_its_safetensors_reader(size: str, tmp_path: Path) -> None:
    write(tmp_path, max_shard_size=size)
    expected = in_memory(5)
    wanted = {n: jax.ShapeDtypeStruct(a.shape, a.dtype, sharding=place_of(a.shape)) for n, a in expected.items()}
    context = ocp.Context()
    context.checkpoint_layout = ocp.options.CheckpointLayout.SAFETENSORS
    with context:
        found = ocp.load(tmp_path, wanted)
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].sharding == wanted[name].sharding
        assert found[name].dtype == array.dtype
        assert np.array_equal(bits(found[name]), bits(array))
    assert len({str(shard.index) for shard in found["embed.weight"].addressable_shards}) == 8
