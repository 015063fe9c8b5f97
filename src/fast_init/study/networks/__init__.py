"""Networks that this package fills, and what theory expects of them."""

from .propagation import BATCH, Signals, propagate

__all__ = ["BATCH", "Signals", "propagate"]
