"""GPT-2."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["gpt2"]


def gpt2(layers: int = 12, std: float = 0.02, *, tied: bool = True) -> Recipe:
    """Return the recipe of GPT-2: N(0, std^2), and less where a residual branch ends.

    - embeddings of tokens and positions, c_attn, q_attn, c_fc, heads: N(0, std^2)
    - c_proj of attention and MLP, which end the two residual branches of a layer: N(0, std^2 / (2 layers))
    - biases: 0; layer norms: 1 and 0
    - lm_head.weight: transformer.wte.weight, if tied

    Source: Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, section 2.3 (residual layers
    scaled by 1/sqrt(N)); transformers 5.23, models/gpt2/modeling_gpt2.py, GPT2PreTrainedModel._init_weights, which
    takes N = 2 layers. OpenAI's own code draws positions with a standard deviation of 0.01.

    Parameters
    ----------
    layers
        Blocks of the model, n_layer.
    std
        initializer_range.
    tied
        Whether lm_head.weight has the values of the token embedding.

    Returns
    -------
    Recipe
        For the models of transformers' GPT-2, whatever their head.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import gpt2
    >>> recipe = gpt2(layers=8)
    >>> recipe.rule_for("transformer.h.0.attn.c_attn.weight").scheme.std
    0.02
    >>> recipe.rule_for("transformer.h.0.attn.c_proj.weight").scheme.std  # 0.02 / sqrt(16)
    0.005
    """
    plain, last = Normal(0.0, std), Normal(0.0, std / sqrt(2 * positive_int("layers", layers)))
    return Recipe(
        [
            *every(plain, "*wte.weight", "*wpe.weight"),
            *linear(plain, "*h.*.c_attn", "*h.*.q_attn", "*h.*.c_fc"),
            *linear(last, "*h.*.c_proj"),
            *norm("*h.*.ln_*", "*ln_f"),
            Rule("lm_head.weight", plain, tied_to="transformer.wte.weight" if tied else None),
            *linear(plain, "score", "classifier", "qa_outputs", "multiple_choice_head.summary"),
        ]
    )
