"""All tensors of a module by one call: allocated where they are on the meta device, and filled by their names."""

from __future__ import annotations

from typing import Any

import torch

from ..recipes.matching import only_name
from ..recipes.progress import Track
from ..recipes.recipe import Recipe
from ..recipes.report import Report
from ..sampling.names import OnEmpty
from ..sampling.streams import Seed, key_of
from .allocation import allocated
from .batch import draw_all
from .placements import is_dtensor
from .plans import Plan, plan_of
from .recording import record, recorded
from .recordings import Recording, recording_of
from .slots import Slot, slots_of

__all__ = ["init_", "materialize_"]


def init_(
    module: torch.nn.Module,
    *,
    seed: Seed,
    recipe: Recipe | None = None,
    threads: int | None = None,
    progress: bool | Track = False,
    on_empty: OnEmpty = "warn",
) -> Report:
    """Fill the parameters of a module in place, each from the stream of its own name, and restore its buffers.

    Parameters
    ----------
    module
        Its tensors have memory: on the CPU or another device, or as DTensors, of which each process draws its part.
    seed
        As in `normal_`; for DTensors an int, the same on all processes.
    recipe
        Rules for the names of `module.named_parameters()`, of which a tied tensor has its first; or None for what
        `record` says of this module. A buffer gets the value that was recorded, or what its rule says, if that is not
        random or its pattern is the buffer's name; others stay.
    threads, on_empty
        As in `normal_`.
    progress
        True for a bar (needs rich), or a function that is called with the bytes done and the bytes in all.

    Returns
    -------
    Report
        One row for each tensor that was drawn, as from `Recipe.init_`; measured is what this process holds.

    Raises
    ------
    ValueError, TypeError
        A name has no rule, or a tensor cannot be filled, or not by its rule; no tensor is then touched.

    Examples
    --------
    >>> recipe = fast_init.Recipe([("bias", fast_init.zeros()), ("*", fast_init.normal())])
    >>> module = torch.nn.Linear(8, 4)
    >>> init_(module, seed=42, recipe=recipe).elements
    36
    >>> torch.equal(module.weight, normal_(torch.empty(4, 8), seed=42, name="weight"))
    True
    """
    slots = slots_of(module)
    return _run(_plan(module, slots, recipe), _key_of(seed, slots), threads, progress, on_empty)


def materialize_(
    module: torch.nn.Module,
    *,
    seed: Seed,
    recipe: Recipe | None = None,
    device: Any = None,
    dtype: torch.dtype | None = None,
    threads: int | None = None,
    progress: bool | Track = False,
) -> Report:
    """Allocate what of a module is on the meta device, and do what `init_` does.

    Placements of DTensors, ties, classes, requires_grad and attributes of parameters stay. No memory beyond that of
    the module is used, but for schemes that make whole tensors (`orthogonal`), and nothing is communicated.

    Parameters
    ----------
    module
        On the meta device, whole or sharded (`fully_shard`, `parallelize_module` or both), or in part, or not at all.
    seed, recipe, threads, progress
        As in `init_`.
    device
        Where all tensors shall be; by default tensors on the meta device go to the CPU, DTensors to the device of
        their mesh, and others stay.
    dtype
        The dtype of floating parameters and persistent buffers; by default they keep theirs. Other buffers always do,
        since a rotary embedding's frequencies, say, are of no use in 16 bits.

    Returns
    -------
    Report
        As from `init_`.

    Raises
    ------
    ValueError, TypeError
        As by `init_`; also for a buffer on the meta device of which neither the recipe nor what the module does to
        initialise itself again tells what it holds. The module is then untouched.

    Examples
    --------
    >>> with torch.device("meta"):
    ...     module = torch.nn.Linear(8, 4)
    >>> report = materialize_(module, seed=42, dtype=torch.bfloat16)  # as torch's Linear initialises itself
    >>> module.weight.device, module.weight.dtype
    (device(type='cpu'), torch.bfloat16)
    """
    slots = slots_of(module)
    plan = _plan(module, slots, recipe)
    _check_buffers(slots, plan)
    dtypes = {id(slot): dtype if slot.is_persistent and slot.tensor.is_floating_point() else None for slot in slots}
    for it in plan.drawn:
        it.lazy(0, dtypes[id(it.slot)])
    key = _key_of(seed, slots)
    filled = plan.slots()
    for slot in slots:
        old = slot.tensor
        if (new := allocated(old, device, dtypes[id(slot)])) is not old:
            slot.put(new)
            if id(slot) not in filled and not old.is_meta:
                new.data.copy_(old)
    return _run(plan, key, threads, progress, "warn")


def _plan(module: torch.nn.Module, slots: list[Slot], recipe: Recipe | None) -> Plan:
    recording = recording_of(module)
    if recipe is None:
        recipe = recording = recording or record(module)
    if isinstance(recipe, Recording):
        buffers = recipe.buffers
    elif recording is not None:
        buffers = recording.buffers
    else:
        lost = [slot for slot in slots if slot.tensor.is_meta and not slot.is_parameter]
        buffers = _made_again(module, lost) if lost else {}
    return plan_of(slots, recipe, buffers)


def _made_again(module: torch.nn.Module, lost: list[Slot]) -> dict[str, torch.Tensor]:
    """Return what the module makes of these buffers when it initialises itself again, of those that it does so make."""
    recording = recorded(module, "defer")[1]
    buffers, rules = dict(recording.buffers), {only_name(rule.pattern): rule for rule in recording.rules}
    for slot in lost:
        if (rule := rules.get(slot.name)) is not None and not rule.scheme.is_random:
            buffers[slot.name] = rule.scheme.fill_(torch.empty_like(slot.tensor, device="cpu"))
    return buffers


def _key_of(seed: Seed, slots: list[Slot]) -> int:
    if seed is None and any(is_dtensor(slot.tensor) for slot in slots):
        raise ValueError(
            "seed is None for a module with DTensors; each process would draw a key of its own: pass one int to all"
        )
    return key_of(seed)


def _run(plan: Plan, key: int, threads: int | None, progress: bool | Track, on_empty: OnEmpty) -> Report:
    report = draw_all(plan.drawn, key, threads, progress, on_empty)
    for it in plan.restored:
        it.copy()
    return report


def _check_buffers(slots: list[Slot], plan: Plan) -> None:
    told = plan.slots()
    lost = [slot.name for slot in slots if not slot.is_parameter and slot.tensor.is_meta and id(slot) not in told]
    if lost:
        raise ValueError(
            f"the buffers {', '.join(lost)} are on the meta device; no rule or recorded value tells what they hold: "
            "pass the recipe that fast_init.torch.record makes of the model's constructor"
        )
