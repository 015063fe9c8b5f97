"""The command `fast-init demo`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from ..recipes.progress import watched
from . import demo_job
from .demo_screen import print_report, require_rich
from .gpt2_shapes import MODELS, SCHEMES
from .terminal import show

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

HELP = "fill the weights of a GPT-2, check them and time it beside NumPy"

DESCRIPTION = """Fill every weight of a model, each from the stream of its own name; compare mean and standard
deviation with the formula (exit code 1 if one is off); time numpy.random.Generator on the same arrays, and fast_init
on one thread: the medians of three rounds."""

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
        require_rich()
    job = demo_job.job_of(arguments.model, arguments.scheme, arguments.dtype, arguments.seed, arguments.threads)
    compare = not arguments.no_compare
    if arguments.json:
        report = demo_job.measure(job, demo_job.allocate(job), compare=compare)
        show(json.dumps(asdict(report), indent=2))
    else:
        with watched() as watch:
            report = demo_job.measure(job, demo_job.allocate(job, watch), watch, compare=compare)
        print_report(report)
    return 0 if report.ok else 1
