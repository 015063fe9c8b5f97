"""The options of commands that choose who does the work: this process, others, or a cluster."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

__all__ = ["add_arguments", "executor_of"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options, of which one may be given."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--workers", type=int, metavar="N", help="write by N processes, each of --threads (then 1)")
    group.add_argument(
        "--scheduler", metavar="ADDRESS", help="write by the workers of Dask's scheduler, tcp://host:port"
    )


@contextmanager
def executor_of(workers: int | None, scheduler: str | None) -> Iterator[Executor | None]:
    """Give the executor that the options ask for, None where they ask for none.

    Raises
    ------
    ValueError
        The number of workers is none.
    ImportError
        A scheduler is given and Dask is not installed.
    OSError
        There is no scheduler at this address.
    """
    if workers is not None:
        if not 1 <= workers <= 1024:
            raise ValueError(f"--workers is {workers}; it must be from 1 to 1024: pass the number of processes")
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            yield pool
    elif scheduler is not None:
        try:
            from distributed import Client
        except ImportError:
            raise ImportError("--scheduler needs Dask: pip install 'dask[distributed]'") from None
        with Client(scheduler, timeout="10s") as client:
            yield client.get_executor()
    else:
        yield None
