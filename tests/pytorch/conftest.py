"""Without PyTorch this room is left out; `.ci/run` runs it where the extra `peers` is installed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

import pytest

from support.peers import peer

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]


@pytest.fixture(scope="session")
def ranks_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Any]]:
    """Start the processes of a world size when they are first asked for, and keep them."""
    from support.torch_ranks import Ranks

    with ExitStack() as stack:
        started: dict[int, Ranks] = {}

        def ranks(world: int) -> Ranks:
            if world not in started:
                store = tmp_path_factory.mktemp("ranks") / "store"
                started[world] = stack.enter_context(Ranks(world, store))
            return started[world]

        yield ranks


@pytest.fixture
def quiet_transformers() -> Iterator[None]:
    """Keep warnings about small configurations from being errors."""
    logging = peer("transformers").logging
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.set_verbosity(before)
