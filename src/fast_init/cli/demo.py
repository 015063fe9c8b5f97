"""The command `fast-init demo`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from ..recipes.progress import watched
from . import demo_job
from .demo_checks import Group
from .gpt2_shapes import MODELS, SCHEMES

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

HELP = "fill the weights of a GPT-2, check them and time it beside NumPy"

DESCRIPTION = """Fill every weight of a model, each from the stream of its own name; compare mean and standard
deviation with the formula (exit code 1 if one is off); time numpy.random.Generator on the same arrays."""

EPILOG = """examples:
  fast-init demo                                    GPT-2 (124 M parameters) in float32
  fast-init demo --model gpt2-xl --dtype bfloat16   1.6 G parameters in 3.1 GB
  fast-init demo --scheme he --threads 1            He et al.'s scheme, one thread against NumPy's one
  fast-init demo --no-compare --json                results for a program, without NumPy's
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("--model", default="gpt2", help=f"{', '.join(MODELS)} (default: gpt2)")
    add("--scheme", default="gpt2", help=f"of the linear layers: {', '.join(SCHEMES)} (default: gpt2)")
    add("--dtype", default="float32", help=f"{', '.join(demo_job.DTYPES)} (default: float32)")
    add("--seed", type=int, default=0, help="from 0 to 2**64 - 1 (default: 0)")
    add("--threads", type=int, help="the most that fast_init may use (default: all this process may)")
    add("--json", action="store_true", help="print the results as JSON; needs no rich")
    add("--no-compare", action="store_true", help="leave NumPy out")


def run(arguments: argparse.Namespace) -> int:
    """Do the job, print its report, and return 0, or 1 if a check failed."""
    if not arguments.json:
        _require_rich()
    job = demo_job.job_of(arguments.model, arguments.scheme, arguments.dtype, arguments.seed, arguments.threads)
    compare = not arguments.no_compare
    if arguments.json:
        report = demo_job.measure(job, demo_job.allocate(job), compare=compare)
        print(json.dumps(asdict(report), indent=2))
    else:
        with watched() as watch:
            report = demo_job.measure(job, demo_job.allocate(job, watch), watch, compare=compare)
        _print(report)
    return 0 if report.ok else 1


def _require_rich() -> None:
    try:
        import rich  # noqa: F401
    except ImportError:
        raise ImportError(
            "fast-init needs rich for its tables and progress bars: pip install 'fast-init[cli]'"
        ) from None


def _print(report: demo_job.Report) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    marks = ("✓", "✗") if console.encoding.startswith("utf") else ("ok", "off")
    table = Table(box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    for heading in ("group", "count", "shape", "filled by", "expected\nstd", "measured\nstd", "ms", "GB/s", ""):
        left = heading in ("group", "shape", "filled by")
        table.add_column(heading, justify="left" if left else "right", no_wrap=heading != "shape")
    for group in report.groups:
        table.add_row(*_cells(group), marks[0] if group.ok else marks[1], style=None if group.ok else "red")
    console.print(table)
    for line in _sentences(report):
        console.print(line, soft_wrap=True)


def _cells(group: Group) -> tuple[str, ...]:
    return (
        group.group,
        str(group.tensors),
        " ".join("x".join(map(str, shape)) for shape in group.shapes),
        group.init,
        f"{group.expected_std:.6f}",
        f"{group.measured_std:.6f}",
        f"{group.seconds * 1e3:.2f}",
        f"{group.gb_per_s:.2f}",
    )


def _sentences(report: demo_job.Report) -> Iterator[str]:
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
