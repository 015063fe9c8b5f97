"""Weights to run an inference engine with: of no use as a model, with the scales of one."""

from __future__ import annotations

from collections.abc import Mapping

from ...sampling.numbers import finite, positive_int
from ...schemes.distributions import Constant, Normal, zeros
from ...schemes.variance_scaling import VarianceScaling, lecun_normal, lecun_uniform
from ..recipe import Recipe
from ..rule import Rule
from .config_fields import Config, check_layers, flag, whole
from .layers import every

__all__ = ["dummy", "dummy_for"]

LOGITS = 0.25  # their standard deviation, which puts the expected loss 0.25^2 / 2 above ln(vocabulary)


def dummy(layers: int, *, tied: bool = False, norm: float = 1.0) -> Recipe:
    """Return a recipe of dummy weights for a decoder: every activation has the scale of one, at any depth.

    - token embedding: N(0, 1)
    - projections: N(0, 1 / fan_in), which keeps the variance; stacked experts have the fans of one expert ("eoi")
    - o_proj, down_proj and w2, which end the residual branches: N(0, 1 / (2 layers fan_in)), so that all branches
      together add about as much as the embedding has
    - routers: U(-sqrt(3 / fan_in), sqrt(3 / fan_in)), whose rows differ less in norm than a normal law's, so that the
      experts get more equal shares
    - lm_head: N(0, 1 / (16 fan_in)), logits of standard deviation 1/4: the loss is near ln(vocabulary)
    - if tied: the token embedding is that of lm_head
    - norms: a constant; biases, e_score_correction_bias: 0

    All laws are elementwise, so that a tensor-parallel rank draws its part alone, with the same bits.

    Source: none; made of LeCun et al., "Efficient BackProp", 1998, section 4.6 (1 / fan_in), and Radford et al.,
    "Language Models are Unsupervised Multitask Learners", 2019, section 2.3 (residual layers by 1 / sqrt(2 layers)).

    Parameters
    ----------
    layers
        num_hidden_layers.
    tied
        tie_word_embeddings: whether lm_head.weight has the values of the token embedding.
    norm
        The weight of every norm: 1, or 0 where the norm multiplies by 1 + weight, as Gemma's.

    Returns
    -------
    Recipe
        For the names of transformers' decoders, and of checkpoints with one tensor for each expert.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import dummy
    >>> recipe = dummy(layers=32)
    >>> for role in ("q_proj", "o_proj"):
    ...     print(role, recipe.rule_for(f"model.layers.0.self_attn.{role}.weight").scheme.std_for((4096, 4096)))
    q_proj 0.015625
    o_proj 0.001953125
    """
    depth = positive_int("layers", layers)
    end = VarianceScaling(1 / (2 * depth), "fan_in", "normal")
    head = VarianceScaling(LOGITS**2, "fan_in", "normal")
    embedding = "model.embed_tokens.weight"
    return Recipe(
        [
            Rule(embedding, head if tied else Normal(0.0, 1.0)),
            Rule("lm_head.weight", head, tied_to=embedding if tied else None),
            *every(lecun_uniform(), "*.mlp.gate.weight", "*.block_sparse_moe.gate.weight"),
            Rule("*.experts.gate_up_proj", lecun_normal(), layout="eoi"),
            Rule("*.experts.down_proj", end, layout="eoi"),
            *every(end, "*.o_proj.weight", "*.down_proj.weight", "*.w2.weight"),
            *every(lecun_normal(), "*_proj.weight", "*.w[13].weight", "*.kv_a_proj_with_mqa.weight"),
            Rule("*.shared_expert_gate.weight", lecun_normal()),
            Rule("*norm.weight", Constant(finite("norm", norm))),
            *every(zeros(), "*_proj.bias", "*.e_score_correction_bias"),
        ]
    )


def dummy_for(config: Config) -> Recipe:
    """Return `dummy` with the options of a model, given its Hugging Face config.json as a dict.

    Parameters
    ----------
    config
        With model_type, num_hidden_layers and, as far as it matters, tie_word_embeddings. Without the last, it is
        that of transformers' configuration classes: true of Gemma, else false.

    Returns
    -------
    Recipe
        With norms of 0 for Gemma, else 1.

    Raises
    ------
    ValueError
        The model_type is none that the recipe is tested with, or a field is missing or not what it must be.
    TypeError
        The config is no mapping.

    Examples
    --------
    >>> from fast_init.recipes import dummy, dummy_for
    >>> dummy_for({"model_type": "mixtral", "num_hidden_layers": 32}) == dummy(layers=32)
    True
    """
    if not isinstance(config, Mapping):
        raise TypeError(f"config is a {type(config).__name__}; it must be a mapping: pass config.to_dict()")
    model_type = config.get("model_type")
    if model_type not in (*ONE, *ZERO):
        known = ", ".join(sorted((*ONE, *ZERO)))
        raise ValueError(f"model_type is {model_type!r}; dummy_for knows {known}: pass one of these, or call dummy")
    if "num_hidden_layers" not in config:
        raise ValueError("config has no num_hidden_layers; the ends of residual branches need it: add it there")
    check_layers(config)
    centred = model_type in ZERO
    tied = flag(config, "tie_word_embeddings", centred)
    return dummy(whole(config, "num_hidden_layers", 1), tied=tied, norm=0.0 if centred else 1.0)


# Model types by the weight with which their norms change nothing.
ONE = (
    "deepseek_v2",
    "deepseek_v3",
    "llama",
    "mistral",
    "mixtral",
    "phi3",
    "qwen2",
    "qwen2_moe",
    "qwen3",
    "qwen3_moe",
)
ZERO = ("gemma", "gemma2", "gemma3_text")
