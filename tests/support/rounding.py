"""Another rounding mode of the process, in which the bits must be the same."""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

__all__ = ["needs_rounding", "rounded_upward"]

needs_rounding = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or platform.machine() != "x86_64",
    reason="FE_UPWARD is 0x800 in glibc on x86-64",
)


@contextmanager
def rounded_upward() -> Iterator[None]:
    libm = ctypes.CDLL("libm.so.6")
    assert libm.fesetround(0x800) == 0
    try:
        yield
    finally:
        libm.fesetround(0)
