"""The streams of the command: those that are closed, full, broken, or without the characters that are to be shown."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

__all__ = ["abandon", "flush", "of_stdout", "open_streams", "show", "shows"]


def open_streams() -> None:
    """Let stdout and stderr take what is written: nowhere if they are closed, escaped where the encoding lacks it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # as Python has it where the shell closed it
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def of_stdout() -> Iterator[None]:
    """Let an error of writing to stdout say so: BrokenPipeError if its reader has gone, else OSError in a sentence."""
    try:
        yield
    except OSError as error:
        abandon(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        raise OSError(f"stdout cannot be written: {error.strerror}; send it elsewhere") from error


def show(text: str) -> None:
    """Print a text; raises what `of_stdout` does."""
    with of_stdout():
        print(text, flush=True)


def shows(text: str) -> bool:
    """Whether stdout's encoding has the characters of a text."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def flush() -> None:
    """Write what stdout still keeps; raises what `of_stdout` does."""
    with of_stdout():
        sys.stdout.flush()


def abandon(stream: TextIO) -> None:
    """Send nowhere what a stream could not write, lest the interpreter try again, and complain, when it ends."""
    with suppress(OSError, ValueError):  # of a stream without a descriptor
        descriptor = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
