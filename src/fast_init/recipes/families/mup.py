"""Width scaling of a recipe by the maximal update parametrisation, muP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from ...sampling.numbers import non_negative
from ...schemes.distributions import zeros
from ..recipe import Recipe
from ..rule import Rule

__all__ = ["ROLES", "TABLES", "Role", "Table", "mup"]

Role: TypeAlias = Literal["input", "hidden", "output"]
Table: TypeAlias = Literal[3, 8]

INPUT: Final = "input"
HIDDEN: Final = "hidden"
OUTPUT: Final = "output"

# Exponents of the width multiplier in the standard deviation, by table of arXiv 2203.03466 and role.
TABLES: dict[Table, dict[Role, float]] = {
    3: {INPUT: 0.0, HIDDEN: -0.5, OUTPUT: -1.0},
    8: {INPUT: 0.0, HIDDEN: -0.5, OUTPUT: 0.0},
}

# Roles of the rules of gpt2() and llama(), by their patterns.
ROLES: dict[str, Role] = {
    **dict.fromkeys(["*wte.weight", "*wpe.weight", "*embed_tokens.weight"], INPUT),
    **dict.fromkeys([f"*h.*.{layer}.weight" for layer in ("c_attn", "q_attn", "c_fc", "c_proj")], HIDDEN),
    **dict.fromkeys(["*layers.*.self_attn.?_proj.weight", "*layers.*.mlp.*_proj.weight"], HIDDEN),
    **dict.fromkeys([f"{head}.weight" for head in ("lm_head", "score", "classifier", "qa_outputs")], OUTPUT),
    "multiple_choice_head.summary.weight": OUTPUT,
}


def mup(
    recipe: Recipe,
    multiplier: float,
    *,
    table: Table = 8,
    zero_output: bool = False,
    roles: Mapping[str, Role] = ROLES,
) -> Recipe:
    """Return the recipe of a wider model by muP, given that of the narrow one on which it was tuned.

    With m = width / base width, standard deviations are those of the base times

    - input weights, such as embeddings, whose inputs do not grow with the width: 1
    - hidden weights: 1 / sqrt(m), so that the variance is as 1 / fan_in
    - output weights, whose outputs do not grow: 1 / m (Table 3: variance as 1 / fan_in^2), or 1 (Table 8: the
      variance constant, and the model multiplies the outputs by 1 / m itself); or zeros

    Biases and norms stay as they are. This is the initialisation alone: muP also wants Adam's learning rate of hidden
    weights (Table 3: of output weights too) divided by m, and attention logits divided by the head's width, not by
    its root. Only Table 8 allows output weights to be tied to an embedding.

    Source: Yang et al., "Tensor Programs V", arXiv 2203.03466, Tables 3 and 8; Table 8 is what the package mup 1.0.0
    does. zero_output: its appendix D.2.

    Parameters
    ----------
    recipe
        Of the base model: `gpt2`, `llama`, or another with its roles.
    multiplier
        Width / base width.
    table
        3 or 8.
    zero_output
        Whether output weights start at zero.
    roles
        ``input``, ``hidden`` or ``output`` for the pattern of each rule that draws.

    Returns
    -------
    Recipe
        With the rules' patterns and options as they were.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be; a rule has no role, or a scheme that is not normal or scaled by fan_in;
        tied output weights are to differ from what they are tied to.

    Examples
    --------
    >>> from fast_init.recipes import llama, mup
    >>> wide = mup(llama(std=0.02), multiplier=4096 / 256, table=3)
    >>> for name in ("model.embed_tokens", "model.layers.0.mlp.up_proj", "lm_head"):
    ...     print(name, wide.rule_for(f"{name}.weight").scheme.std)
    model.embed_tokens 0.02
    model.layers.0.mlp.up_proj 0.005
    lm_head 0.00125
    """
    if not isinstance(recipe, Recipe):
        raise TypeError(f"recipe is {recipe!r}; it must be a Recipe: pass gpt2(), say")
    if non_negative("multiplier", multiplier) == 0:
        raise ValueError(f"multiplier is {multiplier!r}; it must be positive: pass width / base width")
    if table not in tuple(TABLES):
        raise ValueError(f"table is {table!r}; it must be one of {', '.join(map(str, TABLES))}: pass one of these")
    return Recipe((_widened(rule, multiplier, table, zero_output, roles) for rule in recipe.rules), recipe.sizes)


def _widened(rule: Rule, multiplier: float, table: Table, zero_output: bool, roles: Mapping[str, Role]) -> Rule:
    if any(scheme is not rule.scheme for scheme in rule.schemes):
        raise ValueError(
            f"parts of {rule.pattern!r} have schemes of their own; muP scales one scheme of a rule: scale theirs first"
        )
    if not rule.scheme.is_random:
        return rule
    role = roles.get(rule.pattern)
    if role not in TABLES[table]:
        raise ValueError(
            f"role of {rule.pattern!r} is {role!r}; a rule that draws is input, hidden or output: pass it in roles"
        )
    if role == OUTPUT and rule.tied_to is not None and (zero_output or table != 8):
        raise ValueError(
            f"{rule.pattern!r} is tied to {rule.tied_to!r}; outputs that scale otherwise than inputs cannot be: "
            "pass table=8 without zero_output, or a recipe that is not tied"
        )
    if role == OUTPUT and zero_output:
        return replace(rule, scheme=zeros())
    if rule.scheme.fan_in_power is None:
        raise ValueError(
            f"scheme of {rule.pattern!r} is {rule.scheme!r}; muP scales a normal, or a variance by fan_in: pass such"
        )
    by_fan = 0.0 if role == INPUT else rule.scheme.fan_in_power  # what 1 / fan_in does already
    return replace(rule, scheme=rule.scheme.times(multiplier, TABLES[table][role] - by_fan))
