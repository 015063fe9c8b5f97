"""What a caller may say of where an array lies, as a sharding over devices."""

from __future__ import annotations

from typing import Any

import jax

from ..sampling.shown import shown

__all__ = ["sharding_of"]


def sharding_of(given: Any, shape: tuple[int, ...], what: str = "sharding") -> Any:
    """Return a sharding of this shape over devices, or None for JAX's default device.

    A PartitionSpec, or the sharding of an abstract mesh, means the mesh that `jax.set_mesh` has set. ValueError if none
    is set or the shape cannot be split so, TypeError for what says no place.
    """
    sharding = _over_devices(given, what)
    if sharding is not None:
        try:
            sharding.shard_shape(shape)
        except (ValueError, IndexError) as error:  # of too many entries JAX says the latter
            raise ValueError(
                f"{what} is {shown(given)} for shape {shape}; the mesh must divide the shape's own axes evenly: pass "
                "another PartitionSpec"
            ) from error
    return sharding


def _over_devices(given: Any, what: str) -> Any:
    if isinstance(given, jax.sharding.NamedSharding) and isinstance(given.mesh, jax.sharding.AbstractMesh):
        return _on_the_mesh(given.spec, what)
    if isinstance(given, jax.sharding.PartitionSpec):
        return _on_the_mesh(given, what)
    if given is None or isinstance(given, jax.sharding.Sharding):
        return given
    raise TypeError(
        f"{what} is {shown(given)}; it must be a jax.sharding.Sharding, a PartitionSpec or None: pass one, such as "
        "NamedSharding(mesh, PartitionSpec('x'))"
    )


def _on_the_mesh(spec: Any, what: str) -> Any:
    mesh = jax.sharding.get_mesh()
    if mesh.empty:
        raise ValueError(
            f"{what} is {shown(spec)}, which names the axes of no mesh here; devices must be known: call inside "
            "jax.set_mesh(mesh), or pass NamedSharding(mesh, spec)"
        )
    return jax.sharding.NamedSharding(mesh, spec)
