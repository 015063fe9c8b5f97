"""Spans peers, dtypes and sizes for every benchmark that asks for `race`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fast_init.sampling.config import config as fast_init_config

from .peers import PEERS
from .race import SIZES, Benchmark, Race, Size


@pytest.fixture(params=SIZES, ids=lambda size: size.label)
def size(request: pytest.FixtureRequest) -> Size:
    """How many elements to draw."""
    chosen: Size = request.param
    return chosen


@pytest.fixture(params=["float32", "float64"])
def dtype(request: pytest.FixtureRequest) -> str:
    """Of what dtype."""
    return str(request.param)


@pytest.fixture(params=PEERS)
def race(request: pytest.FixtureRequest, benchmark: Benchmark, dtype: str, size: Size) -> Race:
    """One run of one peer."""
    return Race(benchmark, request.param, dtype, size)


def pytest_benchmark_update_machine_info(machine_info: dict[str, Any]) -> None:
    """Keep with saved numbers what they depend on beside the machine."""
    machine_info["fast_init"] = fast_init_config()
    machine_info["numpy"] = np.__version__


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out of a run of the tests."""
    return True if collection_path.name.startswith("bench_") and not config.getoption("benchmark_only") else None
