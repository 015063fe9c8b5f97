"""Build a module in one line: its code runs on the meta device, its parameters are drawn where they stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import torch

from ..recipes.progress import Track
from .materialize import materialize_
from .recording import recorded
from .recordings import attach

__all__ = ["build"]

M = TypeVar("M", bound=Any)


def build(
    factory: Callable[[], M],
    *,
    seed: int,
    device: Any = None,
    dtype: torch.dtype | None = None,
    threads: int | None = None,
    progress: bool | Track = False,
) -> M:
    """Return the module that the factory makes, each parameter drawn once, by its name, in the memory where it stays.

    What ``factory()`` would return after its own initialisation, with fast_init's draws of the same distributions: it
    is `record` and `materialize_`.

    Parameters
    ----------
    factory
        Makes the module: called once, on the meta device.
    seed, device, dtype, threads, progress
        As in `materialize_`.

    Returns
    -------
    torch.nn.Module
        The module, which remembers its recording: `init_` and `materialize_` need no recipe for it.

    Raises
    ------
    ValueError
        Tensors cannot be recorded: their names, and of each the operation and the line of code. Use `record` with
        ``unsupported="defer"``, and initialise these yourself.

    Examples
    --------
    >>> module = build(lambda: torch.nn.Linear(8, 4), seed=42)
    >>> bool(module.weight.abs().max() <= 8**-0.5)
    True
    """
    module, recording = recorded(factory, "raise")
    attach(module, recording)
    materialize_(module, seed=seed, recipe=recording, device=device, dtype=dtype, threads=threads, progress=progress)
    return cast(M, module)
