"""The public functions that draw nothing: constants, zeros, ones."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.where import Where
from ..schemes.distributions import Constant
from .docstrings import documented

__all__ = ["constant_", "ones_", "zeros_"]


@documented
def constant_(array: A, val: float, *, on_empty: OnEmpty = "warn") -> A:
    """Fill with one value.

    Parameters
    ----------
    {array}
    val
        Within the range of the dtype, or an infinity or NaN.
    on_empty
        As in `normal_`.

    Raises
    ------
    {raises}

    Examples
    --------
    >>> constant_(np.empty(3, np.float32), 0.5)
    array([0.5, 0.5, 0.5], dtype=float32)
    """
    return Constant(val).apply(array, Where(on_empty=on_empty))


def zeros_(array: A, *, on_empty: OnEmpty = "warn") -> A:
    """Fill with zeros: ``constant_(array, 0.0)``.

    Examples
    --------
    >>> zeros_(np.empty(3, np.float32))
    array([0., 0., 0.], dtype=float32)
    """
    return constant_(array, 0.0, on_empty=on_empty)


def ones_(array: A, *, on_empty: OnEmpty = "warn") -> A:
    """Fill with ones: ``constant_(array, 1.0)``.

    Examples
    --------
    >>> ones_(np.empty(3, np.float32))
    array([1., 1., 1.], dtype=float32)
    """
    return constant_(array, 1.0, on_empty=on_empty)
