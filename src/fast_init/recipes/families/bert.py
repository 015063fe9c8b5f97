"""BERT."""

from __future__ import annotations

from ...schemes.distributions import Normal, TruncatedNormal, zeros
from ...schemes.scheme import Scheme
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["bert"]


def bert(std: float = 0.02, *, padding_row: int | None = 0, tied: bool = True, truncated: bool = False) -> Recipe:
    """Return the recipe of BERT: N(0, std^2) for every matrix.

    - embeddings: N(0, std^2), the row of the padding token in word_embeddings 0
    - dense layers, pooler, heads: N(0, std^2); biases: 0; layer norms: 1 and 0
    - cls.predictions.decoder: weight and bias are word_embeddings, with its row of zeros, and cls.predictions.bias,
      if tied
    - if truncated: N(0, std^2) cut at two sigmas wherever it says N(0, std^2), which leaves 0.88 std; no row of zeros

    Source: transformers 5.23, modeling_utils.py, PreTrainedModel._init_weights, with models/bert/modeling_bert.py.
    truncated is Devlin et al., arXiv 1810.04805: google-research/bert, modeling.py, create_initializer.

    Parameters
    ----------
    std
        initializer_range.
    padding_row
        pad_token_id: the row of word_embeddings that is zero; None for none, which Google's code has not.
    tied
        tie_word_embeddings.
    truncated
        Whether to draw as Google's code does.

    Returns
    -------
    Recipe
        For the models of transformers' BERT, whatever their head.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import bert
    >>> name = "bert.encoder.layer.0.output.dense.weight"
    >>> bert().rule_for(name).scheme.std_for((768, 3072))
    0.02
    >>> round(bert(truncated=True, padding_row=None).rule_for(name).scheme.std_for((768, 3072)), 4)
    0.0176
    """
    plain: Scheme = TruncatedNormal(0.0, std, -2.0, 2.0, "sigma") if truncated else Normal(0.0, std)
    words, bias = "bert.embeddings.word_embeddings.weight", "cls.predictions.bias"
    decoder = [
        Rule(
            "cls.predictions.decoder.weight",
            plain,
            padding_row=padding_row if tied else None,
            tied_to=words if tied else None,
        ),
        Rule("cls.predictions.decoder.bias", zeros(), tied_to=bias if tied else None),
    ]
    return Recipe(
        [
            Rule("*embeddings.word_embeddings.weight", plain, padding_row=padding_row),
            *every(plain, "*embeddings.position_embeddings.weight", "*embeddings.token_type_embeddings.weight"),
            *linear(plain, *(f"*encoder.layer.*.self.{role}" for role in ("query", "key", "value"))),
            *linear(plain, "*encoder.layer.*.dense", "*pooler.dense"),
            *norm("*LayerNorm"),
            *decoder,
            Rule(bias, zeros()),
            *linear(plain, "cls.predictions.transform.dense", "cls.seq_relationship", "classifier", "qa_outputs"),
        ]
    )
