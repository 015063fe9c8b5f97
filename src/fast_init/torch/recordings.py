"""What a model's own constructor does to its tensors, as a recipe; and which module it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

import torch

from ..recipes.recipe import Recipe
from ..recipes.rule import Rule
from ..schemes.scheme import Scheme

__all__ = ["Recording", "attach", "recording_of"]


class Recording(Recipe):
    """A recipe that `record` has made: one rule for each name, which is matched as it stands.

    Parameters
    ----------
    rules
        Those of the parameters and persistent floating buffers, and of any other buffer that is drawn.
    buffers
        By name, on the CPU: the values of what no rule draws, which are buffers that are not floating or not
        persistent. A module gets copies.
    deferred
        By name, of what could not be recorded: the sentence that says why. Empty unless `record` was to defer.

    Equality and hash are the recipe's: those of the rules.

    Examples
    --------
    >>> recording = record(lambda: torch.nn.BatchNorm1d(3))
    >>> [rule.pattern for rule in recording.rules], recording.buffers
    (['weight', 'bias', 'running_mean', 'running_var'], {'num_batches_tracked': tensor(0)})
    """

    def __init__(
        self,
        rules: Iterable[tuple[str, Scheme] | Rule],
        buffers: Mapping[str, torch.Tensor] | None = None,
        deferred: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(rules)
        self.buffers: dict[str, torch.Tensor] = dict(buffers or {})
        self.deferred: dict[str, str] = dict(deferred or {})


recordings: WeakKeyDictionary[torch.nn.Module, Recording] = WeakKeyDictionary()


def attach(module: torch.nn.Module, recording: Recording) -> None:
    """Let `recording_of` return this recording for the module, for as long as the module lives."""
    recordings[module] = recording


def recording_of(module: torch.nn.Module) -> Recording | None:
    """Return the recording that was attached to the module, None if there is none."""
    return recordings.get(module)
