"""Turns runs of benchmarks.measure into the tables and the pictures of docs/performance.md.

Usage: python -m benchmarks.report run.json [other.json ...] [--docs docs]

The first run gives the times, the others, of other machines, a column of ratios each. Writes the runs and pictures to
docs/performance, the table between the marks of docs/performance.md, and its first rows between those of README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .pictures import picture_of_parts, picture_of_peers
from .rows import ROWS, Medians, Row

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
IN_README = [row for row in ROWS if row.what.startswith(("`", "bfloat16", "float64")) and "bits_" not in row.against]

Run = dict[str, Any]


def medians_of(run: Run) -> Medians:
    """Return the medians of a run."""
    return {contest: {name: t["median"] for name, t in times.items()} for contest, times in run["results"].items()}


def cores_of(run: Run) -> str:
    """Return the processor's name, as the head of a column."""
    return str(run["machine"]["cpu"])


def table(runs: Sequence[Run], rows: Sequence[Row], with_target: bool = True) -> str:
    """Return the rows of the first run, with the ratios of the others."""
    medians, *others = map(medians_of, runs)
    titles = ["what", "against", "ns per element", "theirs", "ratio", *(f"ratio, {cores_of(run)}" for run in runs[1:])]
    titles += ["target"] if with_target else []
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    return "\n".join([*lines, *(row.line(medians, others, with_target) for row in rows)]) + "\n"


def sentences(runs: Sequence[Run]) -> str:
    """Say on what the runs were made."""
    made = [
        f"{run['machine']['cpus']} cores of {cores_of(run)}, {run['machine']['ISA in use']}, "
        f"{run['machine']['compiler']}, NumPy {run['machine']['numpy']}"
        for run in runs
    ]
    others = f" The ratios beside it are of a run each on {'; on '.join(made[1:])}." if made[1:] else ""
    return f"Medians of one run on {made[0]}; warm buffers of 256 MiB and more but for the last rows.{others}"


def between_marks(page: Path, text: str) -> None:
    """Put the text between the page's marks."""
    before, rest = page.read_text().split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{rest.split(END)[1]}")


def write(runs: Sequence[Run], docs: Path) -> None:
    """Write the runs, pictures and tables."""
    folder = docs / "performance"
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.json"):
        stale.unlink()
    for k, run in enumerate(runs):
        (folder / ("run.json" if k == 0 else f"other-{k}.json")).write_text(json.dumps(run, indent=1) + "\n")
    medians = medians_of(runs[0])
    picture_of_parts(medians, cores_of(runs[0]), folder / "parts.svg")
    picture_of_peers(medians, folder / "peers.svg")
    missing = "".join(f"Left out: {name} ({why}).\n" for name, why in runs[0]["missing"].items())
    between_marks(docs / "performance.md", f"{sentences(runs)}\n{missing}\n{table(runs, ROWS)}")
    between_marks(docs.parent / "README.md", f"{sentences(runs)}\n\n{table(runs, IN_README, with_target=False)}")


def main(words: Sequence[str] | None = None) -> int:
    """Write the tables and pictures; exit code 2 for a run that is not the whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", metavar="run")
    parser.add_argument("--docs", type=Path, default=DOCS, help="where the pages are, README.md beside them")
    arguments = parser.parse_args(words)
    runs = [json.loads(path.read_text()) for path in arguments.runs]
    for path, run in zip(arguments.runs, runs, strict=True):
        if run.get("quick") or run.get("only"):
            print(f"{path} is of some contests or of small buffers; it makes no docs: run all of them", file=sys.stderr)
            return 2
    write(runs, arguments.docs)
    print(table(runs, ROWS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
