"""The initialisers of other libraries, as records: a call says whose semantics it has."""

from __future__ import annotations

from inspect import signature
from typing import Any

from ..schemes.scheme import Scheme
from .jax import JAX
from .keras import KERAS
from .shared import Table
from .tf1 import TF1
from .torch import TORCH

__all__ = ["from_jax", "from_keras", "from_tf1", "from_torch"]


def from_torch(name: str, /, **options: Any) -> Scheme:
    """Return the scheme that draws what PyTorch draws: a function of torch.nn.init, or a layer's default.

    Fans are counted as torch counts them, by position: axis 1 in, axis 0 out, both times the rest, also where
    that is not what the axes mean (ConvTranspose, the packed in_proj_weight of MultiheadAttention, groups).
    The row of zeros of an Embedding with a padding_idx is not part of the record.

    Parameters
    ----------
    name
        A function of torch.nn.init, such as ``kaiming_normal_``; or a layer, ``Linear``, for its weight;
        ``Linear.bias``, ``MultiheadAttention.in_proj_weight`` and the like for another parameter. ``LSTM``,
        ``GRU``, ``RNN`` and their cells stand for all of their parameters, ``Transformer`` for its matrices.
    options
        The function's own arguments under its own names, with its defaults. ``fan_in`` of a bias:
        `compute_fans` of the weight (of Bilinear, in1_features). ``hidden_size`` of a recurrent layer. ``layout``
        where there are fans: of an array whose axes are not in torch's order.

    Returns
    -------
    Scheme
        The record; `fill_` applies it.

    Raises
    ------
    ValueError
        The name is unknown, or an option has a value that it must not have.
    TypeError
        The name takes no such option, or needs one.

    Examples
    --------
    >>> round(from_torch("Linear").std_for((64, 100)), 6)  # U(-1/10, 1/10)
    0.057735
    >>> from_torch("Linear.bias", fan_in=100)
    uniform(a=-0.1, b=0.1)
    >>> from_torch("kaiming_normal_", nonlinearity="relu") == he_normal()
    True
    """
    return _preset("torch", TORCH, name, options)


def from_keras(name: str, /, **options: Any) -> Scheme:
    """Return the scheme that draws what Keras 3 draws: an initialiser, or a layer's default.

    ``he_normal`` and its kin are truncated at two sigmas and widened to the variance that they name;
    ``VarianceScaling(distribution="normal")`` is truncated too; ``TruncatedNormal`` is not widened.
    Fans are those of the last two axes times the rest; EinsumDense and the attention layers count the axes of
    their equations, since Keras 3.15 (``layout="...io"`` is what they did before). Not expressed: a vector's
    fans, of which Keras takes both to be its length (for ``fan_in``, pass ``layout="i"``); the bias of an LSTM,
    whose forget gates start at 1; STFT; Identity with another gain.

    Parameters
    ----------
    name
        A class or its snake-case name, ``HeNormal`` or ``he_normal``; or a layer, ``Dense``, for its kernel (or
        embeddings); ``Dense.bias``, ``LSTM.recurrent_kernel``, ``MultiHeadAttention.query`` and the like for
        another weight.
    options
        The initialiser's own arguments under its own names, with its defaults. ``layout`` where there are
        fans: of an array whose axes are not in Keras's order. EinsumDense needs it.

    Returns
    -------
    Scheme
        The record; `fill_` applies it.

    Raises
    ------
    ValueError
        The name is unknown, or an option has a value that it must not have.
    TypeError
        The name takes no such option, or needs one.

    Examples
    --------
    >>> from_keras("he_normal")
    variance_scaling(scale=2.0, mode='fan_in', distribution='truncated_normal', layout='...io')
    >>> from_keras("Embedding")
    uniform(a=-0.05, b=0.05)
    """
    return _preset("keras", KERAS, name, options)


def from_jax(name: str, /, **options: Any) -> Scheme:
    """Return the scheme that draws what JAX draws: a function of jax.nn.initializers, or a Flax layer's default.

    ``he_normal`` and its kin are truncated at two sigmas and widened to the variance that they name;
    ``truncated_normal`` is not widened; ``uniform`` starts at 0.

    Parameters
    ----------
    name
        A function of jax.nn.initializers, such as ``he_normal``; or a layer of flax.linen or flax.nnx,
        ``Dense``, for its kernel (or embedding); ``Dense.bias``, ``LSTMCell.recurrent_kernel``,
        ``LayerNorm.scale``, ``MultiHeadAttention.query`` and the like for another parameter.
    options
        The function's own arguments under its own names, with its defaults, but for ``layout``, which says what
        in_axis, out_axis, batch_axis and column_axis say: ``"e...io"`` is ``batch_axis=0``. DenseGeneral and
        LinearGeneral need it.

    Returns
    -------
    Scheme
        The record; `fill_` applies it.

    Raises
    ------
    ValueError
        The name is unknown, or an option has a value that it must not have.
    TypeError
        The name takes no such option, or needs one.

    Examples
    --------
    >>> from_jax("he_normal", layout="e...io").std_for((8, 128, 64))  # eight experts
    0.125
    >>> from_jax("normal")
    normal(mean=0.0, std=0.01)
    """
    return _preset("jax", JAX, name, options)


def from_tf1(name: str, /, **options: Any) -> Scheme:
    """Return the scheme that draws what TensorFlow 1.15 draws.

    tf.contrib.layers' ``variance_scaling_initializer`` and ``xavier_initializer`` have sigma =
    sqrt(1.3 factor / n) before the cut at two sigmas, a variance 0.6 % above factor / n.
    ``variance_scaling``, ``he_normal`` and the like are tf.initializers', and are Keras's; in the first releases
    of TensorFlow 1 these were not widened, which is 0.7737 of the variance. Not expressed:
    convolutional_orthogonal_1d to 3d; a vector's fans, as with `from_keras`.

    Parameters
    ----------
    name
        A function of tf.contrib.layers, ``tf.*_initializer`` or tf.initializers. ``get_variable`` is its
        default. ``variance_scaling_initializer`` is contrib's: core's has the name ``variance_scaling``.
    options
        The function's own arguments under its own names, with its defaults. ``layout`` where there are fans: of
        an array whose axes are not in TensorFlow's order.

    Returns
    -------
    Scheme
        The record; `fill_` applies it.

    Raises
    ------
    ValueError
        The name is unknown, or an option has a value that it must not have.
    TypeError
        The name takes no such option, or needs one.

    Examples
    --------
    >>> round(from_tf1("variance_scaling_initializer").std_for((128, 64)), 5)  # sqrt(2 / 128) is 0.125
    0.12537
    >>> from_tf1("xavier_initializer") == from_keras("glorot_uniform")
    True
    """
    return _preset("tf1", TF1, name, options)


def _preset(library: str, table: Table, name: str, options: dict[str, Any]) -> Scheme:
    if name not in tuple(table):
        raise ValueError(f"name is {name!r}; from_{library} knows {', '.join(sorted(table))}: pass one of these")
    make = table[name]
    try:
        signature(make).bind(**options)
    except TypeError as error:
        takes = ", ".join(signature(make).parameters) or "none"
        raise TypeError(
            f"the options are {options}; from_{library} takes for {name!r} {takes} ({error}): pass these"
        ) from None
    return make(**options)
