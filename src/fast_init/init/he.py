"""He's initialisers."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode, Nonlinearity
from ..schemes.variance_scaling import he_normal, he_uniform

__all__ = ["he_normal_", "he_uniform_", "kaiming_normal_", "kaiming_uniform_"]


def he_normal_(
    array: A,
    a: float = 0.0,
    mode: Mode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with N(0, gain^2 / fan), by default sigma = sqrt(2 / fan_in): He et al.'s for rectifiers.

    Not truncated, as in the paper and in PyTorch. JAX's, Keras's and TensorFlow's `he_normal` draw from a
    normal truncated at two standard deviations and widened to the same variance: that is
    ``variance_scaling_(w, 2.0, "fan_in", "truncated_normal")``.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    a
        Negative slope of leaky_relu; 0 is relu. Other nonlinearities ignore it.
    mode
        The fan that divides the variance: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` (their mean) or
        ``"fan_geo_avg"`` (their geometric mean).
    nonlinearity
        Gives the gain: ``"relu"``, ``"tanh"``, ``"gelu"`` and the others of `calculate_gain`.
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
    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.

    Examples
    --------
    >>> w = he_normal_(np.empty((64, 128), np.float32), seed=42)  # sigma = sqrt(2 / 128) = 0.125
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.size) ** 0.5
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return he_normal(a, mode, nonlinearity, layout=layout).apply(array, where)


def he_uniform_(
    array: A,
    a: float = 0.0,
    mode: Mode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with U[-bound, bound), bound = gain sqrt(3 / fan): the variance of `he_normal_`, uniform.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    a
        Negative slope of leaky_relu; 0 is relu. Other nonlinearities ignore it.
    mode
        The fan that divides the variance: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` (their mean) or
        ``"fan_geo_avg"`` (their geometric mean).
    nonlinearity
        Gives the gain: ``"relu"``, ``"tanh"``, ``"gelu"`` and the others of `calculate_gain`.
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
    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.

    Examples
    --------
    >>> w = he_uniform_(np.empty((64, 128), np.float32), seed=42)
    >>> bool(abs(w).max() <= (6 / 128) ** 0.5)
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return he_uniform(a, mode, nonlinearity, layout=layout).apply(array, where)


kaiming_normal_ = he_normal_
kaiming_uniform_ = he_uniform_
