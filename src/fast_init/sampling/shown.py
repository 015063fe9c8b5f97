"""How an error message names a value."""

from __future__ import annotations

from reprlib import Repr
from typing import Any

__all__ = ["shown"]

LONGEST = 400  # characters
MOST_DIGITS = 40  # of an int that is shown as digits


class _Short(Repr):
    def repr_int(self, x: int, level: int) -> str:  # noqa: ARG002  # reprlib's
        return repr(x) if abs(x) < 10**MOST_DIGITS else f"an int of {x.bit_length():,} bits"

    def repr_instance(self, x: Any, level: int) -> str:  # noqa: ARG002
        try:
            return repr(x)
        except Exception:  # an object's own
            return f"a {type(x).__qualname__} that has no repr"


_short = _Short()
_short.maxlist = _short.maxtuple = _short.maxdict = _short.maxset = 8
_short.maxstring = 120
_short.maxlevel = 3


def shown(value: Any) -> str:
    """Return the repr of a value that may be anything, and never an exception: one line of at most 400 characters.

    Of long containers and texts, and of ints of more than 40 digits, what is cut is not made.

    Examples
    --------
    >>> shown([10**5000, *range(3000)])
    '[an int of 16,610 bits, 0, 1, 2, 3, 4, 5, 6, ...]'
    """
    try:
        text = _short.repr(value)
    except Exception:  # of a container's own code
        text = f"a {type(value).__qualname__} that has no repr"
    if "\n" in text:
        text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
