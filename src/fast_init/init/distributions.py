"""The public functions that draw from a distribution with given parameters: each in place, returning its array."""

from __future__ import annotations

from numpy import ndarray

from ..sampling.calls import WORDS_PLAN
from ..sampling.destinations import WORDS, A, check_array, dtype_of
from ..sampling.filling import draw
from ..sampling.names import Bounds, OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.distributions import Normal, TruncatedNormal, Uniform
from .apply import WRONG, Plans, apply
from .docstrings import documented

__all__ = ["bits_", "normal_", "trunc_normal_", "uniform_"]

NORMAL, UNIFORM = Plans(Normal, 2), Plans(Uniform, 2)
TRUNCATED = {bounds: Plans(TruncatedNormal, 4, bounds) for bounds in ("absolute", "sigma")}


@documented
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
    {array}
    mean, std
        Finite, std >= 0, within the range of the dtype.
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    Box and Muller, 1958, on words of Philox4x32-10 (Salmon et al., SC'11); see docs/stream.md.

    Examples
    --------
    >>> w = normal_(np.empty((2, 3), np.float32), seed=42)
    >>> bool((w.ravel()[:4] == normal_(np.empty(4, np.float32), seed=42)).all())
    True
    """
    # `apply` in place: the one function that is called with a few elements often enough for its 70 ns to count.
    if type(array) is not ndarray or not array.flags.carray:
        check_array(array)
    try:
        plan = NORMAL.known[NORMAL.pack(mean, std), array.dtype]
    except WRONG:
        plan = NORMAL.make(array, (mean, std))
    return draw(array, plan, Where(seed, name, global_shape, offset, threads, on_empty))


@documented
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
    """Fill with U[a, b): fma(u, b - a, a), u having 24 bits (53 for float64); b itself never comes.

    Parameters
    ----------
    {array}
    a, b
        Finite, a <= b, rounded to the dtype; b - a within its range. Where no value of the dtype lies in
        [a, b) every element is a.
    {random}

    Raises
    ------
    {raises}

    Examples
    --------
    >>> w = uniform_(np.empty(1000, np.float16), -1, 1, seed=42)
    >>> bool(w.min() >= -1 and w.max() < 1)
    True
    """
    return apply(array, Where(seed, name, global_shape, offset, threads, on_empty), UNIFORM, (a, b))


@documented
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
    {array}
    mean, std
        Finite, std >= 0, within the range of the dtype.
    a, b
        a < b; either may be infinite. Beware that PyTorch's defaults, which these are, are absolute: with
        std = 0.02, -2 and 2 are at 100 standard deviations.
    bounds
        ``"absolute"``, or ``"sigma"`` for a and b in standard deviations from the mean.
    {random}

    Raises
    ------
    {raises}
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
    if bounds not in tuple(TRUNCATED):
        return TruncatedNormal(mean, std, a, b, bounds).apply(array, where)  # raises
    return apply(array, where, TRUNCATED[bounds], (mean, std, a, b))


@documented
def bits_(
    array: A,
    *,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill a uint32 array with the raw words of the stream, one word per element.

    Parameters
    ----------
    array
        The destination: uint32, of any shape and strides.
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.

    Examples
    --------
    >>> hex(bits_(np.empty(1, np.uint32), seed=0)[0])  # Random123's first known answer
    '0x6627e8d5'
    """
    dtype_of(array, WORDS)
    return draw(array, WORDS_PLAN, Where(seed, name, global_shape, offset, threads, on_empty))
