"""Which tensors can be filled in place: every check of one, and the NumPy array that is its memory."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch
from torch.nn.parameter import Parameter, is_lazy

from ..sampling.destinations import Array
from ..sampling.dtypes import dtype_named

__all__ = ["DTYPES", "PLAIN", "array_of", "check_tensor", "numpy_dtype_of"]

PLAIN = (torch.Tensor, Parameter)  # classes whose elements are nothing but numbers in memory
DTYPES = {
    torch.float32: "float32",
    torch.float64: "float64",
    torch.float16: "float16",
    torch.bfloat16: "bfloat16",
    torch.uint32: "uint32",
}


def array_of(tensor: torch.Tensor) -> Array:
    """Return the memory of a CPU tensor as an array, whatever its strides; nothing is copied, nothing recorded.

    TypeError or ValueError for a tensor that has no such memory.
    """
    try:
        if tensor.requires_grad:
            tensor = tensor.detach()
        if tensor.dtype is torch.bfloat16:
            array = tensor.view(torch.int16).numpy().view(numpy_dtype_of(torch.bfloat16))
        else:
            array = tensor.numpy()
    except (AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError):
        check_tensor(tensor)
        raise
    if not tensor.data_ptr():
        check_tensor(tensor)
    return array  # type: ignore[no-any-return]


@cache
def numpy_dtype_of(dtype: torch.dtype) -> np.dtype[Any]:
    """Return NumPy's dtype of a tensor's; TypeError where tensors of it cannot be filled."""
    if dtype not in DTYPES:
        raise TypeError(
            f"tensor has dtype {dtype}; only float32, float64, float16 or bfloat16 can be filled: "
            "allocate it with such a dtype"
        )
    return dtype_named(DTYPES[dtype])


def check_tensor(tensor: Any) -> None:
    """Raise TypeError or ValueError for what is no tensor that can be filled, on whatever device."""
    kind = type(tensor)
    what = f"{kind.__module__}.{kind.__qualname__}"
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"tensor is a {what}; only a torch.Tensor is filled here: for an array, call fast_init's own")
    if is_lazy(tensor):
        raise ValueError(f"tensor is a {what}, which has no shape yet: run its lazy module once and fill it then")
    if tensor.is_meta:
        raise ValueError(
            f"tensor of shape {tuple(tensor.shape)} is on the meta device and has no memory to fill: "
            "call fast_init.torch.materialize_ on its module, or allocate it by torch.empty_like(tensor, device='cpu')"
        )
    if kind.__torch_dispatch__ is not torch.Tensor.__torch_dispatch__:
        raise TypeError(
            f"tensor is a {what}, whose elements are not simply its memory: fill the tensors that it is made of"
        )
    if tensor.layout is not torch.strided:
        raise TypeError(f"tensor has layout {tensor.layout}; only torch.strided can be filled: fill its values()")
    numpy_dtype_of(tensor.dtype)
    if tensor.is_neg() or tensor.is_conj():
        raise ValueError("tensor is a lazily negated view; a fill would be negated too: fill the tensor it views")
    if tensor.numel() and not tensor.data_ptr():
        raise ValueError(
            f"tensor of shape {tuple(tensor.shape)} has no storage, which was freed or never made: allocate it first"
        )
