"""DeepNorm: post-norm transformers of up to a thousand layers."""

from __future__ import annotations

from typing import Final

from ...sampling.numbers import int_of, positive_int
from ...schemes.distributions import Normal
from ...schemes.variance_scaling import xavier_normal
from ..formula import formula
from ..recipe import Recipe
from ..rule import Rule
from .attention_stacks import EMBEDDINGS_AND_HEADS, stack
from .layers import linear, norm
from .multipliers import Multipliers, multipliers_of

__all__ = ["deepnorm", "deepnorm_multipliers"]

ALONE = ("*layers", "sqrt(sqrt(2 * {0}))", "1 / sqrt(sqrt(8 * {0}))")  # of an encoder or a decoder, by its layers
ENCODER: Final = (  # of a model of both; x^(1/16)
    "*encoder.layers",
    "0.81 * sqrt(sqrt(sqrt(sqrt(N ** 4 * M))))",
    "0.87 / sqrt(sqrt(sqrt(sqrt(N ** 4 * M))))",
)
DECODER: Final = ("*decoder.layers", "sqrt(sqrt(3 * M))", "1 / sqrt(sqrt(12 * M))")


def deepnorm(d_model: int = 512, encoder_layers: int = 0, decoder_layers: int = 18) -> Recipe:
    """Return the recipe of DeepNorm: Xavier's normal law, with the gain beta where values and outputs are made.

    - query, key: N(0, 2 / (fan_in + fan_out))
    - value, output of attention, matrices of the MLP: beta^2 times that
    - one stack of N layers: beta = (8 N)^(-1/4)
    - N encoder and M decoder layers: beta = 0.87 (N^4 M)^(-1/16) in the encoder, (12 M)^(-1/4) in the decoder
    - embeddings, head: N(0, 1 / d_model), fairseq's, of which the paper says nothing
    - layer norms: 1 and 0; biases: 0

    The residual connections are LayerNorm(alpha x + f(x)): `deepnorm_multipliers` has alpha.

    Source: Wang et al., "DeepNet: Scaling Transformers to 1,000 Layers", arXiv 2203.00555, Figure 2. The authors'
    torchscale 0.3.0, architecture/encoder.py and decoder.py, has the same alpha and beta but for the encoder of a model
    of both, whose beta has 1.15 for 0.87; and it scales uniform laws, Xavier's and PyTorch's default.

    Parameters
    ----------
    d_model
        Width.
    encoder_layers, decoder_layers
        N and M; 0 for a model without.

    Returns
    -------
    Recipe
        For fairseq's names (which transformers' BART has) and those of transformers' Llama, whose query, key and value
        are tensors of their own.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import deepnorm, deepnorm_multipliers
    >>> scheme = deepnorm(decoder_layers=32).rule_for("layers.0.fc1.weight").scheme  # (8 * 32) ** (-1 / 4)
    >>> scheme.std_for((96, 32))  # sqrt(2 / 128) / 4
    0.03125
    >>> deepnorm_multipliers(decoder_layers=8)["decoder residual", "forward"]
    2.0
    """
    sizes, stacks = _stacks(encoder_layers, decoder_layers)
    plain = formula(Normal, std="1 / sqrt(d)")
    rules: list[Rule] = []
    for _, layers, _, beta in stacks:
        rules += stack(layers, xavier_normal(), formula(xavier_normal, gain=beta))
    return Recipe(
        [*rules, *linear(plain, *EMBEDDINGS_AND_HEADS), *norm("*norm", "*layernorm_embedding")],
        {"d": positive_int("d_model", d_model), **sizes},
    )


def deepnorm_multipliers(encoder_layers: int = 0, decoder_layers: int = 18) -> Multipliers:
    """Return alpha of each stack of `deepnorm`, by which a residual connection multiplies its input before it adds.

    One stack of N layers: (2 N)^(1/4). N encoder and M decoder layers: 0.81 (N^4 M)^(1/16) in the encoder,
    (3 M)^(1/4) in the decoder. Source: Wang et al., arXiv 2203.00555, Figure 2.

    Parameters
    ----------
    encoder_layers, decoder_layers
        As in `deepnorm`.

    Returns
    -------
    Multipliers
        A table, whose values are ``table["decoder residual", "forward"]`` and so on.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import deepnorm_multipliers
    >>> print(deepnorm_multipliers(encoder_layers=6, decoder_layers=6))
    what              kind     formula                                    value
    encoder residual  forward  0.81 * sqrt(sqrt(sqrt(sqrt(N ** 4 * M))))  1.41794
    decoder residual  forward  sqrt(sqrt(3 * M))                          2.05977
    """
    sizes, stacks = _stacks(encoder_layers, decoder_layers)
    return multipliers_of([(f"{stack} residual", "forward", alpha) for stack, _, alpha, _ in stacks], sizes)


def _stacks(encoder_layers: int, decoder_layers: int) -> tuple[dict[str, float], list[tuple[str, str, str, str]]]:
    """Return the sizes of the formulas, and of each stack its name, its layers' names, alpha and beta."""
    sizes = {"N": _count("encoder_layers", encoder_layers), "M": _count("decoder_layers", decoder_layers)}
    if all(sizes.values()):
        return dict(sizes), [("encoder", *ENCODER), ("decoder", *DECODER)]
    if not any(sizes.values()):
        raise ValueError("encoder_layers and decoder_layers are 0; a model has layers: pass a number of one or both")
    stack, size = ("encoder", "N") if sizes["N"] else ("decoder", "M")
    layers, alpha, beta = (text.format(size) for text in ALONE)
    return {size: sizes[size]}, [(stack, layers, alpha, beta)]


def _count(name: str, value: object) -> int:
    return 0 if int_of(value) == 0 else positive_int(name, value)
