"""An executor one of whose workers dies while it works."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

__all__ = ["Killing"]


class Killing(Executor):
    """Passes tasks to an executor, and calls `kill` before it passes so many of them."""

    def __init__(self, executor: Executor, kill: Callable[[], object], after: int) -> None:
        self.executor, self.kill, self.after, self.submitted = executor, kill, after, 0

    def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        """Return the other executor's future."""
        self.submitted += 1
        if self.submitted == self.after:
            self.kill()
        return self.executor.submit(function, *arguments, **options)
