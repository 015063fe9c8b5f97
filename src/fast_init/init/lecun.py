"""LeCun's initialisers."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.variance_scaling import lecun_normal, lecun_uniform

__all__ = ["lecun_normal_", "lecun_uniform_"]


def lecun_normal_(
    array: A,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with N(0, 1 / fan_in): the 1/sqrt(n) rule as a Gaussian. Not truncated.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    layout
        One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's, ``"...io"`` JAX's and Keras's.
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
    LeCun, Bottou, Orr and Mueller, "Efficient BackProp", 1998.

    Examples
    --------
    >>> w = lecun_normal_(np.empty((100, 64), np.float32), seed=42)  # sigma = 1/8
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.size) ** 0.5
    True
    """
    return lecun_normal(layout=layout).apply(array, Where(seed, name, global_shape, offset, threads, on_empty))


def lecun_uniform_(
    array: A,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with U[-bound, bound), bound = sqrt(3 / fan_in): variance 1 / fan_in.

    The range of +-1/sqrt(fan_in), which has a third of that variance, is
    ``he_uniform_(w, a=5**0.5)``: PyTorch's default for its layers.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    layout
        One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's, ``"...io"`` JAX's and Keras's.
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
    LeCun, Bottou, Orr and Mueller, "Efficient BackProp", 1998.

    Examples
    --------
    >>> w = lecun_uniform_(np.empty((100, 64), np.float32), seed=42)
    >>> bool(abs(w).max() <= (3 / 64) ** 0.5)
    True
    """
    return lecun_uniform(layout=layout).apply(array, Where(seed, name, global_shape, offset, threads, on_empty))
