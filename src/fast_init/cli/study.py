"""The command `fast-init study`."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..study import Claim, Signals, Topic

__all__ = ["DESCRIPTION", "EPILOG", "Job", "add_arguments", "prepare", "run"]

DESCRIPTION = """Measure what textbooks say of initial weights: each claim with its figure, its threshold and a tick or
a cross (exit code 1 if there is one), and one network of your choice. Writes one HTML page with its pictures."""

EPILOG = """examples:
  fast-init study                                        every claim, and a network of 20 layers of 256 units
  fast-init study --sizes 784,512,512,10 --activation gelu --scheme "orthogonal(gain=1.5)"
  fast-init study --depth 50 --scheme lecun_normal -o lecun.html
  fast-init study --json                                 the figures for a program
"""

WIDTH, DEPTH = 256, 20


@dataclass(frozen=True)
class Job:
    """What to measure and write; `prepare` makes it, with every field checked."""

    signals: Signals
    seed: int
    output: Path | None  # None: JSON to the standard output
    command: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("--sizes", help="of one network: its inputs, then the units of each layer, such as 784,256,256,10")
    add("--width", type=int, help=f"of its inputs and of every layer, instead of --sizes (default: {WIDTH})")
    add("--depth", type=int, help=f"its number of layers, instead of --sizes (default: {DEPTH})")
    add(
        "--activation", default="relu", help="linear, relu, leaky_relu, tanh, sigmoid, gelu, silu, selu (default: relu)"
    )
    add("--scheme", default="he_normal", help="he_normal, 'normal(std=0.01)', 'orthogonal(gain=1.4)', ...")
    add("--batch", type=int, default=128, help="number of inputs (default: 128)")
    add("--seed", type=int, default=0, help="of the network and of the claims, from 0 to 2**63 - 1 (default: 0)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", type=Path, default=Path("study.html"), help="the page (default: study.html)")
    where.add_argument("--json", action="store_true", help="print the results as JSON; needs no matplotlib")


def prepare(arguments: argparse.Namespace) -> Job:
    """Return the job, checked, its network measured; what it raises says in one sentence what to change.

    Raises
    ------
    ValueError, TypeError
        An argument has a value it must not have.
    ImportError
        A page is wanted and matplotlib is not installed.
    """
    from ..study import propagate, scheme_of

    if not arguments.json:
        from ..study import pictures  # noqa: F401
    if not 0 <= arguments.seed < 1 << 63:
        raise ValueError(f"seed is {arguments.seed}; it must be in [0, 2**63): pass a seed of at most 63 bits")
    scheme = scheme_of(arguments.scheme)
    signals = propagate(_sizes(arguments), arguments.activation, scheme, seed=arguments.seed, batch=arguments.batch)
    return Job(signals, arguments.seed, None if arguments.json else arguments.output, _command(arguments))


def _sizes(arguments: argparse.Namespace) -> list[int]:
    if arguments.sizes is None:
        width = WIDTH if arguments.width is None else arguments.width
        depth = DEPTH if arguments.depth is None else arguments.depth
        return [width] * (depth + 1)
    if arguments.width is not None or arguments.depth is not None:
        raise ValueError(f"sizes is {arguments.sizes!r}; it says all of --width and --depth: pass it or them")
    try:
        return [int(size) for size in arguments.sizes.split(",")]
    except ValueError:
        raise ValueError(
            f"sizes is {arguments.sizes!r}; it must be whole numbers with commas: pass such as 784,256,10"
        ) from None


def _command(arguments: argparse.Namespace) -> str:
    """Return the command that makes the same page."""
    words = ["fast-init", "study"]
    for name in ("sizes", "width", "depth", "activation", "scheme", "batch", "seed"):
        if (value := getattr(arguments, name)) is not None:
            words += [f"--{name}", str(value)]
    return shlex.join(words)


def run(job: Job) -> bool:
    """Measure the claims, print them or their JSON, write the page, and return whether all of them hold.

    Raises
    ------
    OSError
        The page cannot be written.
    """
    from ..study import TOPICS

    topics = []
    for topic in TOPICS:
        topics.append(topic(job.seed))
        if job.output is not None:
            _print(topics[-1])
    if job.output is None:
        print(json.dumps(_record(job, topics), indent=2))
    else:
        _write(job, job.output, topics)
    return all(claim.holds for topic in topics for claim in topic.claims)


def _print(topic: Topic) -> None:
    utf = (sys.stdout.encoding or "").lower().startswith("utf")
    good, bad = ("✓", "✗") if utf else ("ok ", "off")
    print(topic.title)
    for claim in topic.claims:
        print(f"  {good if claim.holds else bad} {_sentence(claim)}")


def _sentence(claim: Claim) -> str:
    theory = "" if claim.expected is None else f"theory {claim.expected:.3g}; "
    return f"{claim.sentence}: {claim.quantity} = {claim.measured:.3g} ({theory}holds if {claim.threshold})"


def _write(job: Job, output: Path, topics: list[Topic]) -> None:
    from ..study.one_network import one_network
    from ..study.page import html_of

    output.write_text(html_of(one_network(job.signals), topics, seed=job.seed, command=job.command), encoding="utf-8")
    print(f"wrote {output}")


def _record(job: Job, topics: list[Topic]) -> dict[str, Any]:
    signals = job.signals
    return {
        "seed": job.seed,
        "network": {
            "sizes": signals.sizes,
            "activation": signals.activation,
            "scheme": signals.scheme.to_dict(),
            "forward": [_number(variance) for variance in signals.forward],
            "backward": [_number(variance) for variance in signals.backward],
        },
        "topics": [
            {"key": topic.key, "title": topic.title, "claims": [_claim(claim) for claim in topic.claims]}
            for topic in topics
        ],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    record = {key: _number(value) if isinstance(value, float) else value for key, value in asdict(claim).items()}
    return {**record, "holds": claim.holds}


def _number(value: float) -> float | None:
    """Return what JSON can write: null for an infinity or NaN."""
    return float(value) if isfinite(value) else None
