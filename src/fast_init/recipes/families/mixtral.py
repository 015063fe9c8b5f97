"""Mixtral, a mixture of experts, and Qwen3-MoE, whose code is the same."""

from __future__ import annotations

from dataclasses import replace

from ...sampling.numbers import non_negative
from ...schemes.distributions import Normal
from ...schemes.scheme import Scheme
from ...schemes.variance_scaling import TRUNCATED_STD, VarianceScaling
from ..recipe import Recipe
from ..rule import Rule
from .layers import every
from .llama import llama

__all__ = ["mixtral"]


def mixtral(
    std: float = 0.02, *, expert_scale: float | None = None, padding_row: int | None = None, tied: bool = False
) -> Recipe:
    """Return the recipe of Mixtral and Qwen3-MoE: Llama's, with a router and experts of N(0, std^2).

    - router and experts: N(0, std^2), whatever their fans
    - if expert_scale is given, as in Switch Transformers: N(0, expert_scale / fan_in) cut at two sigmas and not
      widened again, which leaves 0.88 of the standard deviation; fan_in is one expert's (layout "eoi"), not the stack's
    - all else: `llama`

    Source: transformers 5.23, models/mixtral/modeling_mixtral.py, MixtralPreTrainedModel._init_weights; Jiang et al.,
    arXiv 2401.04088, give none. expert_scale: Fedus et al., "Switch Transformers", arXiv 2101.03961, section 2.4,
    who lower it from 1 to 0.1; Mesh TensorFlow, mesh_tensorflow/layers.py, VarianceScalingInitializer.

    Parameters
    ----------
    std
        initializer_range.
    expert_scale
        In place of std, for router and experts.
    padding_row, tied
        As in `llama`.

    Returns
    -------
    Recipe
        For transformers' Mixtral and Qwen3-MoE, both with stacked experts (5) and with one module for each (4,
        and checkpoints).

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import mixtral
    >>> recipe = mixtral(expert_scale=0.1)
    >>> rule = recipe.rule_for("model.layers.0.mlp.experts.down_proj")
    >>> round(rule.scheme.std_for((8, 100, 1000)), 6)  # 0.8796 sqrt(0.1 / 1000)
    0.008796
    """
    plain: Scheme = Normal(0.0, std)
    stacked = plain
    if expert_scale is not None:
        after_cut = non_negative("expert_scale", expert_scale) * TRUNCATED_STD**2
        plain = VarianceScaling(after_cut, "fan_in", "truncated_normal")
        stacked = replace(plain, layout="eoi")
    experts: list[Rule] = [
        *every(stacked, "*layers.*.mlp.experts.gate_up_proj", "*layers.*.mlp.experts.down_proj"),
        *every(plain, "*layers.*.mlp.gate.weight"),
        *every(plain, "*layers.*.mlp.experts.*.*_proj.weight"),
        *every(plain, "*layers.*.block_sparse_moe.experts.*.w?.weight", "*layers.*.block_sparse_moe.gate.weight"),
    ]
    return Recipe([*experts, *llama(std, padding_row=padding_row, tied=tied).rules])
