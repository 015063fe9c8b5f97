"""What each tensor of a module is to hold, by the rules of a recipe and the values that were recorded with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch

from ..recipes.lazy_tensor import LazyTensor
from ..recipes.matching import escaped
from ..recipes.recipe import Recipe
from ..recipes.rule import Rule
from .destinations import numpy_dtype_of
from .placements import blocks_of, is_dtensor
from .slots import Slot

__all__ = ["Drawn", "Plan", "Restored", "plan_of"]


class Drawn(NamedTuple):
    """A tensor that a rule says how to draw."""

    slot: Slot
    rule: Rule

    def lazy(self, key: int, dtype: torch.dtype | None = None) -> LazyTensor:
        """Return what it is to hold, by default in its own dtype; raises, with the name, if it cannot."""
        tensor, name = self.slot.tensor, self.slot.name
        try:
            numpy_dtype = numpy_dtype_of(tensor.dtype if dtype is None else dtype)
        except TypeError as error:
            raise TypeError(f"tensor {name!r}: {error}") from None
        lazy = LazyTensor(name, tuple(tensor.shape), numpy_dtype, self.rule, key)
        lazy.check()
        return lazy


class Restored(NamedTuple):
    """A buffer that gets a copy of a value."""

    slot: Slot
    value: torch.Tensor

    def copy(self) -> None:
        """Copy it, or of a DTensor the part that is here."""
        tensor = self.slot.tensor
        with torch.no_grad():
            if not is_dtensor(tensor):
                tensor.copy_(self.value)
                return
            local = tensor.to_local()
            for block in blocks_of(tensor):
                part = local[block.local]
                part.copy_(self.value[tuple(slice(o, o + n) for o, n in zip(block.offset, part.shape, strict=True))])


class Plan(NamedTuple):
    """What fills the tensors of a module; what is in neither list stays as it is."""

    drawn: list[Drawn]
    restored: list[Restored]

    def slots(self) -> set[int]:
        """Return the ids of the slots that are filled."""
        return {id(it.slot) for it in self.drawn} | {id(it.slot) for it in self.restored}


def plan_of(slots: Sequence[Slot], recipe: Recipe, values: Mapping[str, torch.Tensor]) -> Plan:
    """Return what fills the tensors; ValueError for parameters without a rule, but for those that a recording deferred.

    A buffer gets the value that was recorded, else what its rule says, if that is not random or names it in full:
    patterns are written for parameters, and a buffer that one happens to match holds no weights.
    """
    deferred = getattr(recipe, "deferred", {})
    rules = recipe.rules_for([slot.name for slot in slots if slot.is_parameter and slot.name not in deferred])
    plan = Plan([], [])
    for slot in slots:
        if slot.is_parameter:
            rule = rules.get(slot.name)
        elif slot.name in values:
            plan.restored.append(_restored(slot, values[slot.name]))
            continue
        else:
            rule = _rule_of_buffer(slot, recipe)
        if rule is not None:
            plan.drawn.append(Drawn(slot, rule))
    return plan


def _restored(slot: Slot, value: torch.Tensor) -> Restored:
    if slot.tensor.shape != value.shape:
        raise ValueError(
            f"buffer {slot.name!r} has shape {tuple(slot.tensor.shape)}, and its recorded value {tuple(value.shape)}; "
            "they must agree: record the model that is filled"
        )
    return Restored(slot, value)


def _rule_of_buffer(slot: Slot, recipe: Recipe) -> Rule | None:
    if not slot.tensor.is_floating_point():
        return None
    try:
        rule = recipe.rule_for(slot.name)
    except ValueError:
        return None
    is_fixed = not any(scheme.is_random for scheme in rule.schemes)
    return rule if is_fixed or rule.pattern == escaped(slot.name) else None
