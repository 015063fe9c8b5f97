"""He's and Xavier's initialisers: each fills in place and returns its array."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode, Nonlinearity
from ..schemes.variance_scaling import he_normal, he_uniform, xavier_normal, xavier_uniform
from .docstrings import documented

__all__ = [
    "glorot_normal_",
    "glorot_uniform_",
    "he_normal_",
    "he_uniform_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "xavier_normal_",
    "xavier_uniform_",
]


@documented
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
    """Fill with N(0, gain^2 / fan), by default sqrt(2 / fan_in): He et al.'s for rectifiers.

    Not truncated, as in the paper and in PyTorch. JAX's, Keras's and TensorFlow's `he_normal` draw from a
    normal truncated at two standard deviations and widened to the same variance: that is
    ``variance_scaling_(w, 2.0, "fan_in", "truncated_normal")``.

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
    scheme = he_normal(a, mode, nonlinearity, layout=layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
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
    scheme = he_uniform(a, mode, nonlinearity, layout=layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
def xavier_normal_(
    array: A,
    gain: float = 1.0,
    mode: Mode = "fan_avg",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
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
    scheme = xavier_normal(gain, mode, layout=layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
def xavier_uniform_(
    array: A,
    gain: float = 1.0,
    mode: Mode = "fan_avg",
    *,
    layout: str = DEFAULT_LAYOUT,
    seed: Seed = None,
    name: str | None = None,
    global_shape: Shape | None = None,
    offset: Offset | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
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
    scheme = xavier_uniform(gain, mode, layout=layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


kaiming_normal_ = he_normal_
kaiming_uniform_ = he_uniform_
glorot_normal_ = xavier_normal_
glorot_uniform_ = xavier_uniform_
