"""CompleteP: muP, and residual branches divided by the depth."""

from __future__ import annotations

from collections.abc import Mapping

from ...sampling.numbers import non_negative
from ..recipe import Recipe
from .multipliers import Multipliers, multipliers_of
from .mup import ROLES, Role, mup

__all__ = ["complete_p", "complete_p_multipliers"]

# what, kind, formula of the multipliers of width, m, and of depth, k.
FACTORS = [
    ("hidden", "learning rate", "1 / m"),
    ("hidden", "weight decay", "m"),
    ("block", "epsilon", "1 / (m * k)"),
    ("residual branch", "forward", "1 / k"),
    ("output", "forward", "1 / m"),
    ("all else", "epsilon", "1 / m"),
]


def complete_p(recipe: Recipe, multiplier: float, *, roles: Mapping[str, Role] = ROLES) -> Recipe:
    """Return the recipe of a wider and deeper model by CompleteP, given that of the one on which it was tuned.

    With m = width / base width, standard deviations are those of the base times 1 for input and output weights and
    1 / sqrt(m) for hidden ones, whatever the depth: `mup` by its Table 8. The depth is in `complete_p_multipliers`,
    which divide residual branches by it. So the base should not scale weights by the depth too, as `gpt2` does;
    `llama` does not.

    Source: Dey et al., "Don't be lazy: CompleteP enables compute-efficient deep transformers", arXiv 2505.01618,
    Table 1, with alpha = 1.

    Parameters
    ----------
    recipe
        Of the base model.
    multiplier
        Width / base width.
    roles
        As in `mup`.

    Returns
    -------
    Recipe
        With the rules' patterns and options as they were.

    Raises
    ------
    TypeError, ValueError
        As in `mup`.

    Examples
    --------
    >>> from fast_init.recipes import complete_p, llama
    >>> wide = complete_p(llama(std=0.02), multiplier=16)
    >>> wide.rule_for("model.layers.0.mlp.up_proj.weight").scheme, wide.rule_for("lm_head.weight").scheme
    (normal(mean=0.0, std=0.005), normal(mean=0.0, std=0.02))
    """
    return mup(recipe, multiplier, table=8, roles=roles)


def complete_p_multipliers(width: float, depth: float) -> Multipliers:
    """Return what CompleteP multiplies, beside the weights of `complete_p`: activations and AdamW's numbers.

    With m the multiplier of the width and k that of the depth (of layers):

    - hidden weights: learning rate 1 / m, weight decay m
    - residual branches: x + f(x) / k; logits: 1 / m
    - epsilon of all that a block has: 1 / (m k); of all else: 1 / m

    Weight decay is AdamW's, which the learning rate multiplies. Source: Dey et al., arXiv 2505.01618, Table 1 and
    equation 40, with alpha = 1; EleutherAI/nanoGPT-mup, branch completep, model.py, Block.forward, GPT.forward and
    GPT.configure_optimizers.

    Parameters
    ----------
    width, depth
        Width / base width, layers / base layers.

    Returns
    -------
    Multipliers
        A table, whose values are ``table["hidden", "learning rate"]`` and so on.

    Raises
    ------
    TypeError, ValueError
        An argument is not a positive number.

    Examples
    --------
    >>> from fast_init.recipes import complete_p_multipliers
    >>> print(complete_p_multipliers(width=16, depth=4))
    what             kind           formula      value
    hidden           learning rate  1 / m        0.0625
    hidden           weight decay   m            16
    block            epsilon        1 / (m * k)  0.015625
    residual branch  forward        1 / k        0.25
    output           forward        1 / m        0.0625
    all else         epsilon        1 / m        0.0625
    """
    return multipliers_of(FACTORS, {"m": _positive("width", width), "k": _positive("depth", depth)})


def _positive(name: str, value: float) -> float:
    number = non_negative(name, value)
    if number == 0:
        raise ValueError(f"{name} is {value!r}; it must be positive: pass the model's / the base's")
    return number
