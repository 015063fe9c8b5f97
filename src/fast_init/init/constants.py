"""Fills with one value: nothing is drawn."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.where import Where
from ..schemes.distributions import Constant

__all__ = ["constant_", "ones_", "zeros_"]


def constant_(array: A, val: float, *, on_empty: OnEmpty = "warn") -> A:
    """Fill with one value.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
    val
        Within the range of the dtype, or an infinity or NaN.
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

    Examples
    --------
    >>> constant_(np.empty(3, np.float32), 0.5)
    array([0.5, 0.5, 0.5], dtype=float32)
    """
    return Constant(val).apply(array, Where(on_empty=on_empty))


def zeros_(array: A, *, on_empty: OnEmpty = "warn") -> A:
    """Fill with zeros: ``constant_(array, 0.0)``.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
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

    Examples
    --------
    >>> zeros_(np.empty(3, np.float32))
    array([0., 0., 0.], dtype=float32)
    """
    return constant_(array, 0.0, on_empty=on_empty)


def ones_(array: A, *, on_empty: OnEmpty = "warn") -> A:
    """Fill with ones: ``constant_(array, 1.0)``.

    Parameters
    ----------
    array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even.
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

    Examples
    --------
    >>> ones_(np.empty(3, np.float32))
    array([1., 1., 1.], dtype=float32)
    """
    return constant_(array, 1.0, on_empty=on_empty)
