"""Dtypes by name, and how fine they are."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["dtype_named", "ulp_of_one"]


def dtype_named(name: str) -> np.dtype[Any]:
    """Return NumPy's dtype of a name; bfloat16 needs ml_dtypes."""
    if name != "bfloat16":
        return np.dtype(name)
    try:
        import ml_dtypes
    except ImportError:
        raise ImportError("dtype is 'bfloat16'; NumPy knows it only with ml_dtypes: pip install ml_dtypes") from None
    bfloat16: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return bfloat16


def ulp_of_one(dtype: np.dtype[Any]) -> float:
    """Return the distance from 1 to the next larger value of a dtype."""
    return float(np.nextafter(dtype.type(1), dtype.type(2))) - 1
