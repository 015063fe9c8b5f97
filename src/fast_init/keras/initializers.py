"""A scheme as a Keras initialiser."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from ..sampling.shards import Shape
from ..sampling.shown import shown
from ..sampling.streams import check_seed, stream_of
from ..schemes.scheme import Scheme

__all__ = ["Initializer"]

LOW_WORD = (1 << 32) - 1


@keras.saving.register_keras_serializable(package="fast_init")
class Initializer(keras.initializers.Initializer):  # type: ignore[misc] # Keras has no types
    """A scheme as a Keras initialiser, which layers take, save and clone as Keras's own.

    Parameters
    ----------
    scheme
        The record that draws, or its dict. Keras's kernels have inputs before outputs: give a record with fans
        ``layout="...io"``, as those of `from_keras` have.
    seed
        As Keras's initialisers take it. An int in [0, 2**64): each call draws the same, the bits that this seed gives
        everywhere. A `keras.random.SeedGenerator`: each call draws anew. None: an int from Python's `random`, which
        `keras.utils.set_random_seed` seeds; a clone gets another.
    name
        Names the stream. Weights with equal seeds need different names, such as their paths, which Keras does not tell.

    Examples
    --------
    >>> draw = Initializer(fast_init.from_keras("he_normal"), seed=42)
    >>> w = keras.ops.convert_to_numpy(draw((4, 2)))
    >>> bool((w == fast_init.from_keras("he_normal").new((4, 2), seed=42)).all())
    True
    >>> draw.clone().scheme == draw.scheme
    True
    """

    def __init__(self, scheme: Scheme | Mapping[str, Any], seed: Any = None, name: str | None = None) -> None:
        self.scheme = scheme if isinstance(scheme, Scheme) else Scheme.from_dict(scheme)
        self.seed, self._given_seed = _seed_of(seed), seed
        stream_of(name)
        self.name = name

    def __call__(self, shape: Shape, dtype: Any = None) -> Any:
        """Return a tensor of the backend; dtype is Keras's `floatx` where it is None."""
        held = keras.backend.standardize_dtype(dtype)
        array = self.scheme.new(shape, held, seed=self._key(), name=self.name)
        return keras.ops.convert_to_tensor(array, dtype=held)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal initialiser, as plain values."""
        seed = keras.saving.serialize_keras_object(self._given_seed)
        return {"scheme": self.scheme.to_dict(), "seed": seed, "name": self.name}

    def _key(self) -> int:
        if isinstance(self.seed, int):
            return self.seed
        words = np.asarray(keras.ops.convert_to_numpy(self.seed.next())).reshape(-1)
        low, high = (int(word) & LOW_WORD for word in words)
        return high << 32 | low


def _seed_of(seed: Any) -> Any:
    """Return an int or a SeedGenerator; TypeError or ValueError for what is no seed of Keras's."""
    if seed is None:
        return random.getrandbits(64)
    if isinstance(seed, Mapping):
        return keras.saving.deserialize_keras_object(seed)
    if isinstance(seed, keras.random.SeedGenerator):
        return seed
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool):
        raise TypeError(
            f"seed is {shown(seed)}; it must be an int, a keras.random.SeedGenerator or None: pass one of these"
        )
    check_seed(seed)
    return int(seed)
