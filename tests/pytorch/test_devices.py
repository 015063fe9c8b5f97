"""Tensors that the CPU cannot write: drawn in slabs and copied, here into a tensor that stands for a device's."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest
import torch

import fast_init as fi
from fast_init.sampling.where import Where
from fast_init.torch import staging
from fast_init.torch.staging import Box, Buffer, boxes, fill_staged
from support.torch_draws import DTYPES, bits_of

ft = fi.torch
SHAPES = [(), (1,), (1000,), (7, 90), (3, 5, 70), (2, 300), (1, 1, 257), (40, 1, 8), (0, 3)]


class Device:
    """Takes slabs as a device does: late, when the buffer is waited for, and notes them."""

    def __init__(self) -> None:
        self.slabs: list[tuple[Box, int]] = []
        self.memories: set[int] = set()

    def copy(self, target: Any, box: Box, buffer: Buffer) -> None:
        """Promise the copy; the buffer may not be drawn into before it is made."""
        slab = buffer.slab
        self.slabs.append((box, slab.numel()))
        self.memories.add(buffer.memory.data_ptr())

        class Event:
            def synchronize(self) -> None:
                target[box].copy_(slab)

        buffer.copied = Event()


@pytest.fixture
def small_slabs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a slab be 256 bytes."""
    monkeypatch.setattr(staging, "SLAB", 256)


@pytest.mark.usefixtures("small_slabs")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_slabs_make_the_tensor_of_one_call(shape: tuple[int, ...], dtype: Any) -> None:
    device, target = Device(), torch.full(shape, 7, dtype=dtype)
    where = Where(42, "w", on_empty="ignore")
    fill_staged(target, fi.normal(0.5, 0.02).apply, where, copy=device.copy)
    whole = ft.normal_(torch.empty(shape, dtype=dtype), 0.5, 0.02, seed=42, name="w", on_empty="ignore")
    assert np.array_equal(bits_of(target), bits_of(whole))
    assert len(device.memories) <= 2
    assert max(size for _, size in device.slabs) * target.element_size() <= max(256, target.element_size())


@pytest.mark.usefixtures("small_slabs")
def test_a_device_tensor_of_any_strides() -> None:
    target = torch.zeros(90, 14)[:, ::2].T
    fill_staged(target, fi.he_normal().apply, Where(42, "w"), copy=Device().copy)
    assert torch.equal(target, ft.he_normal_(torch.empty(7, 90), nonlinearity="relu", seed=42, name="w"))


@pytest.mark.usefixtures("small_slabs")
@pytest.mark.parametrize("offset", [(3, 0), [3, 0], np.array([3, 0])], ids=["tuple", "list", "array"])
def test_part_of_a_larger_tensor(offset: Any) -> None:
    target = torch.zeros(5, 90)
    fill_staged(target, fi.he_normal().apply, Where(42, "w", (11, 90), offset), copy=Device().copy)
    assert torch.equal(target, ft.he_normal_(torch.empty(11, 90), nonlinearity="relu", seed=42, name="w")[3:8])


@pytest.mark.usefixtures("small_slabs")
@pytest.mark.parametrize("global_shape", [None, (2000,), (40, 50)], ids=str)
def test_a_range_of_a_flat_tensor(global_shape: tuple[int, ...] | None) -> None:
    target = torch.zeros(700)
    fill_staged(target, fi.normal().apply, Where(42, None, global_shape, 900), copy=Device().copy)
    assert torch.equal(target, ft.normal_(torch.empty(2000), seed=42)[900:1600])


@pytest.mark.usefixtures("small_slabs")
def test_what_is_made_whole_is_made_once() -> None:
    device, target, scheme = Device(), torch.zeros(20, 30), fi.orthogonal()
    fill_staged(target, scheme.apply, Where(42, "w"), scheme.in_ranges, device.copy)
    assert torch.equal(target, ft.orthogonal_(torch.empty(20, 30), seed=42, name="w"))
    assert len(device.slabs) == 1


@pytest.mark.usefixtures("small_slabs")
@pytest.mark.parametrize(
    ("where", "draw"),
    [
        (Where(42, global_shape=(3, 3), offset=(2, 0)), fi.normal().apply),
        (Where(42, threads=0), fi.normal().apply),
        (Where(42, on_empty="perhaps"), fi.normal().apply),  # type: ignore[arg-type]
        (Where(42), fi.he_normal(layout="oiab").apply),
    ],
    ids=["offset", "threads", "on_empty", "layout"],
)
def test_what_is_wrong_is_said_before_anything_is_copied(where: Where, draw: Callable[..., Any]) -> None:
    device = Device()
    with pytest.raises((TypeError, ValueError)):
        fill_staged(torch.zeros(2, 300), draw, where, copy=device.copy)
    assert device.slabs == []


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("limit", [1, 7, 64, 10_000])
def test_boxes_cover_a_tensor_once(shape: tuple[int, ...], limit: int) -> None:
    seen = np.zeros(shape, int)
    for box in boxes(shape, limit):
        assert prod(part.stop - part.start for part in box) <= limit
        seen[box] += 1
    assert (seen == 1).all()


def test_memory_beyond_the_tensor_is_constant() -> None:
    """Two slabs, whatever the size."""
    target, device = torch.zeros(30 << 20, dtype=torch.float16), Device()
    tracemalloc.start()
    fill_staged(target, fi.uniform().apply, Where(42), copy=device.copy)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(device.memories) <= 2
    assert max(size for _, size in device.slabs) * 2 <= staging.SLAB
    assert peak < 1 << 20  # of NumPy's own


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda() -> None:
    target = torch.empty(3000, 7001, dtype=torch.bfloat16, device="cuda")
    ft.trunc_normal_(target, std=0.02, seed=42, name="w")
    whole = ft.trunc_normal_(torch.empty(3000, 7001, dtype=torch.bfloat16), std=0.02, seed=42, name="w")
    assert torch.equal(target.cpu(), whole)
