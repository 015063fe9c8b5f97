"""The command `fast-init`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, NoReturn

from . import cli_study, demo
from .config import config, show_config
from .models import MODELS, SCHEMES, Tensor

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["main"]

USAGE_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it

DEMO = """Fill every weight of a model, each from the stream of its own name; compare mean and standard
deviation with the formula (exit code 1 if one is off); time numpy.random.Generator on the same arrays."""

EPILOG = """examples:
  fast-init demo                                    GPT-2 (124 M parameters) in float32
  fast-init demo --model gpt2-xl --dtype bfloat16   1.6 G parameters in 3.1 GB
  fast-init demo --scheme he --threads 1            He et al.'s scheme, one thread against NumPy's one
  fast-init demo --no-compare --json                results for a program, without NumPy's
  fast-init study                                   the textbook's claims, measured: study.html
  fast-init info                                    version, instruction set and threads in use
"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Leave with the code of a wrong usage."""
        self.exit(USAGE_ERROR, f"fast-init: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 1 if a check failed, 2 if it could not run, 130 on Ctrl-C."""
    arguments = _parser().parse_args(argv)
    try:
        return {"demo": _demo, "study": _study, "info": _info}[arguments.command](arguments)
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
    commands = parser.add_subparsers(dest="command", required=True, metavar="demo | study | info")
    _add_demo(
        commands.add_parser(
            "demo",
            help="fill the weights of a GPT-2, check them and time it beside NumPy",
            description=DEMO,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    cli_study.add_arguments(
        commands.add_parser(
            "study",
            help="measure what textbooks say of initial weights, as a page with pictures",
            description=cli_study.DESCRIPTION,
            epilog=cli_study.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    info = commands.add_parser("info", help="print what this build is and uses: fast_init.show_config()")
    info.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--model", default="gpt2", help=f"{', '.join(MODELS)} (default: gpt2)")
    add("--scheme", default="gpt2", help=f"of the linear layers: {', '.join(SCHEMES)} (default: gpt2)")
    add("--dtype", default="float32", help=f"{', '.join(demo.DTYPES)} (default: float32)")
    add("--seed", type=int, default=0, help="from 0 to 2**64 - 1 (default: 0)")
    add("--threads", type=int, help="the most that fast_init may use (default: all this process may)")
    add("--json", action="store_true", help="print the results as JSON; needs no rich")
    add("--no-compare", action="store_true", help="leave NumPy out")


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
        if not arguments.json:
            _require_rich()
        job = demo.prepare(arguments.model, arguments.scheme, arguments.dtype, arguments.seed, arguments.threads)
    except (ImportError, TypeError, ValueError) as error:
        return _leave(USAGE_ERROR, str(error))
    compare = not arguments.no_compare
    if arguments.json:
        report = demo.run(job, demo.allocate(job), compare=compare)
        print(json.dumps(asdict(report), indent=2))
    else:
        with _progress() as track:
            report = demo.run(job, demo.allocate(job, track), track, compare=compare)
        _print(report)
    return 0 if report.ok else 1


def _study(arguments: argparse.Namespace) -> int:
    try:
        job = cli_study.prepare(arguments)
    except (ImportError, TypeError, ValueError) as error:
        return _leave(USAGE_ERROR, str(error))
    try:
        return 0 if cli_study.run(job) else 1
    except OSError as error:
        return _leave(USAGE_ERROR, f"{error.filename} cannot be written: {error.strerror}; choose another --output")


def _leave(code: int, sentence: str) -> int:
    print(f"fast-init: {sentence}", file=sys.stderr)
    return code


def _require_rich() -> None:
    try:
        import rich  # noqa: F401
    except ImportError:
        raise ImportError(
            "fast-init needs rich for its tables and progress bars: pip install 'fast-init[cli]'"
        ) from None


@contextmanager
def _progress() -> Iterator[demo.Track]:
    """Show the passes over a model on stderr, if that is a terminal; drawn between fills, never during one."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description:9}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(
        *columns, console=console, auto_refresh=False, transient=True, disable=not console.is_terminal
    ) as progress:

        def track(tensors: Sequence[Tensor], what: str) -> Iterable[Tensor]:
            task = progress.add_task(what, total=sum(t.size for t in tensors))
            for tensor in tensors:
                yield tensor
                progress.update(task, advance=tensor.size, refresh=True)

        yield track


def _print(report: demo.Report) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    console.print(_table(report.groups, console))
    for line in _sentences(report):
        console.print(line, soft_wrap=True)


def _table(groups: list[demo.Group], console: Console) -> Table:
    from rich import box
    from rich.table import Table

    good, bad = ("✓", "✗") if console.encoding.startswith("utf") else ("ok", "off")
    table = Table(box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    for heading in ("group", "count", "shape", "filled by", "expected\nstd", "measured\nstd", "ms", "GB/s", ""):
        left = heading in ("group", "shape", "filled by")
        table.add_column(heading, justify="left" if left else "right", no_wrap=heading != "shape")
    for group in groups:
        table.add_row(
            group.group,
            str(group.tensors),
            " ".join("x".join(map(str, shape)) for shape in group.shapes),
            group.init,
            f"{group.expected_std:.6f}",
            f"{group.measured_std:.6f}",
            f"{group.seconds * 1e3:.2f}",
            f"{group.gb_per_s:.2f}",
            good if group.ok else bad,
            style=None if group.ok else "red",
        )
    return table


def _sentences(report: demo.Report) -> Iterator[str]:
    threads = "1 thread" if report.threads == 1 else f"up to {report.threads} threads"
    if off := [group.group for group in report.groups if not group.ok]:
        yield f"The values of {', '.join(off)} are more than six standard errors off: please report this."
    else:
        yield "Every mean and standard deviation is within six standard errors of its formula."
    yield (
        f"{report.model}: {report.parameters:,} parameters, {report.bytes / 1e6:,.1f} MB in {report.dtype}, filled in "
        f"{report.seconds:.4f} s: {report.gb_per_s:.2f} GB/s on {threads} ({report.isa})."
    )
    if report.numpy_seconds is not None:
        cast = f", float32 cast to {report.dtype}, which it cannot draw" if "16" in report.dtype else ""
        yield (
            f"numpy.random.Generator (SFC64, 1 thread{cast}) took {report.numpy_seconds:.4f} s for the same "
            f"distributions in the same arrays: fast_init on {threads} was {report.times_as_fast:.1f} times as fast."
        )


if __name__ == "__main__":
    sys.exit(main())
