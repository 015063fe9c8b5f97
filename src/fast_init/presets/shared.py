"""What the tables of presets have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ..schemes.names import Mode, ScalingDistribution
from ..schemes.scheme import Scheme
from ..schemes.structured import Eye
from ..schemes.variance_scaling import VarianceScaling

__all__ = ["FAMILIES", "IO", "Maker", "Table", "chosen", "identity", "scaled"]

Maker = Callable[..., Scheme]  # its parameters are the options: a library's own, with that library's defaults
Table = Mapping[str, Maker]
T = TypeVar("T")

IO = "...io"  # of Keras, JAX and TensorFlow: the last two axes


def scaled(scale: float, mode: Mode, distribution: ScalingDistribution, layout: str = IO) -> Maker:
    """Return a maker of variance_scaling of which only the layout is an option."""
    return lambda layout=layout: VarianceScaling(scale, mode, distribution, layout)


# The same in JAX, Keras and TensorFlow. Their normals are cut at two sigmas and widened to the same variance.
FAMILIES: Table = {
    "he_normal": scaled(2.0, "fan_in", "truncated_normal"),
    "he_uniform": scaled(2.0, "fan_in", "uniform"),
    "glorot_normal": scaled(1.0, "fan_avg", "truncated_normal"),
    "glorot_uniform": scaled(1.0, "fan_avg", "uniform"),
    "lecun_normal": scaled(1.0, "fan_in", "truncated_normal"),
    "lecun_uniform": scaled(1.0, "fan_in", "uniform"),
}


def chosen(what: str, value: str, known: Mapping[str, T]) -> T:
    """Return what is known under the value; ValueError if nothing is."""
    if value not in tuple(known):
        raise ValueError(f"{what} is {value!r}; it must be one of {', '.join(known)}: pass one of these")
    return known[value]


def identity(gain: float = 1.0) -> Scheme:
    """Return eye(); ValueError for another gain than 1, which no record has."""
    if gain != 1:
        raise ValueError(f"gain is {gain!r}; eye has no gain but 1: pass 1 and multiply the array")
    return Eye()
