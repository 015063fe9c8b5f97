"""Dtypes by name, and how fine they are."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["ulp_of_one"]


def ulp_of_one(dtype: np.dtype[Any]) -> float:
    """Return the distance from 1 to the next larger value of a dtype."""
    return float(np.nextafter(dtype.type(1), dtype.type(2))) - 1
