"""The page and its pictures: the only room that needs matplotlib."""

from .html import html_of
from .recipe_picture import picture_of

__all__ = ["html_of", "picture_of"]
