"""ViT, and DeiT as transformers has it."""

from __future__ import annotations

from ...schemes.distributions import Normal, TruncatedNormal, zeros
from ...schemes.scheme import Scheme
from ..recipe import Recipe
from .layers import every, linear, norm

__all__ = ["deit_transformers", "vit"]


def vit(std: float = 0.02) -> Recipe:
    """Return the recipe of transformers' ViT: N(0, std^2) for every matrix.

    - projections, MLP, patches, pooler, heads: N(0, std^2); biases: 0; layer norms: 1 and 0
    - position_embeddings, cls_token: N(0, std^2) cut at -2 and 2, which are a hundred sigmas
    - mask_token: 0

    Source: transformers 5.23, models/vit/modeling_vit.py, ViTPreTrainedModel._init_weights; version 4 draws the
    matrices cut at -2 and 2 too, the same in all but name. Dosovitskiy et al., arXiv 2010.11929, whose code is in JAX,
    draw otherwise: matrices by Xavier's uniform law, biases of the MLP with 1e-6, the head and cls_token 0.

    Parameters
    ----------
    std
        initializer_range.

    Returns
    -------
    Recipe
        For the models of transformers' ViT, with the names of version 5 and of version 4.

    Raises
    ------
    TypeError, ValueError
        std is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import vit
    >>> vit().rule_for("vit.embeddings.position_embeddings").scheme
    trunc_normal(mean=0.0, std=0.02, a=-2.0, b=2.0, bounds='absolute')
    """
    return _vit(std, TruncatedNormal(0.0, std, -2.0, 2.0, "absolute"))


def deit_transformers(std: float = 0.02) -> Recipe:
    """Return the recipe of transformers' DeiT: `vit`, but cls_token, distillation_token and positions are 0.

    Source: transformers 5.23, models/deit/modeling_deit.py, DeiTPreTrainedModel._init_weights. The authors' code does
    not leave the positions at 0: `deit`.

    Parameters
    ----------
    std
        initializer_range.

    Returns
    -------
    Recipe
        For the models of transformers' DeiT, with the names of version 5 and of version 4.

    Raises
    ------
    TypeError, ValueError
        std is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import deit_transformers
    >>> deit_transformers().rule_for("deit.embeddings.position_embeddings").scheme
    constant(val=0.0)
    """
    return _vit(std, zeros())


def _vit(std: float, tokens: Scheme) -> Recipe:
    plain = Normal(0.0, std)
    return Recipe(
        [
            *every(tokens, "*embeddings.position_embeddings", "*embeddings.cls_token"),
            *every(zeros(), "*embeddings.distillation_token", "*embeddings.mask_token"),
            *linear(plain, "*embeddings.patch_embeddings.projection"),
            *linear(plain, "*layers.*.attention.?_proj", "*layers.*.mlp.fc?"),
            *linear(plain, "*layer.*.attention.attention.*", "*layer.*.dense"),  # names of version 4
            *norm("*layernorm", "*layernorm_before", "*layernorm_after"),
            *linear(plain, "*pooler.dense", "classifier", "cls_classifier", "distillation_classifier", "decoder.0"),
        ]
    )
