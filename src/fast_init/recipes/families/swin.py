"""Swin Transformer."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal, TruncatedNormal, Uniform, zeros
from ...schemes.variance_scaling import he_uniform
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["swin"]


def swin(patch_size: int = 4, channels: int = 3, std: float = 0.02) -> Recipe:
    """Return the recipe of Swin: N(0, std^2) for every matrix, by timm or by transformers, whose names differ.

    - matrices and head: N(0, std^2), in timm cut at -2 and 2, a hundred sigmas; biases: 0; layer norms: 1 and 0
    - tables of relative positions: the same law in timm, 0 in transformers
    - patches: in timm weight and bias U(-1 / sqrt(n), 1 / sqrt(n)), n = channels patch_size^2, PyTorch's default; in
      transformers N(0, std^2) and 0
    - position_embeddings, mask_token of transformers: 0

    Source: Liu et al., arXiv 2103.14030, whose code is as timm's: microsoft/Swin-Transformer,
    models/swin_transformer.py, SwinTransformer._init_weights and WindowAttention.__init__; timm 1.0.31,
    models/swin_transformer.py, WindowAttention.__init__ and init_weights_vit_timm; transformers 5.24,
    models/swin/modeling_swin.py, SwinPreTrainedModel._init_weights.

    Parameters
    ----------
    patch_size, channels
        Of timm's patches, as in `deit`; transformers' law does not depend on them.
    std
        0.02 in timm; initializer_range.

    Returns
    -------
    Recipe
        For timm's swin_* and transformers' Swin, whatever its head; not for Swin V2.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import swin
    >>> recipe = swin()
    >>> recipe.rule_for("layers.0.blocks.1.attn.relative_position_bias_table").scheme
    trunc_normal(mean=0.0, std=0.02, a=-2.0, b=2.0, bounds='absolute')
    >>> table = "relative_position_bias.relative_position_bias_table"
    >>> recipe.rule_for(f"swin.encoder.layers.0.blocks.1.attention.{table}").scheme
    constant(val=0.0)
    """
    plain, cut = Normal(0.0, std), TruncatedNormal(0.0, std, -2.0, 2.0, "absolute")
    limit = 1 / sqrt(positive_int("channels", channels) * positive_int("patch_size", patch_size) ** 2)
    return Recipe(
        [
            Rule("patch_embed.proj.weight", he_uniform(sqrt(5))),
            Rule("patch_embed.proj.bias", Uniform(-limit, limit)),
            Rule("layers.*.attn.relative_position_bias_table", cut),
            *linear(cut, "layers.*.attn.qkv", "layers.*.attn.proj", "layers.*.blocks.*.mlp.fc?", "head.fc"),
            Rule("layers.*.downsample.reduction.weight", cut),
            *norm("patch_embed.norm", "layers.*.norm?", "layers.*.downsample.norm", "norm"),
            *every(zeros(), "*embeddings.position_embeddings", "*embeddings.mask_token"),
            Rule("*encoder.layers.*.relative_position_bias_table", zeros()),
            *linear(plain, "*embeddings.patch_embeddings.projection", "*encoder.layers.*.attention.?_proj"),
            *linear(plain, "*encoder.layers.*.mlp.fc?", "classifier", "decoder.0"),
            Rule("*encoder.layers.*.downsample.reduction.weight", plain),
            *norm("*embeddings.norm", "*layernorm", "*layernorm_before", "*layernorm_after"),
            *norm("*encoder.layers.*.downsample.norm"),
        ]
    )
