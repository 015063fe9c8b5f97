"""ResNet."""

from __future__ import annotations

from math import sqrt
from typing import Literal, TypeAlias

from ...sampling.numbers import positive_int
from ...schemes.distributions import Uniform, ones, zeros
from ...schemes.variance_scaling import he_normal, he_uniform
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, norm

__all__ = ["Block", "block_of", "resnet"]

Block: TypeAlias = Literal["basic", "bottleneck"]

BLOCKS: dict[Block, tuple[int, int]] = {
    "basic": (2, 512),
    "bottleneck": (3, 2048),
}  # convolutions of a block, inputs of the last layer


def block_of(block: Block) -> tuple[int, int]:
    """Return the number of convolutions of a block, and of inputs of the last layer; ValueError for an unknown one."""
    if block not in tuple(BLOCKS):
        raise ValueError(f"block is {block!r}; it must be one of {', '.join(BLOCKS)}: pass one of these")
    return BLOCKS[block]


def resnet(block: Block = "bottleneck", features: int | None = None, *, zero_init_residual: bool = False) -> Recipe:
    """Return the recipe of ResNet: He's normal law by fan_out for convolutions.

    - convolutions: N(0, 2 / fan_out), fan_out = outputs x kernel
    - batch norms: 1 and 0, the last one of each block 0 and 0 if zero_init_residual; running_mean 0, running_var 1
    - last layer: weight and bias U(-1 / sqrt(features), 1 / sqrt(features)), PyTorch's default of Linear

    Source: He et al., arXiv 1512.03385, with the initialisation of arXiv 1502.01852, which prefers neither fan;
    torchvision 0.28, models/resnet.py, ResNet.__init__; the same in transformers 5.23,
    models/resnet/modeling_resnet.py. zero_init_residual: Goyal et al., arXiv 1706.02677; transformers has it not.

    Parameters
    ----------
    block
        ``basic`` (ResNet-18, 34) or ``bottleneck`` (ResNet-50 and more, ResNeXt, Wide ResNet).
    features
        Inputs of the last layer; None for torchvision's 512 and 2048.
    zero_init_residual
        As in torchvision.

    Returns
    -------
    Recipe
        For torchvision's names and those of transformers; num_batches_tracked, an integer, is not to be passed.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be.

    Examples
    --------
    >>> from fast_init.recipes import resnet
    >>> recipe = resnet("basic", zero_init_residual=True)
    >>> recipe.rule_for("layer1.0.conv1.weight").scheme.std_for((8, 32, 4, 4))  # sqrt(2 / 128)
    0.125
    >>> recipe.rule_for("layer1.0.bn2.weight").scheme
    constant(val=0.0)
    """
    last, usual = block_of(block)
    limit = 1 / sqrt(usual if features is None else positive_int("features", features))
    ends = (f"layer?.*.bn{last}.weight", f"*.layers.*.layer.{last - 1}.normalization.weight")
    batch_norms = ("bn1", "layer?.*.bn?", "layer?.*.downsample.1", "*.normalization")
    return Recipe(
        [
            *every(he_normal(mode="fan_out"), "conv1.weight", "layer?.*.conv?.weight", "layer?.*.downsample.0.weight"),
            Rule("*.convolution.weight", he_normal(mode="fan_out")),
            *(every(zeros(), *ends) if zero_init_residual else ()),
            *norm(*batch_norms),
            *every(zeros(), *(f"{name}.running_mean" for name in batch_norms)),
            *every(ones(), *(f"{name}.running_var" for name in batch_norms)),
            *every(he_uniform(sqrt(5)), "fc.weight", "classifier.1.weight"),
            *every(Uniform(-limit, limit), "fc.bias", "classifier.1.bias"),
        ]
    )
