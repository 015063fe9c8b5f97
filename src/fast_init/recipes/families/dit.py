"""DiT, a diffusion transformer whose blocks begin as the identity."""

from __future__ import annotations

from ...schemes.distributions import Normal, zeros
from ...schemes.sinusoids import Sinusoidal
from ...schemes.variance_scaling import xavier_uniform
from ..recipe import Recipe
from ..rule import Rule
from .layers import linear

__all__ = ["dit"]


def dit(std: float = 0.02) -> Recipe:
    """Return the recipe of DiT with adaLN-Zero: every block is the identity, and the output is zero.

    - qkv, proj, fc1, fc2: U(-sqrt(6 / (fan_in + fan_out)), sqrt(6 / (fan_in + fan_out))); their biases: 0
    - x_embedder, a convolution: the same law with the fans of a matrix, channels patch_size^2 and the width; bias: 0
    - y_embedder, and both layers of t_embedder: N(0, std^2); biases: 0
    - pos_embed, not trained: sines and cosines of a square grid of patches, `sinusoidal` with order "grid"
    - adaLN_modulation of each block and of the final layer, and the final linear layer: 0

    Source: Peebles and Xie, arXiv 2212.09748, section 3.2 (adaLN-Zero); their code, facebookresearch/DiT, models.py,
    DiT.initialize_weights, get_2d_sincos_pos_embed.

    Parameters
    ----------
    std
        0.02 in the code.

    Returns
    -------
    Recipe
        For the names of facebookresearch/DiT.

    Raises
    ------
    TypeError, ValueError
        std is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import dit
    >>> dit().rule_for("blocks.0.adaLN_modulation.1.weight").scheme
    constant(val=0.0)
    >>> dit().rule_for("x_embedder.proj.weight").scheme.fans_for((384, 4, 2, 2))
    Fans(fan_in=16, fan_out=384)
    """
    glorot = xavier_uniform()
    return Recipe(
        [
            *linear(zeros(), "blocks.*.adaLN_modulation.1", "final_layer.adaLN_modulation.1", "final_layer.linear"),
            *linear(xavier_uniform(layout="oiii"), "x_embedder.proj"),
            Rule("pos_embed", Sinusoidal("grid")),
            Rule("y_embedder.embedding_table.weight", Normal(0.0, std)),
            *linear(Normal(0.0, std), "t_embedder.mlp.[02]"),
            *linear(glorot, "blocks.*.attn.qkv", "blocks.*.attn.proj", "blocks.*.mlp.fc?"),
        ]
    )
