"""Memory with a pattern, in which hostile destinations lie: what a call wrote, to the byte."""

from __future__ import annotations

from typing import Any

import numpy as np

from support.draws import Array

SIZE, START = 1 << 15, 1 << 13  # bytes; the destination begins at START, aligned
PATTERN = np.resize(np.arange(1, 252, dtype=np.uint8), SIZE)


class Ground:
    """A buffer full of the pattern."""

    def __init__(self) -> None:
        self.bytes: Array = np.empty(SIZE // 16, np.complex128).view(np.uint8)  # aligned for every dtype
        self.bytes[:] = PATTERN

    def lay(self, shape: tuple[int, ...], dtype: Any, skip: int = 0, order: Any = "C") -> Array:
        """Return a contiguous array in the middle of the buffer, `skip` bytes further than aligned."""
        return np.ndarray(shape, dtype, self.bytes.data, START + skip, order=order)

    def assert_untouched(self, but: Array | None = None) -> None:
        """Assert that every byte that is not one of an element of `but` has the pattern."""
        changed = self.bytes != PATTERN
        if but is not None and but.size:
            first = but.__array_interface__["data"][0] - self.bytes.__array_interface__["data"][0]
            element = np.dtype(f"V{but.itemsize}")
            np.ndarray(but.shape, element, changed.data, first, but.strides)[...] = np.zeros((), element)
        assert not changed.any(), f"bytes {np.flatnonzero(changed)[:9]} of the buffer were written"
