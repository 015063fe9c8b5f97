"""The command `fast-init`: its parser, and what its exit codes mean."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from ..sampling.config import config, show_config
from . import checkpoint, demo, inspect, study, verify

__all__ = ["main"]

USAGE_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it

EPILOG = """examples:
  fast-init demo                                    GPT-2 (124 M parameters) in float32
  fast-init checkpoint config.json -o model         its initial weights, as files of safetensors
  fast-init verify model                            whether they are still those
  fast-init inspect model.safetensors               what any such file holds
  fast-init study                                   the textbook's claims, measured: study.html
  fast-init info                                    version, instruction set and threads in use
"""

COMMANDS: dict[str, tuple[ModuleType, str]] = {
    "demo": (demo, "fill the weights of a GPT-2, check them and time it beside NumPy"),
    "checkpoint": (checkpoint, "write a model's initial weights as safetensors"),
    "verify": (verify, "draw the weights of a checkpoint again and say which differ"),
    "inspect": (inspect, "show what a checkpoint holds, and which schemes it looks like"),
    "study": (study, "measure what textbooks say of initial weights, as a page with pictures"),
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Leave with the code of a wrong usage."""
        self.exit(USAGE_ERROR, f"fast-init: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 1 if a check failed, 2 if it could not run, 130 on Ctrl-C."""
    arguments = _parser().parse_args(argv)
    run = {"demo": _demo, "study": _study, "info": _info}.get(arguments.command, _files)
    try:
        return run(arguments)
    except KeyboardInterrupt:
        return _leave(INTERRUPTED, "interrupted")
    except MemoryError as error:
        return _leave(USAGE_ERROR, str(error))


def _parser() -> Parser:
    parser = Parser(
        prog="fast-init",
        description="Initialise neural-network weights on a CPU: in place, fast, and the same bits everywhere.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = " | ".join([*COMMANDS, "info"])
    commands = parser.add_subparsers(dest="command", required=True, metavar=names)
    for name, (module, text) in COMMANDS.items():
        module.add_arguments(
            commands.add_parser(
                name,
                help=text,
                description=module.DESCRIPTION,
                epilog=module.EPILOG,
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
        )
    info = commands.add_parser("info", help="print what this build is and uses: fast_init.show_config()")
    info.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def _files(arguments: argparse.Namespace) -> int:
    """Run a command that reads or writes checkpoints."""
    run = COMMANDS[arguments.command][0].run
    try:
        return int(run(arguments))
    except OSError as error:
        named = error.filename is not None and error.strerror is not None
        text = f"{error.filename}: {error.strerror}; pass another path" if named else error.strerror or str(error)
        return _leave(USAGE_ERROR, text)
    except (ImportError, TypeError, ValueError) as error:
        return _leave(USAGE_ERROR, str(error))


def _info(arguments: argparse.Namespace) -> int:
    try:
        found = config()
    except ValueError as error:
        return _leave(USAGE_ERROR, str(error))
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        show_config()
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    try:
        job = demo.prepare(arguments)
    except (ImportError, TypeError, ValueError) as error:
        return _leave(USAGE_ERROR, str(error))
    return 0 if demo.run(job, arguments) else 1


def _study(arguments: argparse.Namespace) -> int:
    try:
        job = study.prepare(arguments)
    except (ImportError, TypeError, ValueError) as error:
        return _leave(USAGE_ERROR, str(error))
    try:
        return 0 if study.run(job) else 1
    except OSError as error:
        return _leave(USAGE_ERROR, f"{error.filename} cannot be written: {error.strerror}; choose another --output")


def _leave(code: int, sentence: str) -> int:
    print(f"fast-init: {sentence}", file=sys.stderr)
    return code
