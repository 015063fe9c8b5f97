"""Signatures as text, for the list of public names."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

__all__ = ["signature_of"]


def signature_of(function: Callable[..., Any]) -> str:
    """Return the parameters as one writes them, without types."""
    parts, only_keywords = [], False
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.KEYWORD_ONLY and not only_keywords:
            parts.append("*")
            only_keywords = True
        mark = "**" if p.kind is p.VAR_KEYWORD else "*" if p.kind is p.VAR_POSITIONAL else ""
        parts.append(f"{mark}{p.name}" + ("" if p.default is p.empty else f"={p.default!r}"))
        if p.kind is p.POSITIONAL_ONLY:
            parts.append("/")
    return ", ".join(parts)
