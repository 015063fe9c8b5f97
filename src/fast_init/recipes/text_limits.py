"""Limits of a recipe's text, looked at in linear time before a parser sees it.

Parsers recurse as deep as a text is nested, and tomllib, int() and fnmatch need time by the square of a length.
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["LONGEST", "check_text", "read_text"]

LONGEST = 1 << 22  # characters of a text, bytes of a file: some 40,000 rules
DEEPEST = 64  # brackets that are open at once
PARTS = 16  # of a dotted key
WORD = 1000  # characters of a number, key or string

# Strings and comments of TOML, which are those of JSON too. What has no end ends the line or the text: every match
# succeeds, so that none is tried again.
QUOTED = re.compile(
    r'"""(?:\\.?|[^\\])*?(?:"{3,5}|\Z)|'
    r"'''.*?(?:'{3,5}|\Z)|"
    r'"(?:\\.?|[^"\\\n])*"?|'
    r"'[^'\n]*'?|"
    r"#[^\n]*",
    re.DOTALL,
)
PIECES = re.compile(r"[\[{]|[\]}]|[^\[{\]}=:,\n]+")  # what opens, what closes, keys and values
STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def read_text(path: Path, source: str) -> str:
    """Return the text of a file; ValueError if it is longer than LONGEST or not UTF-8, OSError with its name."""
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:  # of which read() does not say the name
        raise OSError(error.errno, error.strerror, str(path)) from None
    _check_length(len(data), source)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{source} is not UTF-8: {error}; save it as that") from None


def check_text(text: str, source: str) -> None:
    """Raise ValueError, with the source, if a text is beyond a limit; linear in its length."""
    _check_length(len(text), source)
    depth = 0
    for match in PIECES.finditer(QUOTED.sub(_blank, text)):
        piece = match[0].strip()
        depth += STEPS.get(piece, 0)
        if depth > DEEPEST:
            raise ValueError(f"{source} is nested more than {DEEPEST} deep; a recipe is a list of rules: flatten it")
        if piece.count(".") >= PARTS:
            raise ValueError(f"{source} has a key of more than {PARTS} parts; the keys of rules have one: correct it")
        if len(piece) > WORD:
            raise ValueError(f"{source} has a word of {len(piece):,} characters; a word has at most {WORD:,}: cut it")


def _blank(quoted: re.Match[str]) -> str:
    return "" if quoted[0].startswith("#") else "_" * len(quoted[0])


def _check_length(length: int, source: str) -> None:
    if length > LONGEST:
        raise ValueError(f"{source} is too long; a recipe has at most {LONGEST:,} bytes: let patterns match more names")
