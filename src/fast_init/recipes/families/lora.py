"""LoRA: low-rank adapters."""

from __future__ import annotations

from math import sqrt

from ...schemes.distributions import Normal, zeros
from ...schemes.variance_scaling import he_uniform
from ..recipe import Recipe
from .layers import every

__all__ = ["lora"]


def lora() -> Recipe:
    """Return the recipe of LoRA's adapters, which leave a model as it is: B A with B = 0.

    - lora_A: U(-1 / sqrt(fan_in), 1 / sqrt(fan_in)), that is Kaiming's uniform law with a = sqrt(5). fan_in is that of
      the whole tensor, of a shard too, where a library that draws each shard by itself takes the shard's.
    - lora_B, with its bias: 0
    - of embeddings: lora_embedding_A 0, lora_embedding_B N(0, 1)

    Source: Hu et al., arXiv 2106.09685, section 4.1 (A a random Gaussian, B zero); the uniform law is that of
    microsoft/LoRA, loralib/layers.py, and of peft 0.21.2, tuners/lora/layer.py, LoraLayer.reset_lora_parameters with
    init_lora_weights=True.

    Returns
    -------
    Recipe
        For the adapters of peft, whatever their model and their adapter's name. Put its rules before those of the
        model's recipe to fill both.

    Examples
    --------
    >>> from fast_init.recipes import lora
    >>> name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight"
    >>> round(lora().rule_for(name).scheme.std_for((8, 64)), 6)  # 1 / sqrt(3 * 64)
    0.072169
    >>> lora().rule_for(name.replace("lora_A", "lora_B")).scheme
    constant(val=0.0)
    """
    return Recipe(
        [
            *every(he_uniform(sqrt(5)), "*.lora_A.weight", "*.lora_A.*.weight"),
            *every(zeros(), "*.lora_B.weight", "*.lora_B.*.weight", "*.lora_B.bias", "*.lora_B.*.bias"),
            *every(zeros(), "*.lora_embedding_A", "*.lora_embedding_A.*"),
            *every(Normal(0.0, 1.0), "*.lora_embedding_B", "*.lora_embedding_B.*"),
        ]
    )
