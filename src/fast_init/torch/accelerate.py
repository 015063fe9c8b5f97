"""Initialisations of code that will not change, drawn by fast_init as they are called."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from ..sampling.destinations import check_array, float_dtype
from ..sampling.streams import Seed, key_of
from ..sampling.threads import threads_of
from ..sampling.where import Where
from .accelerate_report import Work
from .destinations import array_of, check_tensor, numpy_dtype_of
from .filling import fill_by
from .operations import (
    BEGINNINGS,
    CALLS,
    FRAMES,
    IS_META,
    STEPS,
    Initialisation,
    called_initialisation,
    frame_initialisation,
    is_random,
    own_function,
)
from .shadows import tensors_in

__all__ = ["accelerate"]

METHODS = {torch.Tensor.normal_, torch.Tensor.uniform_, torch.Tensor.zero_}  # which autograd may refuse
GRAPH = "<eval_with_key>"  # the file of code that torch.compile has made
GENERATOR, NO_SCHEME, NOT_MEMORY = "generator given", "no scheme", "no plain memory"


@contextmanager
def accelerate(*, seed: Seed = 0, threads: int | None = None) -> Iterator[Work]:
    """Draw by fast_init whatever the code inside initialises, at once and in place.

    Each call of torch.nn.init, of `Tensor.normal_` and of `Tensor.uniform_`, by whatever name a library knows it, is
    drawn from a stream of its own. Streams are named by the number of the draw in the block: "0", "1", and so on. So
    the k-th tensor is what ``normal_(tensor, std=0.02, seed=seed, name=str(k))`` gives, and a model gets the same bits
    as long as its code makes the same calls in the same order.

    Only the thread that entered is affected. What torch still draws is in the report: calls with a generator, draws
    that no scheme stands for, and those into tensors without plain memory of their own. Tensors on meta are left
    alone, and so is what a forward pass draws (dropout).

    Parameters
    ----------
    seed
        As for `fast_init.normal_`; None draws a fresh one.
    threads
        The most threads to use, at least 1; None for OMP_NUM_THREADS or the CPUs this process may use.

    Yields
    ------
    Work
        Whose `report` says what was accelerated, what not and how long each took; prints as a table.

    Examples
    --------
    >>> with accelerate(seed=0) as done:
    ...     module = torch.nn.Linear(64, 64)
    >>> sorted((line.operation, line.elements) for line in done.report.accelerated)
    [('kaiming_uniform_', 4096), ('uniform_', 64)]
    """
    work = Work()
    with AccelerateMode(key_of(seed), threads_of(threads), work):
        yield work


class AccelerateMode(TorchFunctionMode):  # type: ignore[misc]
    """Meets every call of torch's functions in its thread, and makes those that initialise."""

    def __init__(self, key: int, threads: int, work: Work) -> None:
        super().__init__()
        self.key, self.threads, self.work = key, threads, work
        self.draws = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if torch.compiler.is_compiling():
            return func(*args, **kwargs)
        func = own_function(func)
        frame = sys._getframe(1)
        in_frame = frame.f_code.co_name in FRAMES and func in STEPS
        compiled = frame.f_code.co_filename.startswith(GRAPH)
        if compiled or (not in_frame and not is_random(func)):
            return func(*args, **kwargs)
        with torch._C.DisableTorchFunction():
            made = _initialisation(func, args, kwargs, frame if in_frame else None)
        if made is not None and _is_ours(made, func):
            if func in BEGINNINGS or not in_frame:
                self._draw(made)
            return True if func == IS_META else made.tensor
        if is_random(func):
            return self._left(func, args, kwargs, made)
        return func(*args, **kwargs)

    def _draw(self, made: Initialisation) -> None:
        start = perf_counter()
        where = Where(self.key, str(self.draws), threads=self.threads, on_empty="ignore")
        with torch._C.DisableTorchFunction():
            fill_by(made.tensor, made.scheme, where)
        self.draws += 1
        self.work.add(made.operation, None, made.tensor.numel(), perf_counter() - start)

    def _left(self, func: Any, args: Any, kwargs: dict[str, Any], made: Initialisation | None) -> Any:
        start = perf_counter()
        result = func(*args, **kwargs)
        seconds = perf_counter() - start
        tensors = [tensor for tensor in tensors_in(result) if not tensor.is_meta and tensor.numel()]
        if tensors:
            generator = kwargs.get("generator") or (made and made.generator)
            reason = GENERATOR if generator else NO_SCHEME if made is None else NOT_MEMORY
            self.work.add(func.__name__, reason, sum(tensor.numel() for tensor in tensors), seconds)
        return result


def _initialisation(func: Any, args: Any, kwargs: dict[str, Any], frame: Any) -> Initialisation | None:
    """Return what a call does, None if it is no initialisation or torch is to refuse it."""
    try:
        if frame is not None and (made := frame_initialisation(frame)) is not None:
            return made
        return called_initialisation(func, args, kwargs) if func in CALLS else None
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return None


def _is_ours(made: Initialisation, func: Any) -> bool:
    """Whether fast_init can make the draw, and torch would; of no elements there is none, and torch warns of it."""
    tensor = made.tensor
    if made.generator is not None or not made.scheme.is_random or tensor.is_meta:
        return False
    if func in METHODS and tensor.requires_grad and torch.is_grad_enabled():
        return False
    try:
        check_tensor(tensor)
        if tensor.is_cpu:
            check_array(array_of(tensor))
        made.scheme.plan_for(tuple(tensor.shape), float_dtype(numpy_dtype_of(tensor.dtype)))
    except (TypeError, ValueError):
        return False
    return bool(tensor.numel())
