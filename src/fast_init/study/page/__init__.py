"""The page and its pictures: the only room that needs matplotlib."""

from .html import html_of

__all__ = ["html_of"]
