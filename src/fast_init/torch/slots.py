"""The parameters and buffers of a module: by name, or each tensor once with all of its names and places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch

__all__ = ["Member", "Slot", "members_of", "slots_of"]


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


class Member(NamedTuple):
    """A parameter or buffer under one of its names."""

    name: str
    tensor: torch.Tensor
    is_parameter: bool
    is_persistent: bool
    place: tuple[dict[str, Any], str]  # the module's own dict, and its key


def members_of(module: torch.nn.Module) -> list[Member]:
    """Return the parameters of a module and then its buffers, tied ones by all their names, in the module's order."""
    found = []
    for prefix, part in module.named_modules(remove_duplicate=False):
        for members in (part._parameters, part._buffers):
            for key, tensor in members.items():
                if tensor is not None:
                    is_parameter = members is part._parameters
                    kept = is_parameter or key not in part._non_persistent_buffers_set
                    name = f"{prefix}.{key}" if prefix else key
                    found.append(Member(name, tensor, is_parameter, kept, (members, key)))
    return sorted(found, key=lambda member: not member.is_parameter)


def slots_of(module: torch.nn.Module) -> list[Slot]:
    """Return the parameters of a module and then its buffers, in the order of their first names."""
    slots: dict[tuple[bool, int], Slot] = {}
    for name, tensor, is_parameter, kept, place in members_of(module):
        slot = slots.setdefault((is_parameter, id(tensor)), Slot(tensor, is_parameter, kept))
        slot.names.append(name)
        slot.places.append(place)
    return list(slots.values())
