"""FSDP2, tensor parallelism and both: every way to shard a model starts it with the same weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

import fast_init as fi
from support.torch_parallel import WAYS, Model, bits_by_name, materialize_sharded
from support.torch_ranks import Ranks


@pytest.mark.parametrize(("world", "shape", "axes"), WAYS, ids=str)
def test_the_gathered_model_is_that_of_one_process(
    world: int, shape: tuple[int, ...], axes: tuple[str, ...], ranks_of: Callable[[int], Ranks]
) -> None:
    model = fi.torch.build(Model, seed=42)
    whole = bits_by_name(model)
    loss = torch.nn.functional.cross_entropy(model(torch.arange(10).reshape(2, 5)).flatten(0, 1), torch.arange(10) % 7)
    for found in ranks_of(world).run(materialize_sharded, shape, axes):
        assert found.collectives == 0
        assert found.tensors.keys() == whole.keys()
        for name, bits in found.tensors.items():
            assert np.array_equal(bits, whole[name]), name
        assert found.tied
        assert found.loss == pytest.approx(float(loss.detach()), rel=1e-4)
