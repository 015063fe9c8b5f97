"""Fills with a uniform distribution."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.distributions import Uniform
from ..schemes.plans import Plans, apply

__all__ = ["uniform_"]

UNIFORM = Plans(Uniform, 2)


def uniform_(
    array: A,
    a: float = 0.0,
    b: float = 1.0,
    *,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with U[a, b): fma(u, b - a, a), u in [0, 1) having 24 bits (53 for float64); b itself never comes.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    a, b
        Finite, a <= b, rounded to the dtype; b - a within its range. Where no value of the dtype lies in
        [a, b) every element is a.
    seed
        An int in [0, 2**64); a NumPy SeedSequence or Generator, from which 64 bits are drawn; or None for
        fresh entropy of the system.
    name
        Names an independent stream under the same seed: the tensor's name, say.
    global_shape, offset
        `array` is the block of a tensor of `global_shape` that starts at `offset`, a number for each axis, and
        gets the values that the whole tensor would have there; fans are the tensor's. For a 1-D array, an int
        `offset` means the range of the flat tensor that starts there. A part needs its `offset`.
    threads
        The most threads to use, at least 1; None for OMP_NUM_THREADS or the CPUs this process may use.
        The values do not depend on it.
    on_empty
        What to do about an array without elements: ``"warn"`` (`EmptyArrayWarning`), ``"error"`` or
        ``"ignore"``.

    Returns
    -------
    numpy.ndarray
        The array that was given, filled.

    Raises
    ------
    TypeError
        `array` is not a plain NumPy array of a dtype that can be filled, or an argument has a wrong type.
    ValueError
        `array` is read-only, misaligned or overlaps itself, or an argument has a value it must not have.
        The array is then untouched.

    References
    ----------
    docs/stream.md defines u, on words of Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC'11).

    Examples
    --------
    >>> w = uniform_(np.empty(1000, np.float16), -1, 1, seed=42)
    >>> bool(w.min() >= -1 and w.max() < 1)
    True
    """
    return apply(array, Where(seed, name, global_shape, offset, threads, on_empty), UNIFORM, (a, b))
