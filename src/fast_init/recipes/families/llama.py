"""Llama, and the models whose code is the same: Mistral, Qwen2, Qwen3."""

from __future__ import annotations

from ...schemes.distributions import Normal
from ..recipe import Recipe
from ..rule import Rule
from .layers import linear, norm

__all__ = ["llama"]


def llama(std: float = 0.02, *, padding_row: int | None = None, tied: bool = False) -> Recipe:
    """Return the recipe of Llama, Mistral, Qwen2 and Qwen3: N(0, std^2) for every matrix.

    - token embedding: N(0, std^2), the row of the padding token 0
    - q, k, v, o, gate, up and down projections, heads: N(0, std^2); their biases, where there are some: 0
    - RMS norms, Qwen3's of queries and keys too: 1
    - lm_head.weight: model.embed_tokens.weight with its row of zeros, if tied

    Source: transformers 5.23, modeling_utils.py, PreTrainedModel._init_weights, which models/llama/modeling_llama.py
    does not override. The papers (Touvron et al., arXiv 2302.13971 and 2307.09288) give no initialisation.

    Parameters
    ----------
    std
        initializer_range.
    padding_row
        pad_token_id: the row of the token embedding that is zero; None for none.
    tied
        tie_word_embeddings: whether lm_head.weight has the values of the token embedding.

    Returns
    -------
    Recipe
        For the models of transformers' Llama, Mistral, Qwen2 and Qwen3, whatever their head.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import llama
    >>> model = {"model.embed_tokens.weight": np.empty((8, 2), np.float32)}
    >>> report = llama(padding_row=3).init_(model, seed=42)
    >>> model["model.embed_tokens.weight"][2:5]
    array([[0.02206283, 0.01433431],
           [0.        , 0.        ],
           [0.01949356, 0.04848366]], dtype=float32)
    """
    plain = Normal(0.0, std)
    return Recipe(
        [
            Rule("*embed_tokens.weight", plain, padding_row=padding_row),
            *linear(plain, "*layers.*.self_attn.?_proj", "*layers.*.mlp.*_proj"),
            *norm("*norm"),
            Rule("lm_head.weight", plain, padding_row=padding_row, tied_to="model.embed_tokens.weight")
            if tied
            else Rule("lm_head.weight", plain),
            *linear(plain, "score", "classifier", "qa_outputs"),
        ]
    )
