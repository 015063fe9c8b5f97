"""Ready recipes of networks for images: against the initialisation of their code, stated again in PyTorch."""

from __future__ import annotations

from math import prod, sqrt
from typing import Any

import pytest

from fast_init import recipes
from support.peers import assert_same_laws, peer, tensors


def fixup(convolutions: int, blocks: int) -> Any:
    """hongyi-zhang/Fixup, imagenet/models/fixup_resnet_imagenet.py: stages of two blocks, the first with a shortcut."""
    nn = peer("torch").nn

    def he(conv: Any, factor: float) -> Any:
        return nn.init.normal_(conv.weight, std=sqrt(2 / (conv.out_channels * prod(conv.kernel_size))) * factor)

    def block(inputs: int, outputs: int) -> Any:
        made = nn.Module()
        sizes = [3, 3] if convolutions == 2 else [1, 3, 1]
        for k, size in enumerate(sizes, start=1):
            conv = nn.Conv2d(inputs if k == 1 else 6, outputs if k == len(sizes) else 6, size, bias=False)
            he(conv, blocks ** (-1 / (2 * convolutions - 2)))
            made.add_module(f"conv{k}", conv)
            for letter in "ab":
                made.register_parameter(f"bias{k}{letter}", nn.Parameter(peer("torch").zeros(1)))
        nn.init.zeros_(made.get_submodule(f"conv{len(sizes)}").weight)
        made.scale = nn.Parameter(peer("torch").ones(1))
        if inputs != outputs:
            made.downsample = nn.Conv2d(inputs, outputs, 1, bias=False)
            he(made.downsample, 1)
        return made

    model = nn.Module()
    model.conv1 = nn.Conv2d(3, 8, 7, bias=False)
    model.bias1, model.bias2 = (nn.Parameter(peer("torch").zeros(1)) for _ in range(2))
    for stage in range(1, 1 + blocks // 2):
        made = nn.Sequential(block(4 * 2**stage, 8 * 2**stage), block(8 * 2**stage, 8 * 2**stage))
        model.add_module(f"layer{stage}", made)
    model.fc = nn.Linear(8 * 2 ** (blocks // 2), 10)
    nn.init.zeros_(model.fc.weight)
    nn.init.zeros_(model.fc.bias)
    return model


@pytest.mark.parametrize(("block", "convolutions"), [("basic", 2), ("bottleneck", 3)])
def test_fixup_is_that_of_its_code(block: Any, convolutions: int) -> None:
    assert_same_laws(lambda: fixup(convolutions, 4), recipes.fixup_resnet(4, block))


def unet() -> Any:
    """openai/guided-diffusion, guided_diffusion/unet.py: blocks with attention on the way down, in the middle, up."""
    nn, width = peer("torch").nn, 8

    def zero(layer: Any) -> Any:
        for parameter in layer.parameters():
            nn.init.zeros_(parameter)
        return layer

    def residual(inputs: int, outputs: int) -> Any:
        made = nn.Module()
        made.in_layers = nn.Sequential(nn.GroupNorm(2, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3))
        made.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(4 * width, 2 * outputs))
        end = zero(nn.Conv2d(outputs, outputs, 3))
        made.out_layers = nn.Sequential(nn.GroupNorm(2, outputs), nn.SiLU(), nn.Dropout(), end)
        made.skip_connection = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)
        return made

    def attention(channels: int) -> Any:
        made = nn.Module()
        made.norm = nn.GroupNorm(2, channels)
        made.qkv = nn.Conv1d(channels, 3 * channels, 1)
        made.proj_out = zero(nn.Conv1d(channels, channels, 1))
        return made

    def resampling(name: str) -> Any:
        return nn.ModuleDict({name: nn.Conv2d(2 * width, 2 * width, 3)})

    def blocks(*rows: list[Any]) -> Any:
        return nn.ModuleList([nn.Sequential(*row) for row in rows])

    model = nn.Module()
    model.time_embed = nn.Sequential(nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, 4 * width))
    model.label_emb = nn.Embedding(10, 4 * width)
    down = [residual(width, 2 * width), attention(2 * width)]
    model.input_blocks = blocks([nn.Conv2d(3, width, 3)], down, [resampling("op")])
    model.middle_block = nn.Sequential(residual(16, 16), attention(16), residual(16, 16))
    model.output_blocks = blocks([residual(32, 16), attention(16), resampling("conv")], [residual(24, 8)])
    model.out = nn.Sequential(nn.GroupNorm(2, width), nn.SiLU(), zero(nn.Conv2d(width, 6, 3)))
    return model


def test_the_unet_is_that_of_its_code() -> None:
    shapes = {name: array.shape for name, array in tensors(unet()).items()}
    assert_same_laws(unet, recipes.unet_diffusion(shapes))
