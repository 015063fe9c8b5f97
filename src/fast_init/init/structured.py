"""Fills with a given pattern: sparse columns, and the identity as a matrix or a convolution."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.structured import Dirac, Eye, Sparse

__all__ = ["dirac_", "eye_", "sparse_"]


def sparse_(
    array: A,
    sparsity: float,
    std: float = 0.01,
    *,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill a matrix with N(0, std^2) and then, in each column, ceil(sparsity x rows) places with zeros.

    The other elements have the values of `normal_`. The zeros are where the words of an independent stream, that
    of the name with ``"\\0zeros"`` added, are the smallest of their column.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.

        It has two axes.
    sparsity
        Share of zeros in each column, in [0, 1].
    std
        Finite, >= 0.
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
    Martens, "Deep learning via Hessian-free optimization", ICML 2010.

    Examples
    --------
    >>> w = sparse_(np.empty((10, 4), np.float32), 0.3, seed=42)
    >>> (w == 0).sum(axis=0)
    array([3, 3, 3, 3])
    """
    return Sparse(sparsity, std).apply(array, Where(seed, name, global_shape, offset, threads, on_empty))


def dirac_(
    array: A,
    groups: int = 1,
    *,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    on_empty: OnEmpty = "warn",
) -> A:
    """Fill a convolution, (outputs, inputs, kernel axes), so that it passes as many inputs on as it can.

    Output k of each group is 1 at the kernel's center of input k, where there is one, and 0 elsewhere.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.

        Its axes are outputs, inputs and one to three of the kernel.
    groups
        Each group of outputs passes the same inputs on; a divisor of the outputs.
    global_shape, offset
        `array` is the block of a tensor of `global_shape` that starts at `offset`, a number for each axis, and
        gets the values that the whole tensor would have there; fans are the tensor's. For a 1-D array, an int
        `offset` means the range of the flat tensor that starts there. A part needs its `offset`.
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
    Zagoruyko and Komodakis, "DiracNets: training very deep neural networks without skip-connections", 2017.

    Examples
    --------
    >>> dirac_(np.empty((4, 2, 3), np.float32), groups=2)[:, :, 1]
    array([[1., 0.],
           [0., 1.],
           [1., 0.],
           [0., 1.]], dtype=float32)
    """
    return Dirac(groups).fill_(array, global_shape=global_shape, offset=offset, on_empty=on_empty)


def eye_(array: A, *, global_shape: Shape | None = None, offset: Offset | None = None, on_empty: OnEmpty = "warn") -> A:
    """Fill a matrix, not necessarily square, with ones on the diagonal and zeros elsewhere.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.

        It has two axes.
    global_shape, offset
        `array` is the block of a tensor of `global_shape` that starts at `offset`, a number for each axis, and
        gets the values that the whole tensor would have there; fans are the tensor's. For a 1-D array, an int
        `offset` means the range of the flat tensor that starts there. A part needs its `offset`.
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
    Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units", 2015.

    Examples
    --------
    >>> eye_(np.empty((2, 2), np.float32))
    array([[1., 0.],
           [0., 1.]], dtype=float32)
    """
    return Eye().fill_(array, global_shape=global_shape, offset=offset, on_empty=on_empty)
