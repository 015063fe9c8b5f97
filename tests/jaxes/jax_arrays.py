"""fast_init.jax.array on eight devices: the bits of NumPy's array, drawn once, in place."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from jax.sharding import PartitionSpec, SingleDeviceSharding

import fast_init as fi
import fast_init.jax
from fast_init.jax.shards import array_of
from fast_init.sampling.destinations import Array
from support.jax_meshes import SHARDINGS, bits, on

SCHEMES = [fi.from_jax("he_normal"), fi.uniform(), fi.orthogonal(), fi.eye()]
DTYPES = [np.dtype(np.float32), np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16)]
SHAPE = 16, 24


class Spy:
    """A tensor that keeps what is drawn of it."""

    def __init__(self, shape: tuple[int, ...], *, in_ranges: bool = True) -> None:
        self.shape, self.dtype, self.in_ranges = shape, np.dtype(np.float32), in_ranges
        self.blocks: list[Array] = []

    def fill_block_(self, array: Array, offset: tuple[int, ...], threads: int | None) -> Array:  # noqa: ARG002
        array[...] = sum(offset)
        self.blocks.append(array)
        return array

    @property
    def work(self) -> float:
        """Elements drawn for each of the tensor."""
        return sum(block.size for block in self.blocks) / np.prod(self.shape)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.kind)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("sizes", "axes"), SHARDINGS, ids=str)
def test_the_bits_are_those_of_numpy(scheme: Any, dtype: Any, sizes: Any, axes: Any) -> None:
    w = fast_init.jax.array(SHAPE, dtype, scheme, seed=42, name="w", sharding=on(sizes, *axes))
    assert (bits(w) == bits(scheme.new(SHAPE, dtype, seed=42, name="w"))).all()
    assert w.sharding == on(sizes, *axes)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (24,), (8, 2, 16), (2, 2, 2, 8)], ids=str)
def test_any_number_of_axes(shape: tuple[int, ...]) -> None:
    whole = [None, SingleDeviceSharding(jax.devices()[3]), on((8,))]
    for place in [*whole, on((8,), "x")] if shape[:1] in [(24,), (8,)] else whole:
        w = fast_init.jax.array(shape, "float32", fi.normal(), seed=42, name="w", sharding=place)
        assert w.shape == shape
        assert (bits(w) == bits(fi.normal_(np.empty(shape, np.float32), seed=42, name="w", on_empty="ignore"))).all()


@pytest.mark.parametrize(("sizes", "axes"), SHARDINGS, ids=str)
def test_each_element_is_drawn_once_for_all_replicas(sizes: Any, axes: Any) -> None:
    spy = Spy(SHAPE)
    array_of(spy, on(sizes, *axes), 1)
    assert spy.work == 1


@pytest.mark.parametrize(("sizes", "axes"), SHARDINGS, ids=str)
def test_what_is_made_whole_is_made_once(sizes: Any, axes: Any) -> None:
    """A block of an orthogonal matrix costs the matrix."""
    spy = Spy(SHAPE, in_ranges=False)
    array_of(spy, on(sizes, *axes), 1)
    assert [block.shape for block in spy.blocks] == [SHAPE]


@pytest.mark.parametrize(("sizes", "axes"), [*SHARDINGS, (None, None)], ids=str)
def test_jax_keeps_the_memory_that_was_filled(sizes: Any, axes: Any) -> None:
    """A second copy halves the rate and doubles the memory."""
    spy = Spy((1024, 512))
    w = array_of(spy, None if sizes is None else on(sizes, *axes), 1)
    drawn = {block.ctypes.data for block in spy.blocks}
    assert {shard.data.unsafe_buffer_pointer() for shard in w.addressable_shards} == drawn


def test_donating_a_weight_leaves_its_replicas_alone() -> None:
    """They share memory: what XLA wrote over one would change all."""
    w = fast_init.jax.array(SHAPE, "float32", fi.normal(), seed=42, name="w", sharding=on((8,)))
    expected = fi.normal().new(SHAPE, seed=42, name="w") + 1
    moved = jax.jit(lambda x: x + 1, donate_argnums=0)(w)
    assert all((np.asarray(shard.data) == expected).all() for shard in moved.addressable_shards)


def test_without_a_sharding_it_is_uncommitted() -> None:
    """As of jnp.zeros: a committed array could not meet those on a mesh."""
    w = fast_init.jax.array(SHAPE, "float32", fi.normal(), seed=42, name="w")
    assert not w.committed
    assert (w + jax.device_put(jnp.ones(SHAPE), on((8,), "x"))).shape == SHAPE


def test_a_partition_spec_means_the_mesh_that_is_set() -> None:
    with jax.set_mesh(on((2, 4)).mesh):
        w = fast_init.jax.array(SHAPE, "float32", fi.normal(), seed=42, name="w", sharding=PartitionSpec("y"))
    assert w.sharding == on((2, 4), "y")
    with pytest.raises(ValueError, match=r"names the axes of no mesh here; .*: call inside jax.set_mesh\(mesh\)"):
        fast_init.jax.array(SHAPE, "float32", fi.normal(), seed=42, name="w", sharding=PartitionSpec("y"))


def test_seeds_that_are_none_in_one_of_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would draw from a key of its own, and replicas would differ."""
    monkeypatch.setattr(jax, "process_count", lambda: 2)
    with pytest.raises(ValueError, match="seed is None in one of 2 processes; all must draw from one key"):
        fast_init.jax.array(SHAPE, "float32", fi.normal(), seed=None, name="w")


def test_what_is_refused() -> None:
    def make(dtype: Any = "float32", scheme: Any = SCHEMES[0], name: Any = "w", sharding: Any = None) -> Any:
        return fast_init.jax.array(SHAPE, dtype, scheme, seed=42, name=name, sharding=sharding)

    with pytest.raises(ValueError, match=r"dtype is float64; JAX holds it only with x64: pass float32, or call"):
        make("float64")
    with pytest.raises(TypeError, match="array has dtype int32; only float32"):
        make("int32")
    with pytest.raises(TypeError, match="scheme is 'he_normal'; it must be a record"):
        make(scheme="he_normal")
    with pytest.raises(TypeError, match="name is 3; it must be a str"):
        make(name=3)
    with pytest.raises(TypeError, match=r"sharding is 'x'; it must be a jax.sharding.Sharding"):
        make(sharding="x")
    with pytest.raises(
        ValueError, match=r"for shape \(16, 24\); the mesh must divide the shape's own axes evenly: pass"
    ):
        make(sharding=on((8,), None, None, "x"))


def test_what_is_refused_draws_nothing_from_a_generator() -> None:
    generator, other = np.random.default_rng(1), np.random.default_rng(1)
    with pytest.raises(TypeError):
        fast_init.jax.array(SHAPE, "int32", fi.normal(), seed=generator, name="w")
    assert generator.integers(1 << 30) == other.integers(1 << 30)
