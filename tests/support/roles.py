"""What a published initialisation says of the tensors with a name: mean, standard deviation, largest magnitude."""

from __future__ import annotations

from math import inf
from typing import Any

# Names (a regular expression), mean, standard deviation, largest magnitude in standard deviations.
# Mean and standard deviation may be functions of the shape: a mean that is one has no
# deviation: these are values, which are not drawn.
Role = tuple[str, Any, Any, float]


def constant(pattern: str, value: float) -> Role:
    return pattern, value, 0, value


def drawn(pattern: str, std: Any, largest: float = inf) -> Role:
    return pattern, 0, std, largest
