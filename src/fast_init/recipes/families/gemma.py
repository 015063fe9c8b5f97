"""Gemma: Llama, with norms that are zero."""

from __future__ import annotations

from ...schemes.distributions import zeros
from ..recipe import Recipe
from .layers import every
from .llama import llama

__all__ = ["gemma"]


def gemma(std: float = 0.02, *, padding_row: int | None = 0, tied: bool = True) -> Recipe:
    """Return the recipe of Gemma 1, 2 and 3: N(0, std^2) for every matrix, and norms of zero.

    - RMS norms: 0, since Gemma's multiply by 1 + weight, where Llama's multiply by weight
    - all else: `llama`, with the padding token 0 and lm_head tied, as Gemma's configurations have them

    Source: transformers 5.24, models/gemma, gemma2 and gemma3, *PreTrainedModel._init_weights; Gemma 3's text models
    only. The reports (arXiv 2403.08295, 2408.00118, 2503.19786) give no initialisation.

    Parameters
    ----------
    std
        initializer_range.
    padding_row, tied
        As in `llama`.

    Returns
    -------
    Recipe
        For the models of transformers' Gemma, Gemma 2 and Gemma 3 without its image tower, whatever their head.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import gemma
    >>> gemma().rule_for("model.layers.0.pre_feedforward_layernorm.weight").scheme
    constant(val=0.0)
    """
    return Recipe([*every(zeros(), "*norm.weight"), *llama(std, padding_row=padding_row, tied=tied).rules])
