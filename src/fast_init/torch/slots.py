"""The parameters and buffers of a module: each tensor once, with all of its names and places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch

__all__ = ["Slot", "slots_of"]


@dataclass
class Slot:
    """A parameter or buffer; tied ones are one slot, whose name is the first in the module's order."""

    tensor: torch.Tensor
    is_parameter: bool
    is_persistent: bool
    names: list[str] = field(default_factory=list)
    places: list[tuple[dict[str, Any], str]] = field(default_factory=list)  # the modules' own dicts, and their keys

    @property
    def name(self) -> str:
        """Return the name that it is drawn and reported by: that of `module.named_parameters()`."""
        return self.names[0]

    def put(self, tensor: torch.Tensor) -> None:
        """Make the tensor the module's, in every place, so that what was tied stays tied."""
        self.tensor = tensor
        for members, key in self.places:
            members[key] = tensor


def slots_of(module: torch.nn.Module) -> list[Slot]:
    """Return the parameters of a module and then its buffers, in the order of their first names."""
    slots: dict[tuple[bool, int], Slot] = {}
    for prefix, part in module.named_modules(remove_duplicate=False):
        for members in (part._parameters, part._buffers):
            for key, tensor in members.items():
                if tensor is None:
                    continue
                is_parameter = members is part._parameters
                kept = is_parameter or key not in part._non_persistent_buffers_set
                slot = slots.setdefault((is_parameter, id(tensor)), Slot(tensor, is_parameter, kept))
                slot.names.append(f"{prefix}.{key}" if prefix else key)
                slot.places.append((members, key))
    return sorted(slots.values(), key=lambda slot: not slot.is_parameter)
