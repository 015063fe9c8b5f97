"""ICNR against PyTorch's PixelShuffle: the layer begins as a convolution and an upsampling to nearest neighbours."""

from __future__ import annotations

import numpy as np
import pytest

import fast_init as fi
from support.peers import peer


@pytest.mark.parametrize("upscale", [1, 2, 3])
@pytest.mark.parametrize("scheme", [fi.he_normal(), fi.he_uniform(5**0.5), fi.orthogonal()], ids=lambda s: str(s.kind))
def test_the_shuffled_convolution_is_the_smaller_one_upsampled(scheme: fi.Scheme, upscale: int) -> None:
    """In whole numbers, which float64 adds exactly whatever the order of the sums."""
    torch = peer("torch")
    outputs, inputs = 4, 3
    large = np.empty((outputs * upscale**2, inputs, 3, 3))
    fi.icnr(scheme, upscale).fill_(large, seed=42, name="up.weight")
    small = scheme.fill_(np.empty((outputs, inputs, 3, 3)), seed=42, name="up.weight")
    large, small = np.round(large * 2**20), np.round(small * 2**20)
    image = torch.randint(-1000, 1000, (2, inputs, 7, 6), generator=torch.Generator().manual_seed(7)).double()
    conv = torch.nn.functional.conv2d
    shuffled = torch.nn.PixelShuffle(upscale)(conv(image, torch.from_numpy(large), padding=1))
    upsampled = torch.nn.Upsample(scale_factor=upscale, mode="nearest")(conv(image, torch.from_numpy(small), padding=1))
    assert shuffled.any()
    assert torch.equal(shuffled, upsampled)


def test_a_kernel_of_independent_outputs_begins_with_a_checkerboard() -> None:
    """What ICNR is for: the four pixels of a channel differ."""
    torch = peer("torch")
    w = fi.he_normal().fill_(np.empty((4, 1, 3, 3)), seed=42, name="up.weight")
    pixels = torch.nn.PixelShuffle(2)(torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3).double(), torch.from_numpy(w)))
    assert len(pixels.unique()) == 4
