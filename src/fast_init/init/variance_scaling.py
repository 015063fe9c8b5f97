"""LeCun's initialisers and variance scaling, of which all are cases: each fills in place and returns its array."""

from __future__ import annotations

from ..sampling.destinations import A
from ..sampling.names import OnEmpty
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..schemes.fans import DEFAULT_LAYOUT
from ..schemes.names import Mode, ScalingDistribution
from ..schemes.variance_scaling import VarianceScaling, lecun_normal, lecun_uniform
from .docstrings import documented

__all__ = ["lecun_normal_", "lecun_uniform_", "variance_scaling_"]


@documented
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
    {array}
    {layout}
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
    scheme = lecun_normal(layout=layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
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
    {array}
    {layout}
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
    scheme = lecun_uniform(layout=layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )


@documented
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
    """Fill with zero-mean values of variance scale / fan, of which all the schemes here are cases.

    Parameters
    ----------
    {array}
    scale
        Finite, >= 0: the square of the gain.
    {scaled}
    distribution
        ``normal``, ``uniform`` or ``truncated_normal``: cut at two standard deviations and widened so that
        the variance is still scale / fan. JAX's, Keras's and TensorFlow's ``*_normal`` are the last.
    {random}

    Raises
    ------
    {raises}

    References
    ----------
    The name is that of TensorFlow, Keras and JAX.

    Examples
    --------
    >>> w = variance_scaling_(np.empty((64, 128), np.float32), 2.0, "fan_in", "truncated_normal", seed=42)
    >>> bool(abs(w).max() < 2 * 0.125 / 0.8796)  # sigma = 0.125 after the cut
    True
    """
    scheme = VarianceScaling(scale, mode, distribution, layout)
    return scheme.fill_(
        array, seed=seed, name=name, global_shape=global_shape, offset=offset, threads=threads, on_empty=on_empty
    )
