"""Where `normal_` and its kin were, for the schemes that still apply them."""

from __future__ import annotations

from .bits import bits_
from .normal import normal_, trunc_normal_
from .uniform import uniform_

__all__ = ["bits_", "normal_", "trunc_normal_", "uniform_"]
