"""DeepSeek-V3, a mixture of experts with latent attention."""

from __future__ import annotations

from ...schemes.distributions import Normal, zeros
from ..recipe import Recipe
from .layers import every, linear
from .mixtral import mixtral

__all__ = ["deepseek_v3"]


def deepseek_v3(std: float = 0.02, *, padding_row: int | None = None, tied: bool = False) -> Recipe:
    """Return the recipe of DeepSeek-V3 and R1: N(0, std^2) for every matrix.

    - low-rank projections of queries, keys and values, router, experts, shared experts: N(0, std^2)
    - the bias by which the router balances experts, e_score_correction_bias: 0
    - all else: `llama`

    Source: transformers 5.24, models/deepseek_v3/modeling_deepseek_v3.py, DeepseekV3PreTrainedModel._init_weights.
    DeepSeek-AI, arXiv 2412.19437, section 4.2, draw with std=0.006, where the library's default is 0.02.

    Parameters
    ----------
    std
        initializer_range.
    padding_row, tied
        As in `llama`.

    Returns
    -------
    Recipe
        For transformers' DeepSeek-V3, both with stacked experts (5) and with one module for each (checkpoints).

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import deepseek_v3
    >>> deepseek_v3(std=0.006).rule_for("model.layers.3.mlp.experts.gate_up_proj").scheme
    normal(mean=0.0, std=0.006)
    """
    latent = linear(Normal(0.0, std), "*.self_attn.*_[ab]_proj", "*.self_attn.kv_a_proj_with_mqa")
    balance = every(zeros(), "*.mlp.gate.e_score_correction_bias")
    return Recipe([*latent, *balance, *mixtral(std, padding_row=padding_row, tied=tied).rules])
