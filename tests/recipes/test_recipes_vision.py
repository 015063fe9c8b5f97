"""Ready recipes of Fixup and of diffusion's UNet, in numbers; against their code: test_recipes_vision_peers.py."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init import recipes
from support.draws import Array

SHAPE = (8, 32, 4, 4)  # fan_out 128


@pytest.mark.parametrize(("block", "inner", "power"), [("basic", [1], -1 / 2), ("bottleneck", [1, 2], -1 / 4)])
@pytest.mark.parametrize("blocks", [1, 8, 16, 50])
def test_fixup_scales_what_is_inside_of_a_branch_by_its_depth(
    blocks: int, block: Any, inner: list[int], power: float
) -> None:
    """Rules 1 and 2: the last layer of a branch is 0; the others are He's times L^(-1 / (2 m - 2)), no shortcut is."""
    recipe = recipes.fixup_resnet(blocks, block)
    for k in inner:
        std = recipe.rule_for(f"layer3.7.conv{k}.weight").scheme.std_for(SHAPE)
        assert std == pytest.approx(sqrt(2 / 128) * blocks**power, rel=1e-14)
    assert recipe.rule_for(f"layer3.7.conv{len(inner) + 1}.weight").scheme == fi.zeros()
    assert recipe.rule_for("layer3.0.downsample.weight").scheme.std_for(SHAPE) == sqrt(2 / 128)
    assert recipe.rule_for("fc.weight").scheme == fi.zeros()


def test_a_fixup_block_begins_as_the_identity() -> None:
    """scale x conv2(relu(conv1(x + bias1a) + bias1b) + bias2a) + bias2b is 0."""
    shapes = {"conv1.weight": (4, 3, 3, 3), "conv2.weight": (3, 4, 3, 3), "scale": (1,)}
    shapes |= {f"bias{k}{letter}": (1,) for k in (1, 2) for letter in "ab"}
    block = {f"layer1.0.{name}": np.full(shape, np.nan, np.float32) for name, shape in shapes.items()}
    recipes.fixup_resnet(8, "basic").init_(block, seed=42)
    assert block["layer1.0.conv1.weight"].all()
    assert not block["layer1.0.conv2.weight"].any()
    assert not any(block[f"layer1.0.bias{k}{letter}"].any() for k in (1, 2) for letter in "ab")
    assert block["layer1.0.scale"] == 1


def test_a_bottleneck_has_no_rule_in_the_recipe_of_basic_blocks() -> None:
    with pytest.raises(ValueError, match=r"no rule matches layer1\.0\.conv3\.weight"):
        recipes.fixup_resnet(8, "basic").rule_for("layer1.0.conv3.weight")


UNET: dict[str, tuple[int, ...]] = {
    "time_embed.2.weight": (400, 100),
    "time_embed.2.bias": (400,),
    "input_blocks.1.0.in_layers.2.weight": (400, 25, 3, 3),
    "input_blocks.1.0.in_layers.2.bias": (400,),
    "output_blocks.0.1.qkv.weight": (900, 300, 1),
    "output_blocks.0.1.qkv.bias": (900,),
    "output_blocks.0.2.conv.weight": (600, 16, 3, 3),
    "output_blocks.0.2.conv.bias": (600,),
}
ZEROS = [f"middle_block.{end}.{kind}" for end in ("0.out_layers.3", "1.proj_out") for kind in ("weight", "bias")]


def unet() -> dict[str, Array]:
    shapes: dict[str, tuple[int, ...]] = UNET | {name: (8, 8, 3, 3)[: 4 if "weight" in name else 1] for name in ZEROS}
    arrays = {name: np.full(shape, np.nan, np.float32) for name, shape in shapes.items()}
    recipes.unet_diffusion(shapes).init_(arrays, seed=42)
    return arrays


@pytest.mark.parametrize("bias", [name for name in UNET if name.endswith("bias")])
def test_weight_and_bias_are_uniform_within_the_root_of_the_weights_fan_in(bias: str) -> None:
    weight, arrays = bias.replace("bias", "weight"), unet()
    limit = 1 / sqrt(np.prod(UNET[weight][1:]))
    for array in (arrays[weight], arrays[bias]):
        assert 0.98 * limit < np.abs(array).max() <= np.float32(limit)
        assert array.std() == pytest.approx(limit / sqrt(3), rel=0.1)
        assert abs(array.mean()) < 5 * limit / sqrt(3 * array.size)


@pytest.mark.parametrize("name", ZEROS)
def test_the_ends_of_branches_are_zero(name: str) -> None:
    assert not unet()[name].any()


def test_a_weight_without_inputs_has_a_bias_of_zero() -> None:
    """PyTorch divides by no fan_in of 0 either."""
    recipe = recipes.unet_diffusion({"time_embed.0.weight": (4, 0), "time_embed.0.bias": (4,)})
    assert recipe.rule_for("time_embed.0.bias").scheme == fi.uniform(0, 0)
