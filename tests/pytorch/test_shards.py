"""DTensors: every rank draws its own part, and the parts are those of one tensor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

import fast_init as fi
from support.torch_draws import bits_of
from support.torch_layouts import FUNCTIONS, LAYOUTS, SHAPES, Layout, fill_sharded, place_of, refuse_partial
from support.torch_ranks import Ranks

ft = fi.torch
RanksOf = Callable[[int], Ranks]


def test_there_are_sixty_layouts() -> None:
    assert len(set(LAYOUTS)) >= 60
    assert {layout.world for layout in LAYOUTS} == {1, 2, 3, 4}


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_the_gathered_tensor_is_that_of_one_process(layout: Layout, ranks_of: RanksOf) -> None:
    for shape in SHAPES:
        for function in FUNCTIONS:
            whole = bits_of(getattr(ft, function)(torch.empty(shape), seed=42, name="w"))
            for outcome in ranks_of(layout.world).run(fill_sharded, layout, shape, function):
                assert np.array_equal(outcome.full, whole)
                assert outcome.collectives == 0
                assert outcome.returned_itself


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_places_are_those_that_torch_computes(layout: Layout, ranks_of: RanksOf) -> None:
    for shape in SHAPES:
        for local_shape, offset, blocks, ours in ranks_of(layout.world).run(place_of, layout, shape):
            sizes = [np.prod([s.stop - s.start for s in block.local]) for block in blocks]
            assert sum(sizes) == np.prod(local_shape)
            if ours is not None and 0 not in local_shape:
                assert ours == (shape, tuple(offset))
            if blocks:
                assert blocks[0].offset == tuple(offset)


def test_partial_is_refused(ranks_of: RanksOf) -> None:
    for sentence in ranks_of(2).run(refuse_partial):
        assert sentence.startswith("tensor has the placement P")
        assert sentence.endswith("redistribute it to Shard or Replicate first")


def test_a_plain_tensor_is_all_of_itself() -> None:
    assert ft.shard_of(torch.empty(())) == ((), ())
