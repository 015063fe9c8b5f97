"""T-Fixup: transformers of an encoder and a decoder without layer norms and warm-up."""

from __future__ import annotations

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal
from ...schemes.variance_scaling import xavier_uniform
from ..formula import formula
from ..recipe import Recipe
from .attention_stacks import EMBEDDINGS_AND_HEADS, stack
from .layers import linear

__all__ = ["t_fixup"]


def t_fixup(d_model: int = 512, encoder_layers: int = 6, decoder_layers: int = 6) -> Recipe:
    """Return the recipe of T-Fixup: Xavier's uniform law, less for values, outputs, MLP and embeddings.

    With N encoder and M decoder layers:

    - query, key: U(-a, a), a = sqrt(6 / (fan_in + fan_out))
    - value, output of attention, matrices of the MLP in the encoder: 0.67 N^(-1/4) times that
    - the same in the decoder: (9 M)^(-1/4) times that
    - embeddings, and the head that is tied to them: N(0, 1 / d_model), times (9 M)^(-1/4)
    - biases: 0; there are no layer norms

    Source: Huang et al., "Improving Transformer Optimization Through Better Initialization", ICML 2020, T-Fixup
    Initialization, for as many encoder as decoder layers. It has N(0, d^(-1/2)) for embeddings, which its code takes as
    the standard deviation: layer6ai-labs/T-Fixup, fairseq/modules/transformer_layer.py, fixup_initialization, and
    fairseq/models/transformer.py. That code differs in two things: q and k have the gain 1 / sqrt(2) of fairseq's
    MultiheadAttention.reset_parameters, and embeddings of the encoder the factor (9 N)^(-1/4).

    Parameters
    ----------
    d_model
        Width.
    encoder_layers, decoder_layers
        N and M.

    Returns
    -------
    Recipe
        For the names of fairseq and of transformers' BART, without layer norms.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import t_fixup
    >>> recipe = t_fixup(d_model=64, decoder_layers=9)
    >>> recipe.rule_for("decoder.embed_tokens.weight").scheme.std  # 1 / 8 / 81 ** (1 / 4)
    0.041666666666666664
    """
    decoder = "1 / sqrt(sqrt(9 * M))"
    plain = xavier_uniform()
    return Recipe(
        [
            *stack("*encoder.layers", plain, formula(xavier_uniform, gain="0.67 / sqrt(sqrt(N))")),
            *stack("*decoder.layers", plain, formula(xavier_uniform, gain=decoder)),
            *linear(formula(Normal, std=f"{decoder} / sqrt(d)"), *EMBEDDINGS_AND_HEADS),
        ],
        {
            "d": positive_int("d_model", d_model),
            "N": positive_int("encoder_layers", encoder_layers),
            "M": positive_int("decoder_layers", decoder_layers),
        },
    )
