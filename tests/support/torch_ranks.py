"""Processes of torch.distributed on this machine (gloo over loopback), which run what a test asks of them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from multiprocessing.queues import Queue
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

__all__ = ["Ranks"]

PATIENCE = 60  # seconds until a process that does not answer fails the test

Task = tuple[Callable[..., Any], tuple[Any, ...]]


class Ranks:
    """So many processes of one group; functions that they run are those of modules, and results are pickled."""

    def __init__(self, world: int, store: Path) -> None:
        spawn = mp.get_context("spawn")
        self.tasks: list[Queue[Task | None]] = [spawn.Queue() for _ in range(world)]
        self.results: list[Queue[Any]] = [spawn.Queue() for _ in range(world)]
        self.processes: list[SpawnProcess] = []
        for rank in range(world):
            arguments = (rank, world, str(store), self.tasks[rank], self.results[rank])
            self.processes.append(spawn.Process(target=_serve, args=arguments, daemon=True))
            self.processes[-1].start()

    def run(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Return what the function returns on each rank, in order; AssertionError if one raises."""
        for tasks in self.tasks:
            tasks.put((function, arguments))
        answers = [results.get(timeout=PATIENCE) for results in self.results]
        for rank, (went_well, answer) in enumerate(answers):
            assert went_well, f"on rank {rank}:\n{answer}"
        return [answer for _, answer in answers]

    def __enter__(self) -> Ranks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for tasks in self.tasks:
            tasks.put(None)
        for process in self.processes:
            process.join(timeout=30)
            process.kill()


def _serve(rank: int, world: int, store: str, tasks: Queue[Task | None], results: Queue[Any]) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=world)
    while (task := tasks.get()) is not None:
        function, arguments = task
        try:
            results.put((True, function(*arguments)))
        except Exception:
            results.put((False, traceback.format_exc()))
    dist.destroy_process_group()
