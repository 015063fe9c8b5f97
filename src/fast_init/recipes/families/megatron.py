"""Megatron-LM's scaled initialisation."""

from __future__ import annotations

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal
from ..formula import formula
from ..recipe import Recipe
from .decoder_roles import BRANCH_ENDS, INNER, decoder

__all__ = ["megatron"]


def megatron(layers: int = 24, std: float = 0.02, *, tied_to: str | None = None) -> Recipe:
    """Return the recipe of Megatron-LM: N(0, std^2), and less where a residual branch ends.

    - embeddings, query, key, value, first matrices of the MLP, head: N(0, std^2)
    - output of attention (linear_proj), last matrix of the MLP (linear_fc2): N(0, std^2 / (2 layers))
    - biases: 0; norms: 1 and 0

    That is the law of `gpt2`, here for the names of more libraries.

    Source: Shoeybi et al., "Megatron-LM", arXiv 1909.08053, section 4.2 (0.02, and before residual layers scaled by
    1 / sqrt(2 N)); megatron-core 0.16.1, core/utils.py, init_method_normal and scaled_init_method_normal, which
    core/transformer/transformer_config.py, TransformerConfig, holds as init_method and output_layer_init_method.

    Parameters
    ----------
    layers
        num_layers.
    std
        init_method_std.
    tied_to
        The name of the token embedding whose values the head has; None for a head of its own.

    Returns
    -------
    Recipe
        For the names of Megatron-Core's GPT and of other decoders.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import megatron
    >>> megatron(layers=8).rule_for("decoder.layers.3.mlp.linear_fc2.weight").scheme  # 0.02 / sqrt(16)
    normal(mean=0.0, std=0.005)
    """
    plain, last = Normal(0.0, std), formula(Normal, std="sigma / sqrt(2 * L)")
    return decoder(
        {
            **dict.fromkeys(("embedding", *INNER, "head"), plain),
            **dict.fromkeys(BRANCH_ENDS, last),
        },
        {"L": positive_int("layers", layers), "sigma": std},
        tied_to=tied_to,
    )
