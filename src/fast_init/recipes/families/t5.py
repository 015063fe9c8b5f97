"""T5."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import finite, positive_int
from ...schemes.distributions import Constant, Normal
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear

__all__ = ["t5"]


def t5(d_model: int, d_kv: int, num_heads: int, d_ff: int, factor: float = 1.0, *, tied: bool = True) -> Recipe:
    """Return the recipe of T5: a standard deviation for each role, all times factor.

    - token embedding, lm_head: 1
    - query: 1 / sqrt(d_model d_kv), since T5 does not divide the logits by sqrt(d_kv)
    - key, value, relative attention bias, wi (and wi_0, wi_1): 1 / sqrt(d_model)
    - output of attention: 1 / sqrt(num_heads d_kv)
    - wo: 1 / sqrt(d_ff)
    - layer norms: factor itself
    - encoder.embed_tokens, decoder.embed_tokens, and lm_head if tied: shared.weight
    - heads: 1 / sqrt(d_model) of T5ForSequenceClassification and T5ForQuestionAnswering, 1 of
      T5ForTokenClassification; their biases 0

    Source: Raffel et al., arXiv 1910.10683, whose code is Mesh TensorFlow; transformers 5.23,
    models/t5/modeling_t5.py, T5PreTrainedModel._init_weights. transformers 5 ties lm_head whatever the
    configuration says; in 4, T5 1.1 is not tied.

    Parameters
    ----------
    d_model, d_kv, num_heads, d_ff
        Width, width of a head, heads, width between wi and wo.
    factor
        initializer_factor.
    tied
        Whether lm_head.weight has the values of the token embedding.

    Returns
    -------
    Recipe
        For the models of transformers' T5, whatever their head.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import t5
    >>> recipe = t5(d_model=512, d_kv=64, num_heads=8, d_ff=2048)
    >>> for role in ("SelfAttention.q", "SelfAttention.k", "DenseReluDense.wo"):
    ...     print(role, round(recipe.rule_for(f"encoder.block.0.layer.0.{role}.weight").scheme.std, 4))
    SelfAttention.q 0.0055
    SelfAttention.k 0.0442
    DenseReluDense.wo 0.0221
    """
    width, head = positive_int("d_model", d_model), positive_int("d_kv", d_kv)
    heads, between = positive_int("num_heads", num_heads), positive_int("d_ff", d_ff)
    factor = finite("factor", factor)

    def within(fan: int) -> Normal:
        return Normal(0.0, factor / sqrt(fan))

    return Recipe(
        [
            *every(within(1), "*shared.weight"),
            *_embeddings(within(1)),
            Rule("lm_head.weight", within(1), tied_to="shared.weight" if tied else None),
            *every(within(width * head), "*Attention.q.weight"),
            *every(within(width), "*Attention.[kv].weight", "*Attention.relative_attention_bias.weight"),
            *every(within(heads * head), "*Attention.o.weight"),
            *every(within(width), "*DenseReluDense.wi.weight", "*DenseReluDense.wi_[01].weight"),
            *every(within(between), "*DenseReluDense.wo.weight"),
            *every(Constant(factor), "*layer_norm.weight"),
            *linear(within(width), "classification_head.dense", "classification_head.out_proj", "qa_outputs"),
            *linear(within(1), "classifier"),
        ]
    )


def _embeddings(scheme: Normal) -> list[Rule]:
    """Names that stand for shared.weight, in a model alone and in one with a head."""
    return [
        Rule(f"{prefix}{side}.embed_tokens.weight", scheme, tied_to=f"{prefix}shared.weight")
        for prefix in ("", "transformer.")
        for side in ("encoder", "decoder")
    ]
