"""Llama as torchtitan has it: less in every layer than in the one before."""

from __future__ import annotations

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal, TruncatedNormal
from ..formula import formula
from ..recipe import Recipe
from .decoder_roles import decoder

__all__ = ["llama_torchtitan"]


def llama_torchtitan(
    d_model: int = 4096, std: float = 0.02, *, embedding_std: float = 1.0, tied_to: str | None = None
) -> Recipe:
    """Return the recipe of torchtitan's Llama 3, whose residual branches get less with each layer l = 0, 1, ...

    - query, key, value, and the gate (w1): N(0, std^2) cut at -2 and 2, a hundred sigmas
    - output of attention (wo), and up and down (w3, w2): N(0, std^2 / (2 (l + 1))) cut there
    - token embedding: N(0, embedding_std^2), 1 in torchtitan
    - head: N(0, 1 / d_model) cut at three sigmas, which leaves 0.9866 of it
    - if tied (enable_weight_tying): embedding and head are one tensor, with the law of the head
    - RMS norms: 1; biases, where there are some: 0

    Source: torchtitan 0.3.0, models/llama3/__init__.py, _LINEAR_INIT, _depth_init, _output_linear_init and
    _EMBEDDING_INIT, with models/common/param_init.py, depth_scaled_std. Of w1, w2 and w3 only w1 is not scaled.

    Parameters
    ----------
    d_model
        Width, 4096 of Llama 3 8B.
    std
        Of the first four, before the depth; 0.02 in torchtitan.
    embedding_std
        Of the token embedding.
    tied_to
        The name of the token embedding whose values the head has; None for a head of its own.

    Returns
    -------
    Recipe
        For torchtitan's names, and for those of transformers' Llama, Mistral and Qwen2.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import llama_torchtitan
    >>> recipe = llama_torchtitan(d_model=64)
    >>> recipe.rule_for("layers.7.attention.wo.weight").scheme  # 0.02 / sqrt(16)
    trunc_normal(mean=0.0, std=0.005, a=-2.0, b=2.0, bounds='absolute')
    >>> recipe.rule_for("lm_head.weight").scheme  # 1 / sqrt(64)
    trunc_normal(mean=0.0, std=0.125, a=-3.0, b=3.0, bounds='sigma')
    """
    sizes = {"d": positive_int("d_model", d_model), "sigma": std}
    plain = TruncatedNormal(0.0, std, -2.0, 2.0, "absolute")
    deep = formula(TruncatedNormal, std="sigma / sqrt(2 * (l + 1))", a=-2, b=2, bounds="absolute")
    head = formula(TruncatedNormal, std="1 / sqrt(d)", a=-3, b=3, bounds="sigma")
    return decoder(
        {
            "embedding": head if tied_to else Normal(0.0, embedding_std),
            **dict.fromkeys(("query_key", "value", "qkv", "gate"), plain),
            **dict.fromkeys(("attention_out", "up", "down"), deep),
            "head": head,
        },
        sizes,
        tied_to=tied_to,
    )
