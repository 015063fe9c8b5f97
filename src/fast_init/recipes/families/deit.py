"""DeiT and ViT, as timm has them."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import positive_int
from ...schemes.distributions import Normal, TruncatedNormal, Uniform
from ...schemes.variance_scaling import he_uniform
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["deit"]


def deit(patch_size: int = 16, channels: int = 3, std: float = 0.02) -> Recipe:
    """Return the recipe of timm's DeiT and ViT: N(0, std^2), and PyTorch's default for the patches.

    - qkv, proj, fc1, fc2, head, head_dist: N(0, std^2) cut at -2 and 2, a hundred sigmas; biases: 0
    - pos_embed, dist_token: the same law
    - cls_token: N(0, 1e-12)
    - layer norms: 1 and 0
    - patch_embed.proj: weight and bias U(-1 / sqrt(n), 1 / sqrt(n)), n = channels patch_size^2, PyTorch's default of
      a convolution, which timm leaves as it is

    Source: Touvron et al., arXiv 2012.12877, whose code is facebookresearch/deit upon timm; timm 1.0.31,
    models/vision_transformer.py, init_weights_vit_timm (weight_init=''), and models/deit.py.

    Parameters
    ----------
    patch_size
        Side of a patch in pixels.
    channels
        Of an image.
    std
        0.02 in timm.

    Returns
    -------
    Recipe
        For timm's vit_*_patch* and deit_*_patch* models; not for those with registers, layer scale or pooling heads.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import deit
    >>> deit(patch_size=10, channels=1).rule_for("patch_embed.proj.bias").scheme
    uniform(a=-0.1, b=0.1)
    """
    plain = TruncatedNormal(0.0, std, -2.0, 2.0, "absolute")
    limit = 1 / sqrt(positive_int("channels", channels) * positive_int("patch_size", patch_size) ** 2)
    return Recipe(
        [
            *every(plain, "pos_embed", "dist_token"),
            Rule("cls_token", Normal(0.0, 1e-6)),
            Rule("patch_embed.proj.weight", he_uniform(sqrt(5))),
            Rule("patch_embed.proj.bias", Uniform(-limit, limit)),
            *linear(plain, "blocks.*.attn.qkv", "blocks.*.attn.proj", "blocks.*.mlp.fc?", "head", "head_dist"),
            *norm("blocks.*.norm?", "norm"),
        ]
    )
