"""GPT-NeoX: a width's small_init, and a depth's wang_init where a residual branch ends."""

from __future__ import annotations

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal
from ..formula import formula
from ..recipe import Recipe
from .decoder_roles import BRANCH_ENDS, INNER, decoder

__all__ = ["gpt_neox"]


def gpt_neox(d_model: int = 6144, layers: int = 44, *, tied_to: str | None = None) -> Recipe:
    """Return the recipe of GPT-NeoX: small_init, and wang_init at the end of both residual branches.

    - embeddings, query, key, value, first matrix of the MLP, head: N(0, 2 / (5 d_model)), small_init
    - output of attention, last matrix of the MLP: N(0, (2 / (layers sqrt(d_model)))^2), wang_init
    - biases: 0; layer norms: 1 and 0

    Source: Black et al., "GPT-NeoX-20B", arXiv 2204.06745, section 2.1, Initialization; EleutherAI/gpt-neox,
    megatron/model/init_functions.py, small_init_init_method and wang_init_method, as init_method and
    output_layer_init_method. small_init: sqrt(2 / (d + 4 d)) of Nguyen and Salazar, arXiv 1910.05895. wang_init: Wang,
    "Mesh-Transformer-JAX", 2021. transformers' own GPT-NeoX draws N(0, 0.02^2) throughout instead.

    Parameters
    ----------
    d_model
        hidden_size, 6144 of GPT-NeoX-20B.
    layers
        num_layers, 44 there.
    tied_to
        The name of the token embedding whose values the head has; None for a head of its own.

    Returns
    -------
    Recipe
        For the names of transformers' GPT-NeoX and of other decoders.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import gpt_neox
    >>> recipe = gpt_neox(d_model=1000, layers=10)
    >>> recipe.rule_for("gpt_neox.layers.3.mlp.dense_h_to_4h.weight").scheme  # sqrt(2 / 5000)
    normal(mean=0.0, std=0.02)
    >>> round(recipe.rule_for("gpt_neox.layers.3.mlp.dense_4h_to_h.weight").scheme.std, 6)  # 2 / (10 sqrt(1000))
    0.006325
    """
    small, wang = formula(Normal, std="sqrt(2 / (5 * d))"), formula(Normal, std="2 / (L * sqrt(d))")
    return decoder(
        {
            **dict.fromkeys(("embedding", *INNER, "head"), small),
            **dict.fromkeys(BRANCH_ENDS, wang),
        },
        {"d": positive_int("d_model", d_model), "L": positive_int("layers", layers)},
        tied_to=tied_to,
    )
