"""The command `fast-init study`."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from ..study import TOPICS, Claim, Signals, Topic, propagate, scheme_of
from ..study.topics.one_network import one_network
from ..study.topics.table import MORE
from .terminal import show

__all__ = ["DESCRIPTION", "EPILOG", "HELP", "add_arguments", "run"]

HELP = "measure what textbooks say of initial weights, as a page with pictures"

DESCRIPTION = """Measure what textbooks say of initial weights: each claim with its figure, its threshold and a tick or
a cross (exit code 1 if there is one), and one network of your choice. Writes one HTML page with its pictures."""

EPILOG = """examples:
  fast-init study                                        every claim, and a network of 20 layers of 256 units
  fast-init study --sizes 784,512,512,10 --activation gelu --scheme "orthogonal(gain=1.5)"
  fast-init study --depth 50 --scheme lecun_normal -o lecun.html
  fast-init study --json                                 the figures for a program
"""

WIDTH, DEPTH = 256, 20


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
    add("--full", action="store_true", help="train from ten seeds at more learning rates: one or two minutes")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", type=Path, default=Path("study.html"), help="the page (default: study.html)")
    where.add_argument("--json", action="store_true", help="print the results as JSON; needs no matplotlib")


def run(arguments: argparse.Namespace) -> int:
    """Measure the network and the claims, print them, write the page, and return 0, or 1 if a claim does not hold."""
    if not arguments.json:
        from ..study.page import pictures  # noqa: F401  # raises without matplotlib, before anything is measured
    signals = _signals(arguments)
    topics = []
    for topic in TOPICS:
        topics.append((MORE.get(topic, topic) if arguments.full else topic)(arguments.seed))
        if not arguments.json:
            _print(topics[-1])
    if arguments.json:
        show(json.dumps(_record(arguments.seed, signals, topics), indent=2))
    else:
        _write(arguments, signals, topics)
    return 0 if all(claim.holds for topic in topics for claim in topic.claims) else 1


def _signals(arguments: argparse.Namespace) -> Signals:
    if not 0 <= arguments.seed < 1 << 63:
        raise ValueError(f"seed is {arguments.seed}; it must be in [0, 2**63): pass a seed of at most 63 bits")
    scheme = scheme_of(arguments.scheme)
    return propagate(_sizes(arguments), arguments.activation, scheme, seed=arguments.seed, batch=arguments.batch)


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


def _print(topic: Topic) -> None:
    utf = (sys.stdout.encoding or "").lower().startswith("utf")
    good, bad = ("✓", "✗") if utf else ("ok ", "off")
    show(topic.title)
    for claim in topic.claims:
        show(f"  {good if claim.holds else bad} {_sentence(claim)}")


def _sentence(claim: Claim) -> str:
    theory = "" if claim.expected is None else f"theory {claim.expected:.3g}; "
    bounds = f"{theory}holds if {claim.threshold}, room {claim.room}"
    return f"{claim.sentence}: {claim.quantity} = {claim.measured:.3g} ({bounds})"


def _write(arguments: argparse.Namespace, signals: Signals, topics: list[Topic]) -> None:
    from ..study.page import html_of

    page = html_of(one_network(signals), topics, seed=arguments.seed, command=_command(arguments))
    try:
        arguments.output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise OSError(f"{arguments.output} cannot be written: {error.strerror}; choose another --output") from error
    show(f"wrote {arguments.output}")


def _command(arguments: argparse.Namespace) -> str:
    """Return the command that makes the same page."""
    words = ["fast-init", "study"]
    for name in ("sizes", "width", "depth", "activation", "scheme", "batch", "seed"):
        if (value := getattr(arguments, name)) is not None:
            words += [f"--{name}", str(value)]
    words += ["--full"] * arguments.full
    return shlex.join(words)


def _record(seed: int, signals: Signals, topics: list[Topic]) -> dict[str, Any]:
    return {
        "seed": seed,
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
    return {**record, "holds": claim.holds, "margin": _number(claim.margin)}


def _number(value: float) -> float | None:
    """Return what JSON can write: null for an infinity or NaN."""
    return float(value) if isfinite(value) else None
