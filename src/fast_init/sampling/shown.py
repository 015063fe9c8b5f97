"""How an error message names a value."""

from __future__ import annotations

from typing import Any

__all__ = ["shown"]

LONGEST, KEPT = 200, 60  # characters of a repr that is shown whole; of the beginning of a longer one


def shown(value: Any) -> str:
    """Return the repr of a value that may be anything: on one line, cut where it is long, and never an exception."""
    try:
        text = repr(value)
    except Exception:  # an object's own; or of an int of more digits than Python writes
        kind = type(value).__qualname__
        return f"an int of {value.bit_length()} bits" if type(value) is int else f"a {kind} that has no repr"
    if "\n" in text:
        text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:KEPT]}... of {len(text)} characters"
