"""Variance scaling, of which He's, Xavier's and LeCun's initialisers are cases."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode, ScalingDistribution
from ..schemes.variance_scaling import VarianceScaling

__all__ = ["variance_scaling_"]


def variance_scaling_(
    array: A,
    scale: float = 1.0,
    mode: Mode = "fan_in",
    distribution: ScalingDistribution = "normal",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with zero-mean values of variance scale / fan, of which He's, Xavier's and LeCun's are cases.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    scale
        Finite, >= 0: the square of the gain.
    mode
        The fan that divides the variance: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` (their mean) or
        ``"fan_geo_avg"`` (their geometric mean).
    distribution
        ``"normal"``, ``"uniform"`` or ``"truncated_normal"``: cut at two standard deviations and widened so that
        the variance is still scale / fan. JAX's, Keras's and TensorFlow's ``*_normal`` are the last.
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
    The name is that of TensorFlow, Keras and JAX.

    Examples
    --------
    >>> w = variance_scaling_(np.empty((64, 128), np.float32), 2.0, "fan_in", "truncated_normal", seed=42)
    >>> bool(abs(w).max() < 2 * 0.125 / 0.8796)  # sigma = 0.125 after the cut
    True
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return VarianceScaling(scale, mode, distribution, layout).apply(array, where)
