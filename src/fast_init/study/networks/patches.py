"""A convolution of 3 x 3 as a matrix product: the patches of pictures, and the way back."""

from __future__ import annotations

import numpy as np

from .activations import Array

__all__ = ["patches_of", "sum_of_patches"]

BORDER = ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0))
SHIFTS = [(i, j) for i in range(3) for j in range(3)]


def patches_of(pictures: Array) -> Array:
    """Return the 3 x 3 pixels around each pixel, zeros beyond the border.

    Pictures are (runs, count, height, width, channels), patches (runs, count, height, width, 9 channels): row by
    row, the channels of a pixel together.
    """
    height, width = pictures.shape[2:4]
    padded = np.pad(pictures, BORDER)
    return np.concatenate([padded[:, :, i : i + height, j : j + width] for i, j in SHIFTS], axis=-1)


def sum_of_patches(patches: Array, shape: tuple[int, ...]) -> Array:
    """Return pictures of a shape in which each pixel is the sum of its places in all patches: the transpose."""
    runs, count, height, width, channels = shape
    parts = patches.reshape(runs, count, height, width, 9, channels)
    padded = np.zeros((runs, count, height + 2, width + 2, channels))
    for k, (i, j) in enumerate(SHIFTS):
        padded[:, :, i : i + height, j : j + width] += parts[..., k, :]
    return padded[:, :, 1:-1, 1:-1]
