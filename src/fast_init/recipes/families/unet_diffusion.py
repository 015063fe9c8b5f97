"""The UNet of diffusion models, whose blocks begin as the identity."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from ...sampling.numbers import number_of
from ...sampling.shards import ints_of
from ...schemes.distributions import Normal, Uniform, zeros
from ...schemes.fans import DEFAULT_LAYOUT, fans_of
from ...schemes.variance_scaling import he_uniform
from ..recipe import Recipe
from ..rule import Rule
from .layers import every, linear, norm

__all__ = ["unet_diffusion"]

ENDS = ("out.2", "*_block*.out_layers.3", "*_block*.proj_out")
NORMS = ("out.0", "*_block*.in_layers.0", "*_block*.out_layers.0", "*_block*.norm")
INNER = (
    "time_embed.[02]",
    "input_blocks.0.0",
    *(f"*_block*.{name}" for name in ("in_layers.2", "emb_layers.1", "skip_connection", "qkv")),
    "input_blocks.*.op",
    "output_blocks.*.conv",
)


def unet_diffusion(shapes: Mapping[str, tuple[int, ...]]) -> Recipe:
    """Return the recipe of a diffusion model's UNet: residual branches and the output begin as 0.

    - the last convolution of residual blocks and of attention, and that of the output: 0, and their biases
    - other convolutions and linear layers, weights and biases: U(-1 / sqrt(fan_in), 1 / sqrt(fan_in)), as PyTorch's
    - group norms: 1 and 0
    - embedding of classes: N(0, 1)

    Source: Nichol and Dhariwal, "Improved denoising diffusion probabilistic models", arXiv 2102.09672, and Dhariwal and
    Nichol, arXiv 2105.05233; their code, openai/guided-diffusion, guided_diffusion/unet.py, UNetModel, and zero_module
    in nn.py. Ho et al., arXiv 2006.11239, whose UNet it is, begin otherwise: Xavier's uniform law, times 1e-5 where
    this has 0, and biases 0 (diffusion_tf/nn.py, default_init).

    Parameters
    ----------
    shapes
        Shape by name of every tensor of the model: a bias has the fan_in of its weight.

    Returns
    -------
    Recipe
        For the names of UNetModel and SuperResModel in openai/guided-diffusion, with a rule for each bias by its name.
        None of diffusers' names hold: its UNet2DModel (0.42.1) has PyTorch's defaults everywhere, and no zeros.

    Raises
    ------
    TypeError, ValueError
        shapes is no mapping, or has a name that is not of such a model.

    Examples
    --------
    >>> from fast_init.recipes import unet_diffusion
    >>> shapes = {"middle_block.0.in_layers.2.weight": (8, 4, 3, 3), "middle_block.0.in_layers.2.bias": (8,)}
    >>> recipe = unet_diffusion(shapes)
    >>> recipe.rule_for("middle_block.0.in_layers.2.bias").scheme.b  # 1 / sqrt(36)
    0.16666666666666666
    >>> recipe.rule_for("middle_block.0.out_layers.3.weight").scheme
    constant(val=0.0)
    """
    if not isinstance(shapes, Mapping):
        raise TypeError(f"shapes is {shapes!r}; it must be a mapping: pass {{name: shape}} of every tensor")
    drawn = he_uniform(sqrt(5))
    rules = [
        *linear(zeros(), *ENDS),
        *norm(*NORMS),
        Rule("label_emb.weight", Normal(0.0, 1.0)),
        *every(drawn, *(f"{module}.weight" for module in INNER)),
    ]
    weights = [name for name in shapes if str(name).endswith(".weight")]
    inner = [name for name, rule in Recipe(rules).rules_for(weights).items() if rule.scheme == drawn]
    biases = {name.removesuffix("weight") + "bias": _limit(f"shapes[{name!r}]", shapes[name]) for name in inner}
    recipe = Recipe([*rules, *(Rule.named(name, Uniform(-a, a)) for name, a in biases.items() if name in shapes)])
    recipe.rules_for(shapes)
    return recipe


def _limit(what: str, shape: tuple[int, ...]) -> float:
    """Of a bias, given its weight's shape; 0 without inputs, as in PyTorch."""
    fan_in = fans_of(ints_of(what, shape), DEFAULT_LAYOUT).fan_in
    return 1 / sqrt(number_of(f"fan_in of {what}", fan_in)) if fan_in else 0.0
