"""What a caller may say of where an array lies, as a sharding over devices."""

from __future__ import annotations

from typing import Any

import jax

from ..sampling.shown import shown

__all__ = ["sharding_of"]


def sharding_of(given: Any) -> Any:
    """Return a sharding over devices, or None for JAX's default device.

    A PartitionSpec, or the sharding of an abstract mesh, means the mesh that `jax.set_mesh` has set. ValueError if none
    is set, TypeError for what says no place.
    """
    if isinstance(given, jax.sharding.NamedSharding) and isinstance(given.mesh, jax.sharding.AbstractMesh):
        return _on_the_mesh(given.spec)
    if isinstance(given, jax.sharding.PartitionSpec):
        return _on_the_mesh(given)
    if given is None or isinstance(given, jax.sharding.Sharding):
        return given
    raise TypeError(
        f"sharding is {shown(given)}; it must be a jax.sharding.Sharding, a PartitionSpec or None: pass one, such as "
        "NamedSharding(mesh, PartitionSpec('x'))"
    )


def _on_the_mesh(spec: Any) -> Any:
    mesh = jax.sharding.get_mesh()
    if mesh.empty:
        raise ValueError(
            f"sharding is {shown(spec)}, which names the axes of no mesh here; devices must be known: call inside "
            "jax.set_mesh(mesh), or pass NamedSharding(mesh, spec)"
        )
    return jax.sharding.NamedSharding(mesh, spec)
