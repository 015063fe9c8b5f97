"""Calls written as text, such as ``normal(std=0.01)``: a name and literal arguments."""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

__all__ = ["Call", "parse_call"]

MALFORMED = (SyntaxError, ValueError, TypeError, MemoryError, RecursionError)  # of ast.parse and ast.literal_eval


class Call(NamedTuple):
    """The name that is called, and what is passed to it."""

    name: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]


def parse_call(text: str) -> Call | None:
    """Return the call that a text is, that of a bare name without arguments; None for anything else.

    Arguments are literals; nothing is evaluated.

    Examples
    --------
    >>> parse_call("uniform(-0.05, b=0.05)")
    Call(name='uniform', arguments=(-0.05,), options={'b': 0.05})
    >>> parse_call("he_normal")
    Call(name='he_normal', arguments=(), options={})
    >>> parse_call("normal(std=sqrt(2))") is None
    True
    """
    try:
        node = ast.parse(text.strip(), mode="eval").body
        call = node if isinstance(node, ast.Call) else ast.Call(node, [], [])
        if not isinstance(call.func, ast.Name):
            return None
        arguments = tuple(ast.literal_eval(argument) for argument in call.args)
        options = {str(option.arg): ast.literal_eval(option.value) for option in call.keywords}
    except MALFORMED:
        return None
    return Call(call.func.id, arguments, options)
