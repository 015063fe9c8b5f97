"""Tensors to fill, and what NumPy's functions say they must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import ml_dtypes
import numpy as np
import torch

import fast_init as fi
from support.draws import Array

__all__ = ["CASES", "DTYPES", "Case", "bits_of", "expected"]

DTYPES: dict[Any, Any] = {
    torch.float32: np.float32,
    torch.float64: np.float64,
    torch.float16: np.float16,
    torch.bfloat16: ml_dtypes.bfloat16,
}


class Case(NamedTuple):
    """A function with an underscore, and arguments for it."""

    function: str
    shape: tuple[int, ...] = (6, 10)
    arguments: tuple[Any, ...] = ()
    is_random: bool = True

    def of(self, room: Any) -> Callable[..., Any]:
        """Return the function in `fast_init` or `fast_init.torch`."""
        return getattr(room, self.function)  # type: ignore[no-any-return]

    @property
    def options(self) -> dict[str, Any]:
        """What both take beside the arguments."""
        return {"seed": 42, "name": "w"} if self.is_random else {}


CASES = [
    Case("normal_", arguments=(0.5, 0.02)),
    Case("uniform_", arguments=(-0.3, 0.4)),
    Case("trunc_normal_", arguments=(0.0, 0.02, -0.04, 0.04)),
    *(Case(f"{name}_normal_") for name in ("he", "kaiming", "xavier", "glorot", "lecun")),
    *(Case(f"{name}_uniform_") for name in ("he", "kaiming", "xavier", "glorot", "lecun")),
    Case("variance_scaling_", arguments=(2.0, "fan_avg", "truncated_normal")),
    Case("orthogonal_", arguments=(1.5,)),
    Case("delta_orthogonal_", (6, 4, 3)),
    Case("sparse_", arguments=(0.3,)),
    Case("dirac_", (6, 4, 3), (2,), is_random=False),
    Case("eye_", is_random=False),
    Case("constant_", arguments=(0.3,), is_random=False),
    Case("zeros_", is_random=False),
    Case("ones_", is_random=False),
]


def expected(case: Case, dtype: Any) -> Array:
    """Return what the function of fast_init puts into an array."""
    array: Array = case.of(fi)(np.empty(case.shape, DTYPES[dtype]), *case.arguments, **case.options)
    return array


def bits_of(x: Any) -> Array:
    """Return the bits of an array or tensor as integers."""
    if not isinstance(x, np.ndarray):
        x = x.detach().cpu().contiguous()
        x = x.view({2: torch.int16, 4: torch.int32, 8: torch.int64}[x.element_size()]).numpy()
    return np.ascontiguousarray(x).view(f"u{x.itemsize}").reshape(x.shape)
