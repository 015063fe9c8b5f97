"""The public functions that find their parameters from the shape: each fills in place and returns its array."""

from __future__ import annotations

from .docstrings import documented
from .fans import DEFAULT_LAYOUT
from .filling import A, fill_scheme
from .gains import calculate_gain
from .schemes import Scheme, gain_squared
from .streams import Seed

__all__ = [
    "glorot_normal_",
    "glorot_uniform_",
    "he_normal_",
    "he_uniform_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "xavier_normal_",
    "xavier_uniform_",
]


@documented
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
    return fill_scheme(array, scheme, seed, name, threads)


@documented
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
    return fill_scheme(array, scheme, seed, name, threads)


@documented
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
    return fill_scheme(array, Scheme(gain_squared(gain), mode, "normal", layout), seed, name, threads)


@documented
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
    return fill_scheme(array, Scheme(gain_squared(gain), mode, "uniform", layout), seed, name, threads)


@documented
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
    return fill_scheme(array, Scheme(1.0, "fan_in", "normal", layout), seed, name, threads)


@documented
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
    return fill_scheme(array, Scheme(1.0, "fan_in", "uniform", layout), seed, name, threads)


kaiming_normal_ = he_normal_
kaiming_uniform_ = he_uniform_
glorot_normal_ = xavier_normal_
glorot_uniform_ = xavier_uniform_
