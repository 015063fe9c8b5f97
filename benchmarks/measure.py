"""Runs the contests, checks what was drawn, prints the medians and keeps them.

Usage: python -m benchmarks.measure [-o run.json] [--quick] [--only NAME ...]

A full run takes about seven minutes and 3 GiB on two cores. The median over the rounds is kept, in nanoseconds per
element, with the extremes. Exit code 1: a contestant, which is named, did not draw what it should.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from .checking import WrongDrawError, check
from .contest import Contest
from .contests import programme
from .machine import active_isa, available_isas, machine
from .peers import MISSING
from .table import Results, table
from .timing import Times, race

ROOT = Path(__file__).parent.parent


def measure(contests: Sequence[Contest], quick: bool) -> Results:
    """Return the times of the contests that this machine can run.

    Raises
    ------
    WrongDrawError
        A contestant did not draw what it should.
    """
    results: Results = {}
    rounds = 5 if quick else 15
    with progress(contests, rounds) as after_round:
        for contest in contests:
            if contest.isa in (None, active_isa()):
                entered = contest.enter(contest.elements)
                results[contest.name] = race(contest, entered, rounds, partial(after_round, contest.name))
                check(contest, entered)
            elif contest.isa in available_isas():
                results[contest.name] = on_its_level(contest, quick)
            else:
                MISSING[f"{contest.isa} level"] = "not available on this machine"
    return results


def on_its_level(contest: Contest, quick: bool) -> Times:
    """Run the contest in a process of its own: an ISA level is forced from the start of one."""
    with TemporaryDirectory() as folder:
        output = Path(folder, "run.json")
        words = ["--only", contest.name, "-o", str(output), *(["--quick"] if quick else [])]
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.measure", *words],
            cwd=ROOT,
            env={**os.environ, "FAST_INIT_ISA": str(contest.isa)},
            capture_output=True,
            text=True,
        )
        if child.returncode != 0:
            raise WrongDrawError(child.stderr.strip())
        times: Times = json.loads(output.read_text())["results"][contest.name]
        return times


@contextmanager
def progress(contests: Sequence[Contest], rounds: int) -> Iterator[Callable[[str], None]]:
    """Show rounds on stderr, if that is a terminal; drawn between them, never during one."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description:28}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=len(contests) * rounds)
        yield lambda name: bars.update(task, advance=1, description=name, refresh=True)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("-o", "--output", type=Path, default=Path("run.json"))
    made.add_argument("--quick", action="store_true", help="small buffers and few rounds: seconds")
    made.add_argument("--only", action="append", default=[], metavar="NAME", help="the contests whose name has this")
    return made


def main(words: Sequence[str] | None = None) -> int:
    """Run what the command line asks for and return the exit code."""
    arguments = parser().parse_args(words)
    contests = [
        contest
        for contest in programme(arguments.quick)
        if not arguments.only or any(part in contest.name for part in arguments.only)
    ]
    if not contests:
        parser().error(f"--only is {arguments.only}; it must be part of a contest's name, such as 'normal float32'")
    try:
        results = measure(contests, arguments.quick)
    except WrongDrawError as error:
        print(error, file=sys.stderr)
        return 1
    kept = {"machine": machine(), "missing": MISSING, "quick": arguments.quick, "only": arguments.only}
    arguments.output.write_text(json.dumps({**kept, "results": results}, indent=1) + "\n")
    print(table(results), end="\n\n")
    for name, why in MISSING.items():
        print(f"left out: {name} ({why})")
    print(f"written: {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
