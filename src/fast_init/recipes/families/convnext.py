"""ConvNeXt."""

from __future__ import annotations

from ...schemes.distributions import Constant, Normal, TruncatedNormal
from ..recipe import Recipe
from .layers import every, linear, norm

__all__ = ["convnext"]


def convnext(std: float = 0.02, layer_scale: float = 1e-6) -> Recipe:
    """Return the recipe of ConvNeXt: N(0, std^2) for convolutions and matrices, branches that begin at almost nothing.

    - convolutions, linear layers, head: N(0, std^2), in timm cut at -2 and 2, a hundred sigmas; biases: 0
    - layer scale of each block (gamma, layer_scale_parameter): layer_scale
    - layer norms: 1 and 0

    Source: Liu et al., arXiv 2201.03545, appendix A.1, Table 5, whose standard deviation of 0.2 is 0.02 in their code,
    facebookresearch/ConvNeXt, models/convnext.py, ConvNeXt._init_weights; timm 1.0.31, models/convnext.py,
    _init_weights with head_init_scale=1; transformers 5.24, models/convnext/modeling_convnext.py,
    ConvNextPreTrainedModel._init_weights.

    Parameters
    ----------
    std
        0.02 in timm; initializer_range.
    layer_scale
        ls_init_value; layer_scale_init_value.

    Returns
    -------
    Recipe
        For timm's convnext_*, and transformers' ConvNext; not for ConvNeXt V2, whose grn has no rule.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import convnext
    >>> convnext().rule_for("stages.0.blocks.2.gamma").scheme
    constant(val=1e-06)
    """
    cut = TruncatedNormal(0.0, std, -2.0, 2.0, "absolute")
    return Recipe(
        [
            *every(Constant(layer_scale), "stages.*.blocks.*.gamma", "*.layers.*.layer_scale_parameter"),
            *norm("stem.1", "stages.*.norm", "stages.*.downsample.0", "norm_pre", "head.norm"),
            *linear(cut, "stem.0", "stages.*.conv_dw", "stages.*.mlp.fc?", "stages.*.downsample.1", "head.fc"),
            *norm("*layernorm", "*.downsampling_layer.0", "*hidden_states_norms.*"),
            *linear(Normal(0.0, std), "*embeddings.patch_embeddings", "*.layers.*.dwconv", "*.layers.*.pwconv?"),
            *linear(Normal(0.0, std), "*.downsampling_layer.1", "classifier"),
        ]
    )
