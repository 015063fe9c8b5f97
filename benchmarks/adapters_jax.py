"""Times fast_init.jax beside NumPy's arrays and Flax's own initialisation.

Usage: python -m benchmarks.adapters_jax [--elements 1000000000] [--rounds 5]

Medians of the rounds, in which contestants take turns; memory is fresh each time. A weight is compared with a fill of a
new NumPy array, and, where JAX has 8 devices (XLA_FLAGS=--xla_force_host_platform_device_count=8), with one that is
split over them in several ways; a model of Llama's shape with `nnx.jit` of its constructor, which the first call
compiles. `init` is timed from the shapes, and from nothing, with the time that Flax takes to find the shapes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import jax
import numpy as np
from flax import nnx
from jax.sharding import NamedSharding, PartitionSpec

import fast_init
import fast_init.jax

from .jax_llama import SIZES, Llama, recipe

Contestants = dict[str, Callable[[], object]]


def seconds(call: Callable[[], object]) -> float:
    """What a call takes until all of its arrays are there."""
    start = perf_counter()
    jax.block_until_ready(call())
    return perf_counter() - start


def medians(contestants: Contestants, rounds: int) -> dict[str, float]:
    """Return the median time of each, after one call that is not counted, and print it."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    first = {name: seconds(call) for name, call in contestants.items()}
    for _ in range(rounds):
        for name, call in contestants.items():
            times[name].append(seconds(call))
    found = {name: median(taken) for name, taken in times.items()}
    for name, taken in found.items():
        print(f"{name:<28} {taken:8.3f} s   first call {first[name]:8.3f} s")
    return found


def weights(elements: int) -> Contestants:
    """A weight of about so many elements, float32, on the default device, and split over 4 x 2 devices."""
    scheme, shape = fast_init.normal(0.0, 0.02), (1024, elements // 8192 * 8)

    def split(*axes: str | None) -> Callable[[], object]:
        mesh = jax.make_mesh((4, 2), ("x", "y"))
        place = NamedSharding(mesh, PartitionSpec(*axes))
        return lambda: fast_init.jax.array(shape, "float32", scheme, seed=42, name="w", sharding=place)

    contestants: Contestants = {
        "NumPy, fresh memory": lambda: scheme.fill_(np.empty(shape, np.float32), seed=42, name="w"),
        "fast_init.jax.array": lambda: fast_init.jax.array(shape, "float32", scheme, seed=42, name="w"),
    }
    if len(jax.devices()) == 8:
        contestants["rows over 4, replicas on 2"] = split("x")
        contestants["columns over 2, on 4"] = split(None, "y")
        contestants["rows over 4, columns over 2"] = split("x", "y")
    return contestants


def shapes() -> tuple[Any, Any]:
    """Return what nnx needs to make the model again, and its parameters without memory."""
    definition, state = nnx.split(nnx.eval_shape(lambda: Llama(**SIZES, rngs=nnx.Rngs(0))), nnx.Param)
    return definition, state


def models() -> Contestants:
    """A model of Llama's shape, its parameters in their places."""

    def own() -> Any:
        return nnx.split(Llama(**SIZES, rngs=nnx.Rngs(0)), nnx.Param)[1]

    def ours(definition: Any, state: Any) -> Any:
        return nnx.state(nnx.merge(definition, fast_init.jax.init(state, recipe(), seed=42)), nnx.Param)

    known = shapes()
    return {
        "nnx, jitted": nnx.jit(own),
        "fast_init.jax.init": lambda: ours(*known),
        "shapes and init": lambda: ours(*shapes()),
    }


def main() -> None:
    """Print the times and the two ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elements", type=int, default=10**9)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    numpy_, array, *split = medians(weights(options.elements), options.rounds).values()
    print(f"array has {numpy_ / array:.0%} of the rate of NumPy's fill (target: at least 80%)")
    if split:
        print(f"split it takes {max(split) / array:.2f} times as long at most (target: at most 1.05)")
    print()
    own, ours, whole = medians(models(), options.rounds).values()
    print(f"init is {own / ours:.1f} times as fast as nnx, {own / whole:.1f} with the shapes (target: at least 4)")


if __name__ == "__main__":
    main()
