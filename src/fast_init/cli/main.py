"""The command `fast-init`: its parser, and what its exit codes mean."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import NoReturn

from ..recipes.printable import printable
from . import checkpoint, demo, info, inspect, recipe, study, verify
from .command import Command
from .terminal import abandon, flush, open_streams

__all__ = ["main"]

USAGE_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
BROKEN_PIPE = 141  # 128 + SIGPIPE
EXPECTED = (ValueError, TypeError, ImportError, OSError, MemoryError)  # anything else that a command raises is a bug

EPILOG = """examples:
  fast-init demo                                    GPT-2 (124 M parameters) in float32
  fast-init checkpoint config.json -o model         its initial weights, as files of safetensors
  fast-init recipe config.json                      what these are, as TOML to edit
  fast-init verify model                            whether they are still those
  fast-init inspect model.safetensors               what any such file holds
  fast-init study                                   the textbook's claims, measured: study.html
  fast-init info                                    version, instruction set and threads in use
"""

COMMANDS: dict[str, Command] = {
    "demo": demo,
    "checkpoint": checkpoint,
    "recipe": recipe,
    "verify": verify,
    "inspect": inspect,
    "study": study,
    "info": info,
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Leave with the code of a wrong usage."""
        raise SystemExit(_leave(USAGE_ERROR, f"{message}; see {self.prog} --help"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0, 1 if a check failed, 2 if it could not run, 130 on Ctrl-C, 141 if whatever reads its output has gone.
    """
    open_streams()
    try:
        try:
            return _run(argv)
        finally:
            flush()
    except BrokenPipeError:
        return BROKEN_PIPE
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # as rich has it
            return BROKEN_PIPE
        raise
    except OSError as error:
        return _leave(USAGE_ERROR, _sentence(error))


def _run(argv: Sequence[str] | None) -> int:
    parser = _parser()
    _answer_a_shell(parser)
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help()
        return 0
    try:
        return COMMANDS[arguments.command].run(arguments)
    except KeyboardInterrupt:
        return _leave(INTERRUPTED, "interrupted")
    except BrokenPipeError:
        raise
    except EXPECTED as error:
        flush()  # which says it, if it is stdout that was not written
        if arguments.debug:
            print(*map(printable, traceback.format_exc().splitlines()), sep="\n", file=sys.stderr)
        return _leave(USAGE_ERROR, _sentence(error))


def _parser() -> Parser:
    parser = Parser(
        prog="fast-init",
        description="Initialise neural-network weights on a CPU: in place, fast, and the same bits everywhere.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_debug(parser, default=False)
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('fast_init')}")
    commands = parser.add_subparsers(dest="command", metavar=" | ".join(COMMANDS))
    for name, command in COMMANDS.items():
        of_command = commands.add_parser(
            name,
            help=command.HELP,
            description=command.DESCRIPTION,
            epilog=command.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(of_command)
        _add_debug(of_command, default=argparse.SUPPRESS)  # a default would hide one before the command's name
    return parser


def _answer_a_shell(parser: Parser) -> None:
    """Print the completions that a shell asks for, if it does, and end there; without argcomplete no shell asks."""
    with suppress(ImportError):
        import argcomplete

        argcomplete.autocomplete(parser)


def _add_debug(parser: argparse.ArgumentParser, default: object) -> None:
    text = "show an error's traceback; may stand before the command's name too"
    parser.add_argument("--debug", action="store_true", default=default, help=text)


def _sentence(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror is not None:
        named = error.filename is not None
        return f"{error.filename}: {error.strerror}; pass another path" if named else error.strerror
    return str(error) or type(error).__name__


def _leave(code: int, sentence: str) -> int:
    try:
        print(f"fast-init: {printable(sentence)}", file=sys.stderr)
    except OSError:
        abandon(sys.stderr)
    return code
