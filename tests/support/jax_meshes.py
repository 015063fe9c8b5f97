"""Eight devices of the CPU, as meshes, and arrays on them."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from support.draws import Array

__all__ = ["SHARDINGS", "bits", "on"]

SPECS: dict[tuple[int, ...], list[tuple[Any, ...]]] = {
    (8,): [("x",), (), (None, "x")],
    (2, 4): [("x", "y"), ("y",), (None, "x"), (("y", "x"),)],
    (4, 2): [("x", "y"), (None, ("x", "y"))],
}


def on(sizes: tuple[int, ...], *axes: Any) -> Any:
    """Return the sharding over a mesh of these sizes that splits axis 0 by the first of axes, and so on."""
    devices = np.array(jax.devices()).reshape(sizes)
    return NamedSharding(Mesh(devices, ("x", "y")[: len(sizes)]), PartitionSpec(*axes))


SHARDINGS = [(sizes, axes) for sizes, specs in SPECS.items() for axes in specs]


def bits(array: Any) -> Array:
    """Return the bits of an array, on whatever devices, as integers."""
    host = np.asarray(array)
    return host.view(f"u{host.itemsize}")
