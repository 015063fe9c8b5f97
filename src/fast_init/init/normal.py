"""Fills with a normal distribution, whole or truncated."""

from __future__ import annotations

from numpy import ndarray

from ..sampling.destinations import A, check_array
from ..sampling.filling import draw_at
from ..sampling.names import Bounds, OnEmpty, is_word
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.distributions import Normal, TruncatedNormal
from ..schemes.plans import Plans, apply

__all__ = ["normal_", "trunc_normal_"]

NORMAL = Plans(Normal, 2)
TRUNCATED = {bounds: Plans(TruncatedNormal, 4, bounds) for bounds in ("absolute", "sigma")}


def normal_(
    array: A,
    mean: float = 0.0,
    std: float = 1.0,
    *,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with N(mean, std^2): fma(z, std, mean) of the element's standard normal z.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    mean, std
        Finite, std >= 0, within the range of the dtype.
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
    Box and Muller, "A note on the generation of random normal deviates", 1958, on words of Philox4x32-10 (Salmon,
    Moraes, Dror and Shaw, SC'11); see docs/stream.md.

    Examples
    --------
    >>> w = normal_(np.empty((2, 3), np.float32), seed=42)
    >>> bool((w.ravel()[:4] == normal_(np.empty(4, np.float32), seed=42)).all())
    True
    """
    # `apply` in place: of all functions this is called most often with a few elements, where it saves a quarter.
    if type(array) is not ndarray or not array.flags.carray:
        check_array(array)
    try:
        plan = NORMAL.known[NORMAL.pack(mean, std), array.dtype, type(mean), type(std)]
    except Exception:  # numbers that are new, or are none
        plan = NORMAL.make(array, (mean, std))
    return draw_at(array, plan, seed, name, global_shape, offset, threads, on_empty)


def trunc_normal_(
    array: A,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    *,
    bounds: Bounds = "absolute",
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with N(mean, std^2) conditioned on [a, b]: one word to one value, by the quantile function.

    Exact for narrow, wide, one-sided and far intervals; no value lies outside, none piles up at a bound. `std`
    is that of the normal before it is cut. Where both bounds are beyond 9.5 standard deviations, the values
    are those of `normal_`.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    mean, std
        Finite, std >= 0, within the range of the dtype.
    a, b
        a < b; either may be infinite. Beware that PyTorch's defaults, which these are, are absolute: with
        std = 0.02, -2 and 2 are at 100 standard deviations.
    bounds
        ``"absolute"``, or ``"sigma"`` for a and b in standard deviations from the mean.
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

        Also if no value of the dtype lies in [a, b].

    References
    ----------
    docs/stream.md defines the quantile function; its error is of the order of the dtype's rounding.

    Examples
    --------
    >>> w = trunc_normal_(np.empty(100_000, np.float32), std=0.02, a=-2, b=2, bounds="sigma", seed=42)
    >>> float(abs(w).max()) <= 0.04, round(float(w.std() / 0.02), 2)  # cut at 2 sigma: std is 0.88 sigma
    (True, 0.88)
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    if not is_word(bounds, TRUNCATED):
        return TruncatedNormal(mean, std, a, b, bounds).apply(array, where)  # raises
    return apply(array, where, TRUNCATED[bounds], (mean, std, a, b))
