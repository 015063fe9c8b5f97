"""Record what a model's own constructor does to its tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import signature
from typing import Any, Literal

import torch

from .recording_modes import recording_into
from .recording_rules import recording_from
from .recording_trace import Trace
from .recordings import Recording, attach
from .slots import slots_of

__all__ = ["record", "recorded"]

INITIALISED = "_is_hf_initialized"  # transformers' mark of a module


def record(
    factory: Callable[[], torch.nn.Module] | torch.nn.Module, *, unsupported: Literal["raise", "defer"] = "raise"
) -> Recording:
    """Return the recipe that a model's own code initialises it by, found without memory for its parameters.

    The code runs on the meta device, where tensors have shapes and no data; what it does to each tensor is noted, and
    the last that was done holds. Values that are known (`arange`, `torch.tensor`, and what is computed from these) are
    kept: a rotary embedding's frequencies, Mamba's `A_log`.

    Parameters
    ----------
    factory
        Makes the module: called once, on the meta device. Or a module on meta, whose `reset_parameters`,
        `init_weights` and the like are called; values that only its constructor knew are then missing. A tied
        tensor is as its first place has it.
    unsupported
        What to do about tensors whose initialisation no scheme expresses, or that nothing initialises: ``"raise"``, or
        ``"defer"``: leave them out, and say why in the recording's `deferred`.

    Returns
    -------
    Recording
        A `Recipe` with one rule for each parameter and floating buffer: for NumPy arrays, `write_checkpoint` and TOML
        as well. Beside it `buffers`, the values of what is not floating or not persistent.

    Raises
    ------
    ValueError
        Tensors cannot be recorded: their names, and of each the operation and the line of code.

    Examples
    --------
    >>> recording = record(lambda: torch.nn.Embedding(100, 16, padding_idx=0))
    >>> recording.rules
    (Rule(pattern='weight', scheme=normal(mean=0.0, std=1.0), layout=None, padding_row=0, tied_to=None),)
    """
    module, recording = recorded(factory, unsupported)
    attach(module, recording)
    return recording


def recorded(factory: Any, unsupported: str) -> tuple[Any, Recording]:
    """Return the module on meta as well."""
    if unsupported not in ("raise", "defer"):
        raise ValueError(f"unsupported is {unsupported!r}; it must be 'raise' or 'defer': pass one of these")
    trace = Trace()
    with recording_into(trace):
        if isinstance(factory, torch.nn.Module):
            module = factory
            with _untied(module):
                _reset(module)
                _initialise(module)
        else:
            module = factory()
            _initialise(module)
    recording = recording_from(trace, module)
    if recording.deferred and unsupported == "raise":
        raise ValueError(
            "some tensors cannot be recorded; each needs an operation that has a scheme: initialise these yourself and "
            "pass unsupported='defer'\n" + "\n".join(recording.deferred.values())
        )
    return module, recording


def _initialise(module: Any) -> None:
    """Run what transformers leaves out on meta."""
    for model in _pretrained(module):
        if not getattr(model, INITIALISED, False):
            model.initialize_weights()


@contextmanager
def _untied(module: torch.nn.Module) -> Iterator[None]:
    """Keep tied tensors apart inside, as they are while a constructor runs: what is done at the first place holds, and
    a head that is drawn does not overwrite the padding row of its embedding.
    """
    slots = [slot for slot in slots_of(module) if slot.is_parameter and len(slot.places) > 1]
    try:
        for slot in slots:
            for members, key in slot.places[1:]:
                if members is not slot.places[0][0]:
                    members[key] = torch.nn.Parameter(
                        torch.empty_like(slot.tensor, device="meta"), slot.tensor.requires_grad
                    )
        yield
    finally:
        for slot in slots:
            slot.put(slot.tensor)


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
