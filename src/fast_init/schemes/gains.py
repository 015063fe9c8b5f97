"""Gains of nonlinearities."""

from __future__ import annotations

from math import isfinite, sqrt

from ..sampling.names import is_word
from ..sampling.numbers import number_or_nan
from ..sampling.shown import shown
from .names import Nonlinearity

__all__ = ["SQUARED_GAINS", "calculate_gain", "squared_gain"]

_CONVOLUTIONS = [f"conv{transpose}{n}d" for transpose in ("", "_transpose") for n in (1, 2, 3)]

# Squared, so that relu's is exactly 2. Conventional values are those of torch.nn.init.calculate_gain: relu's is He et
# al.'s (2015), 1 for sigmoid Glorot and Bengio's linear regime (2010), 5/3 and 3/4 are empirical.
# Derived values keep E[f(z)^2] = 1 for z ~ N(0, 1), He's condition for relu: 1 / E[f(z)^2]. The moments are given
# here; tests/test_gains.py integrates them again.
SQUARED_GAINS: dict[str, float] = {
    **dict.fromkeys(["linear", "identity", *_CONVOLUTIONS, "sigmoid"], 1.0),
    "tanh": 25 / 9,
    "relu": 2.0,
    "selu": 9 / 16,
    "gelu": 1 / 0.42522148257029867,
    **dict.fromkeys(["silu", "swish"], 1 / 0.35577551981735215),
    "mish": 1 / 0.45234219237588277,
    "elu": 1 / 0.64494541749292386,
    "softplus": 1 / 0.92124590885930028,
}


def calculate_gain(nonlinearity: Nonlinearity, param: float | None = None) -> float:
    """Return the factor by which a nonlinearity's weights are scaled so that the signal keeps its size.

    Parameters
    ----------
    nonlinearity
        ``linear``, ``identity``, ``conv1d`` ... ``conv_transpose3d``, ``sigmoid`` (1), ``tanh`` (5/3),
        ``relu`` (sqrt 2), ``leaky_relu`` (sqrt(2 / (1 + param^2))), ``selu`` (3/4): PyTorch's values.
        ``gelu``, ``silu`` or ``swish``, ``mish``, ``elu``, ``softplus``: 1 / sqrt(E[f(z)^2]) with z
        standard normal, the condition from which He et al. derive sqrt 2 for relu.
    param
        Negative slope of ``leaky_relu``, 0.01 if None; the others take none and ignore it, as PyTorch does.

    Raises
    ------
    ValueError
        The name is unknown or the slope is not a finite number.

    References
    ----------
    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015; Glorot and Bengio, AISTATS 2010.

    Examples
    --------
    >>> calculate_gain("tanh")
    1.6666666666666667
    >>> round(calculate_gain("leaky_relu", 0.2), 4)
    1.3868
    """
    return sqrt(squared_gain(nonlinearity, 0.01 if param is None else param))


def squared_gain(nonlinearity: Nonlinearity, param: float) -> float:
    """Return the square of what `calculate_gain` returns; 2 for relu."""
    if not is_word(nonlinearity, (*SQUARED_GAINS, "leaky_relu")):
        known = ", ".join(sorted([*SQUARED_GAINS, "leaky_relu"]))
        raise ValueError(f"nonlinearity is {shown(nonlinearity)}; it must be one of {known}: pass one of these")
    if nonlinearity == "leaky_relu":
        slope = number_or_nan(param)
        if not isfinite(slope):
            raise ValueError(f"slope is {shown(param)}; leaky_relu needs a finite number: pass one, such as 0.01")
        return 2 / (1 + slope * slope)
    return SQUARED_GAINS[nonlinearity]
