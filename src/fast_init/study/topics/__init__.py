"""One file a theme: each of its functions measures one topic and returns it."""

from .table import TOPICS, measure

__all__ = ["TOPICS", "measure"]
