"""A scheme as an initialiser, for code that expects those of jax.nn.initializers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from ..sampling.shards import Shape
from ..sampling.shown import shown
from ..sampling.streams import check_seed, stream_of
from ..schemes.scheme import Scheme
from .arrays import array

__all__ = ["Initializer"]


@dataclass(frozen=True)
class Initializer:
    """A scheme as an initialiser ``(key, shape, dtype=None, out_sharding=None)``; equal ones draw equal weights.

    Parameters
    ----------
    scheme
        The record that draws; of `from_jax`, say, whose fans are JAX's.
    seed
        By default the key's own 64 bits: ``jax.random.key(42)`` is seed 42. An int holds for each call, whatever the
        key: it needs a name, and the initialiser is then that of one weight.
    name
        Names the stream.

    Notes
    -----
    Under `jit`, and under `jax.eval_shape`, keys have no values and a call raises ValueError: draw the tree of the
    model with `init`.

    Examples
    --------
    >>> draw = initializer(fast_init.from_jax("he_normal"), name="w")
    >>> w = draw(jax.random.key(42), (4, 2), jnp.bfloat16)
    >>> bool((w == array((4, 2), "bfloat16", fast_init.from_jax("he_normal"), seed=42, name="w")).all())
    True
    """

    scheme: Scheme
    seed: int | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.scheme, Scheme):
            raise TypeError(f"scheme is {shown(self.scheme)}; it must be a record: pass from_jax('he_normal'), say")
        check_seed(self.seed)
        stream_of(self.name)
        if self.seed is not None and self.name is None:
            raise ValueError(
                f"seed is {self.seed} without a name; all weights of a shape would be equal: pass the weight's name, "
                "or no seed, so that the key decides"
            )

    def __call__(self, key: Any, shape: Shape, dtype: Any = None, out_sharding: Any = None) -> Any:
        """Return the weight as a jax.Array; a dtype that JAX does not hold becomes the one it holds."""
        if isinstance(key, jax.core.Tracer):
            raise ValueError(
                "key is a tracer, as under jit; a weight is drawn on the host, where its seed must be known: call "
                "outside jit, or draw the whole tree with fast_init.jax.init(shapes, recipe, seed=...)"
            )
        held = jax.dtypes.canonicalize_dtype(float if dtype is None else dtype)
        seed = _seed_of(key) if self.seed is None else self.seed
        return array(shape, held, self.scheme, seed=seed, name=self.name, sharding=out_sharding)


def _seed_of(key: Any) -> int:
    """Return the 64 bits of a key, the high word first, as threefry has them; of a longer one their hash by NumPy."""
    data = jax.random.key_data(key) if jax.dtypes.issubdtype(key.dtype, jax.dtypes.prng_key) else key
    words = np.asarray(data).reshape(-1)
    if words.size != 2:
        words = np.random.SeedSequence([int(word) for word in words]).generate_state(2, np.uint32)
    return int(words[0]) << 32 | int(words[1])
