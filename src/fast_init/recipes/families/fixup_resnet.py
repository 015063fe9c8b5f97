"""Fixup: ResNets without normalisation."""

from __future__ import annotations

from math import sqrt

from ...sampling.numbers import positive_int
from ...schemes.distributions import ones, zeros
from ...schemes.variance_scaling import VarianceScaling, he_normal, he_uniform
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear
from .resnet import Block, block_of

__all__ = ["fixup_resnet"]


def fixup_resnet(blocks: int = 16, block: Block = "bottleneck") -> Recipe:
    """Return the recipe of Fixup: every residual branch begins as 0, its inner convolutions smaller with the depth.

    With L blocks of m convolutions, fan_out = outputs x kernel:

    - inner convolutions of a block: N(0, 2 / fan_out) times L^(-1 / (2 m - 2))
    - the last one of each block, and the classification layer: 0
    - convolutions of shortcuts, `downsample`: N(0, 2 / fan_out)
    - scalar multipliers `scale`: 1; scalar biases: 0
    - the first convolution: U(-1 / sqrt(fan_in), 1 / sqrt(fan_in)), PyTorch's default, which the code leaves it

    Source: Zhang, Dauphin and Ma, "Fixup initialization: residual learning without normalization", arXiv 1901.09321,
    rules 1 to 3 of Fixup initialization; the authors' code, hongyi-zhang/Fixup,
    imagenet/models/fixup_resnet_imagenet.py, FixupResNet.__init__.

    Parameters
    ----------
    blocks
        L, of all stages together, at least 1: 8, 16, 16, 33 and 50 of ResNet-18, 34, 50, 101 and 152.
    block
        ``basic``, m = 2 (ResNet-18, 34), or ``bottleneck``, m = 3 (ResNet-50 and more).

    Returns
    -------
    Recipe
        For the names of hongyi-zhang/Fixup; those of its cifar folder have basic blocks.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import fixup_resnet
    >>> recipe = fixup_resnet(blocks=16)
    >>> recipe.rule_for("layer1.0.conv1.weight").scheme.std_for((8, 32, 4, 4))  # sqrt(2 / 128) / 16 ** (1 / 4)
    0.0625
    >>> recipe.rule_for("layer1.0.conv3.weight").scheme
    constant(val=0.0)
    """
    last, _ = block_of(block)
    depth = positive_int("blocks", blocks)
    inner = VarianceScaling(2 / depth if last == 2 else 2 / sqrt(depth), "fan_out")  # L^(-1 / (m - 1)) of the variance
    return Recipe(
        [
            Rule("conv1.weight", he_uniform(sqrt(5))),
            Rule(f"layer?.*.conv{last}.weight", zeros()),
            *every(inner, *(f"layer?.*.conv{k}.weight" for k in range(1, last))),
            Rule("layer?.*.downsample.weight", he_normal(mode="fan_out")),
            *every(zeros(), "bias1", "bias2", "layer?.*.bias??"),
            Rule("layer?.*.scale", ones()),
            *linear(zeros(), "fc"),
        ]
    )
