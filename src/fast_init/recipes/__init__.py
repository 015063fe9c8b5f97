"""Recipes: which tensor of a model gets which scheme."""

from .families import *  # noqa: F403
from .families import __all__ as _families

__all__ = list(_families)
