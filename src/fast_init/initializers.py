"""The public functions: each fills an array in place and returns it."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, sqrt
from typing import Any, TypeVar

import numpy as np

from . import _core
from .destinations import FLOATS, WORDS, DType, dtype_of
from .fans import DEFAULT_LAYOUT
from .gains import calculate_gain
from .schemes import Scheme, gain_squared
from .streams import Seed, key_of, stream_of
from .threads import threads_of

A = TypeVar("A", bound=np.ndarray[Any, Any])
F = TypeVar("F", bound=Callable[..., Any])

_RANDOM_DOC = """seed
        An int in [0, 2**64); a NumPy SeedSequence or Generator, from which 64 bits are drawn; or None for
        fresh entropy of the system.
    name
        Names an independent stream under the same seed: the tensor's name, say.
    threads
        The most threads to use, at least 1; None for OMP_NUM_THREADS or the CPUs this process may use.
        The values do not depend on it."""
_RAISES_DOC = """TypeError
        `array` is not a plain NumPy array of a dtype that can be filled, or an argument has a wrong type.
    ValueError
        `array` is read-only, misaligned or overlaps itself, or an argument has a value it must not have.
        The array is then untouched."""
_ARRAY_DOC = """array
        The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
        16-bit results are the float32 results rounded to nearest even."""
_SCALED_DOC = """mode
        ``fan_in``, ``fan_out``, ``fan_avg`` (their mean) or ``fan_geo_avg`` (their geometric mean).
    layout
        One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's."""


def _documented(function: F) -> F:
    """Write the texts that many docstrings share where {array}, {scaled}, {random}, {raises} stand."""
    assert function.__doc__ is not None
    texts = {"{array}": _ARRAY_DOC, "{scaled}": _SCALED_DOC, "{random}": _RANDOM_DOC, "{raises}": _RAISES_DOC}
    for mark, text in texts.items():
        function.__doc__ = function.__doc__.replace(mark, text)
    return function


@_documented
def normal_(
    array: A,
    mean: float = 0.0,
    std: float = 1.0,
    *,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
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
    dtype = dtype_of(array, FLOATS)
    mean, std = _finite("mean", mean, dtype), _finite("std", std, dtype)
    if std < 0:
        raise ValueError(f"std is {std!r}; it must not be negative: pass a number >= 0")
    return _fill(array, dtype, _core.NORMAL, mean, std, seed, name, threads)


@_documented
def uniform_(
    array: A,
    a: float = 0.0,
    b: float = 1.0,
    *,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
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
    dtype = dtype_of(array, FLOATS)
    a, b = _finite("a", a, dtype), _finite("b", b, dtype)
    if a > b:
        raise ValueError(f"a is {a!r} and b is {b!r}; a must not be greater than b: swap them")
    _finite("b - a", b - a, dtype)
    return _fill(array, dtype, _core.UNIFORM, a, b, seed, name, threads)


@_documented
def he_normal_(
    array: A,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
) -> A:
    """Fill with N(0, gain^2 / fan), by default sqrt(2 / fan_in): He et al.'s for rectifiers.

    Not truncated, as in the paper and in PyTorch. JAX's, Keras's and TensorFlow's `he_normal` draw from a
    normal truncated at two standard deviations and widened to the same variance.

    Parameters
    ----------
    {array}
    a
        Negative slope of leaky_relu; 0 is relu. Other nonlinearities ignore it.
    nonlinearity
        Gives the gain, see `calculate_gain`.
    {scaled}
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.

    Examples
    --------
    >>> w = he_normal_(np.empty((64, 128), np.float32), seed=42)  # sigma = sqrt(2 / 128) = 0.125
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.size) ** 0.5
    True
    """
    scheme = Scheme(calculate_gain(nonlinearity, a) ** 2, mode, "normal", layout)
    return _fill_scheme(array, scheme, seed, name, threads)


@_documented
def he_uniform_(
    array: A,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
) -> A:
    """Fill with U[-bound, bound), bound = gain sqrt(3 / fan): the variance of `he_normal_`, uniform.

    Parameters
    ----------
    {array}
    a
        Negative slope of leaky_relu; 0 is relu. Other nonlinearities ignore it.
    nonlinearity
        Gives the gain, see `calculate_gain`.
    {scaled}
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.

    Examples
    --------
    >>> w = he_uniform_(np.empty((64, 128), np.float32), seed=42)
    >>> bool(abs(w).max() <= (6 / 128) ** 0.5)
    True
    """
    scheme = Scheme(calculate_gain(nonlinearity, a) ** 2, mode, "uniform", layout)
    return _fill_scheme(array, scheme, seed, name, threads)


@_documented
def xavier_normal_(
    array: A,
    gain: float = 1.0,
    mode: str = "fan_avg",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
) -> A:
    """Fill with N(0, gain^2 / fan), by default the mean fan: sigma = sqrt(2 / (fan_in + fan_out)).

    ``mode="fan_in"`` gives the form of many textbooks, sigma = sqrt(1 / fan_in).

    Parameters
    ----------
    {array}
    gain
        Finite, >= 0.
    {scaled}
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010.

    Examples
    --------
    >>> w = xavier_normal_(np.empty((96, 32), np.float64), seed=42)  # sigma = sqrt(2 / 128) = 0.125
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.size) ** 0.5
    True
    """
    return _fill_scheme(array, Scheme(gain_squared(gain), mode, "normal", layout), seed, name, threads)


@_documented
def xavier_uniform_(
    array: A,
    gain: float = 1.0,
    mode: str = "fan_avg",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
) -> A:
    """Fill with U[-bound, bound), bound = gain sqrt(3 / fan), by default sqrt(6 / (fan_in + fan_out)).

    Parameters
    ----------
    {array}
    gain
        Finite, >= 0.
    {scaled}
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    Glorot and Bengio, AISTATS 2010.

    Examples
    --------
    >>> w = xavier_uniform_(np.empty((96, 32), np.float32), seed=42)
    >>> bool(abs(w).max() <= (6 / 128) ** 0.5)
    True
    """
    return _fill_scheme(array, Scheme(gain_squared(gain), mode, "uniform", layout), seed, name, threads)


@_documented
def lecun_normal_(
    array: A,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
) -> A:
    """Fill with N(0, 1 / fan_in): the 1/sqrt(n) rule as a Gaussian. Not truncated.

    Parameters
    ----------
    {array}
    layout
        One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's.
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    LeCun, Bottou, Orr and Mueller, "Efficient BackProp", 1998.

    Examples
    --------
    >>> w = lecun_normal_(np.empty((100, 64), np.float32), seed=42)  # sigma = 1/8
    >>> abs(float(w.std()) - 0.125) < 4 * 0.125 / (2 * w.size) ** 0.5
    True
    """
    return _fill_scheme(array, Scheme(1.0, "fan_in", "normal", layout), seed, name, threads)


@_documented
def lecun_uniform_(
    array: A,
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
) -> A:
    """Fill with U[-bound, bound), bound = sqrt(3 / fan_in): variance 1 / fan_in.

    The range of +-1/sqrt(fan_in), which has a third of that variance, is
    ``he_uniform_(w, a=5**0.5)``: PyTorch's default for its layers.

    Parameters
    ----------
    {array}
    layout
        One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's.
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    LeCun, Bottou, Orr and Mueller, "Efficient BackProp", 1998.

    Examples
    --------
    >>> w = lecun_uniform_(np.empty((100, 64), np.float32), seed=42)
    >>> bool(abs(w).max() <= (3 / 64) ** 0.5)
    True
    """
    return _fill_scheme(array, Scheme(1.0, "fan_in", "uniform", layout), seed, name, threads)


kaiming_normal_ = he_normal_
kaiming_uniform_ = he_uniform_
glorot_normal_ = xavier_normal_
glorot_uniform_ = xavier_uniform_


@_documented
def bits_(array: A, *, seed: Seed = None, name: str | None = None, threads: int | None = None) -> A:
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
    return _fill(array, dtype_of(array, WORDS), _core.BITS, 0.0, 0.0, seed, name, threads)


@_documented
def constant_(array: A, val: float) -> A:
    """Fill with one value.

    Parameters
    ----------
    {array}
    val
        Within the range of the dtype, or an infinity or NaN.

    Raises
    ------
    {raises}

    Examples
    --------
    >>> constant_(np.empty(3, np.float32), 0.5)
    array([0.5, 0.5, 0.5], dtype=float32)
    """
    dtype = dtype_of(array, FLOATS)
    value = _number("val", val)
    array.fill(_finite("val", value, dtype) if isfinite(value) else value)
    return array


def zeros_(array: A) -> A:
    """Fill with zeros: ``constant_(array, 0.0)``.

    Examples
    --------
    >>> zeros_(np.empty(3, np.float32))
    array([0., 0., 0.], dtype=float32)
    """
    return constant_(array, 0.0)


def ones_(array: A) -> A:
    """Fill with ones: ``constant_(array, 1.0)``.

    Examples
    --------
    >>> ones_(np.empty(3, np.float32))
    array([1., 1., 1.], dtype=float32)
    """
    return constant_(array, 1.0)


def _fill_scheme(array: A, scheme: Scheme, seed: Seed, name: str | None, threads: int | None) -> A:
    dtype = dtype_of(array, FLOATS)
    std = _finite("the scheme's std", scheme.std_for(array.shape), dtype)
    if scheme.distribution == "normal":
        return _fill(array, dtype, _core.NORMAL, 0.0, std, seed, name, threads)
    bound = sqrt(3) * std
    return _fill(array, dtype, _core.UNIFORM, -bound, bound, seed, name, threads)


def _fill(
    array: A, dtype: DType, distribution: int, p0: float, p1: float, seed: Seed, name: str | None, threads: int | None
) -> A:
    stream, count = stream_of(name), threads_of(threads)
    try:
        _core.fill(array, distribution, dtype.code, p0, p1, key_of(seed), stream, count)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("fill interrupted: the array is partly filled; fill it again before use") from None
    return array


def _number(what: str, value: Any) -> float:
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{what} is {value!r}; it must be a number: pass a float") from None


def _finite(what: str, value: Any, dtype: DType) -> float:
    """Return value as a float; TypeError if it is no number, ValueError if the dtype cannot hold it."""
    number = value if type(value) is float else _number(what, value)
    if not -dtype.largest <= number <= dtype.largest:
        rule = (
            f"the array's dtype holds at most {dtype.largest:.6g}" if isfinite(number) else "it must be a finite number"
        )
        raise ValueError(f"{what} is {value!r}; {rule}: pass a number of that range")
    return number
