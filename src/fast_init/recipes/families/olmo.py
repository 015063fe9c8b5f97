"""OLMo: `mitchell` and `full_megatron`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ...sampling.names import is_word
from ...sampling.numbers import non_negative, positive_int
from ...sampling.shown import shown
from ...schemes.distributions import TruncatedNormal
from ...schemes.scheme import Scheme
from ..formula import formula
from ..recipe import Recipe
from .decoder_roles import INNER, decoder

__all__ = ["olmo"]

InitFn: TypeAlias = Literal["mitchell", "full_megatron"]

# Standard deviations by role; "inner" are those of query, key, value and the MLP's first matrices.
LAWS: dict[InitFn, dict[str, str]] = {
    "mitchell": {
        "embedding": "1 / sqrt(d)",
        "inner": "1 / sqrt(d)",
        "attention_out": "1 / sqrt(2 * d * (l + 1))",
        "down": "1 / sqrt(2 * f * (l + 1))",
    },
    "full_megatron": {
        "embedding": "sigma",
        "inner": "sigma",
        "attention_out": "sigma / sqrt(2 * L)",
        "down": "sigma / sqrt(2 * L)",
    },
}


def olmo(
    init_fn: InitFn = "mitchell",
    *,
    d_model: int = 4096,
    d_ff: int = 11008,
    layers: int = 32,
    std: float = 0.02,
    cutoff: float = 3.0,
    tied_to: str | None = None,
) -> Recipe:
    """Return the recipe of OLMo, all of whose matrices are normal and cut at three sigmas.

    - mitchell: embedding, query, key, value, first matrices of the MLP, head: 1 / sqrt(d_model); output of
      attention: 1 / sqrt(2 d_model (l + 1)), last matrix of the MLP: 1 / sqrt(2 d_ff (l + 1)), in layer l = 0, 1, ...
    - full_megatron: embedding, query, key, value, first matrices of the MLP: std; output of attention and last matrix
      of the MLP: std / sqrt(2 layers); head: 1 / sqrt(d_model)
    - norms, where they have weights: 1 and 0; biases: 0

    These are standard deviations before the cut, which leaves 0.9866 of them.

    Source: ai2-olmo 0.6.0, olmo/model.py, OLMo.reset_parameters, OLMoBlock.reset_parameters and
    OLMoSequentialBlock.reset_parameters, with olmo/initialization.py, init_normal; Groeneveld et al., arXiv 2402.00838.
    emb_init_std and scale_emb_init are not set.

    Parameters
    ----------
    init_fn
        ``mitchell`` or ``full_megatron``.
    d_model
        Width.
    d_ff
        Inputs of the last matrix of the MLP: of OLMo's swiglu, half of mlp_hidden_size.
    layers
        n_layers, of which full_megatron makes use.
    std
        init_std, of full_megatron.
    cutoff
        init_cutoff_factor.
    tied_to
        The name of the token embedding whose values the head has; None for a head of its own.

    Returns
    -------
    Recipe
        For OLMo's own names, and for those of transformers' OLMo and of other decoders.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import olmo
    >>> olmo("mitchell", d_model=64, d_ff=256).rule_for("transformer.blocks.7.attn_out.weight").scheme
    trunc_normal(mean=0.0, std=0.03125, a=-3.0, b=3.0, bounds='sigma')
    >>> olmo("full_megatron", layers=8).rule_for("transformer.blocks.7.ff_out.weight").scheme.std
    0.005
    """
    if not is_word(init_fn, LAWS):
        raise ValueError(f"init_fn is {shown(init_fn)}; it must be one of {', '.join(LAWS)}: pass one of these")
    width, between = positive_int("d_model", d_model), positive_int("d_ff", d_ff)
    sizes = {"d": width, "f": between, "L": positive_int("layers", layers), "sigma": std}
    cut_at = non_negative("cutoff", cutoff)

    def cut(deviation: str) -> Scheme:
        return formula(TruncatedNormal, std=deviation, a=-cut_at, b=cut_at, bounds="sigma")

    law = {role: cut(deviation) for role, deviation in LAWS[init_fn].items()}
    return decoder(
        {
            "embedding": law["embedding"],
            **dict.fromkeys(INNER, law["inner"]),
            "attention_out": law["attention_out"],
            "down": law["down"],
            "head": cut("1 / sqrt(d)"),
        },
        sizes,
        tied_to=tied_to,
    )
