"""Record what a model's own constructor does to its tensors; and build the model from that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any, Literal, TypeVar, cast

import torch

from .recording_modes import recording_into
from .recording_rules import recording_from
from .recording_trace import Trace
from .recordings import Recording, attach

__all__ = ["build", "record"]

M = TypeVar("M", bound=Any)

INITIALISED = "_is_hf_initialized"  # transformers' mark of a module


def record(
    factory: Callable[[], torch.nn.Module] | torch.nn.Module, *, unsupported: Literal["raise", "defer"] = "raise"
) -> Recording:
    """Return the recipe that a model's own code initialises it by, found without memory for its parameters."""
    module, recording = _recorded(factory, unsupported)
    attach(module, recording)
    return recording


def build(
    factory: Callable[[], M],
    *,
    seed: int,
    device: Any = None,
    dtype: Any = None,
    threads: int | None = None,
    progress: Any = False,
) -> M:
    """Return the module that the factory makes, its parameters drawn once, by name, in the place where they stay."""
    from .materialize import materialize_  # type: ignore[import-not-found,unused-ignore]

    module, recording = _recorded(factory, "raise")
    attach(module, recording)
    materialize_(module, seed=seed, recipe=recording, device=device, dtype=dtype, threads=threads, progress=progress)
    return cast(M, module)


def _recorded(factory: Any, unsupported: str) -> tuple[Any, Recording]:
    if unsupported not in ("raise", "defer"):
        raise ValueError(f"unsupported is {unsupported!r}; it must be 'raise' or 'defer': pass one of these")
    trace = Trace()
    with recording_into(trace):
        if isinstance(factory, torch.nn.Module):
            module = factory
            _reset(module)
        else:
            module = factory()
        for model in _pretrained(module):
            if not getattr(model, INITIALISED, False):
                model.initialize_weights()
    recording = recording_from(trace, module)
    if recording.deferred and unsupported == "raise":
        raise ValueError(
            "some tensors cannot be recorded; each needs an operation that has a scheme: initialise these yourself and "
            "pass unsupported='defer'\n" + "\n".join(recording.deferred.values())
        )
    return module, recording


def _pretrained(module: torch.nn.Module) -> Iterator[Any]:
    """Yield the outermost models of transformers in a module."""
    if hasattr(module, "initialize_weights") and hasattr(module, "_initialize_weights"):
        yield module
        return
    for child in module.children():
        yield from _pretrained(child)


def _reset(module: Any) -> None:
    """Run what a module has to initialise itself again: its parts' first, then its own."""
    models = list(_pretrained(module))
    inside = {part for model in models for part in model.modules()}
    for part in inside:
        if getattr(part, INITIALISED, False):
            delattr(part, INITIALISED)
    for part in reversed(list(module.modules())):
        if part in inside:
            continue
        for name in ("reset_parameters", "_reset_parameters"):
            if callable(method := getattr(part, name, None)):
                method()
    if module not in inside:
        for name in ("init_weights", "_init_weights", "initialize_weights"):
            if callable(method := getattr(module, name, None)) and not signature(method).parameters:
                method()
                return
            if callable(method):
                module.apply(method)
                return
