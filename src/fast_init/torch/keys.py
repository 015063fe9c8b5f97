"""From a seed or a generator of torch's to the key of a draw."""

from __future__ import annotations

import torch

from ..sampling.streams import Seed

__all__ = ["seed_of"]

WORD = (1 << 64) - 1


def seed_of(seed: Seed, generator: torch.Generator | None) -> Seed:
    """Return the seed that was given, else 64 bits of the generator, by default torch's own of the CPU.

    ValueError if both are given.
    """
    if seed is not None:
        if generator is not None:
            raise ValueError("seed and generator are both given; either makes the key: pass one of them")
        return seed
    if generator is None:
        generator = torch.default_generator
    elif not isinstance(generator, torch.Generator):
        raise TypeError(f"generator is {generator!r}; it must be a torch.Generator or None: pass one, or a seed=")
    word = torch.empty((), dtype=torch.int64, device=generator.device).random_(-(1 << 63), None, generator=generator)
    return int(word) & WORD
