"""Orthogonal matrices, and convolutions of which one is the center."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.orthogonal import DeltaOrthogonal, Orthogonal

__all__ = ["delta_orthogonal_", "orthogonal_"]


def orthogonal_(
    array: A,
    gain: float = 1.0,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill with gain times a matrix that is orthogonal, of the uniform (Haar) law: Q of a QR of normals.

    The array is read as a matrix of its output axes by all others, as PyTorch flattens it; the rows or the
    columns, whichever are fewer, are orthonormal. Axes ``e`` and ``b`` of the layout hold independent matrices.
    Q is LAPACK's: for one seed its bits may differ between machines and numbers of threads, by rounding.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.

        16-bit matrices are made in float32.
    gain
        Finite.
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
    Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks", ICLR 2014; Mezzadri, "How to generate random matrices from the classical compact groups", 2007.

    Examples
    --------
    >>> w = orthogonal_(np.empty((64, 128), np.float64), seed=42)
    >>> bool(np.allclose(w @ w.T, np.eye(64)))
    True
    """
    return Orthogonal(gain, layout).apply(array, Where(seed, name, global_shape, offset, threads, on_empty))


def delta_orthogonal_(
    array: A,
    gain: float = 1.0,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill a convolution with zeros but for the kernel's center, which is gain times an orthogonal matrix.

    A signal then passes with its norm times gain. The bits are LAPACK's, see `orthogonal_`.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.

        It has at least as many outputs as inputs.
    gain
        Finite.
    layout
        One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's, ``"...io"`` JAX's and Keras's.

        JAX's `delta_orthogonal` has ``"...io"``.
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
    Xiao, Bahri, Sohl-Dickstein, Schoenholz and Pennington, "Dynamical isometry and a mean field theory of CNNs",
    ICML 2018.

    Examples
    --------
    >>> w = delta_orthogonal_(np.empty((32, 16, 3, 3), np.float64), seed=42)
    >>> bool(np.allclose(w[:, :, 1, 1].T @ w[:, :, 1, 1], np.eye(16))), int(np.count_nonzero(w))
    (True, 512)
    """
    return DeltaOrthogonal(gain, layout).apply(array, Where(seed, name, global_shape, offset, threads, on_empty))
