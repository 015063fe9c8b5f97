"""Text that may be from a file, such as a tensor's name, as it is shown to people."""

from __future__ import annotations

__all__ = ["printable"]

LINE = 2000  # characters


def printable(text: str, longest: int = LINE) -> str:
    """Return text in one line, cut in its middle to `longest` characters; what Unicode calls not printable is escaped.

    So nothing of it ends the line, moves the cursor or turns the direction of writing, and surrogates have an encoding.

    Examples
    --------
    >>> print(printable("w\\x1b[2J\\n\\u202e"))
    w\\x1b[2J\\n\\u202e
    """
    half = longest // 2
    shown = text if len(text) <= longest else f"{text[:half]}...{text[-half:]}"
    if shown.isprintable():
        return shown
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
