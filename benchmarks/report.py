"""Turns a run of benchmarks.measure into the table and the pictures of docs/performance.md.

Usage: python -m benchmarks.report run.json [--docs docs]

Writes docs/performance/{table.md,run.json,*.svg}, and the table's first rows between the marks of README.md
and the whole of it between those of docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Medians = dict[str, dict[str, float]]  # contest -> contestant -> ns per element
DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True)
class Row:
    """One question: `ratio` of the medians against the target, `at_least` or at most."""

    what: str
    against: str
    target: float
    at_least: bool
    ratio: Callable[[Medians], tuple[float, float]]  # ours, theirs in ns per element

    def line(self, medians: Medians, with_target: bool) -> str:
        try:
            ours, theirs = self.ratio(medians)
        except (KeyError, ValueError):
            return f"| {self.what} | {self.against} | not measured | | |" + " |" * with_target
        ratio = theirs / ours if self.at_least else ours / theirs
        met = ratio >= self.target if self.at_least else ratio <= self.target
        sign, unit = (">=", "x as fast") if self.at_least else ("<=", "x its time")
        target = f" {sign} {self.target:g} {'met' if met else '**missed**'} |" if with_target else ""
        return f"| {self.what} | {self.against} | {ours:.3f} | {theirs:.3f} | **{ratio:.2f}** {unit} |{target}"


def best(contest: dict[str, float], prefix: str) -> float:
    """Return the fastest of the contestants whose names begin so."""
    return min(t for name, t in contest.items() if name.startswith(prefix))


def pair(contest: str, ours: str, theirs: str, prefix: bool = False) -> Callable[[Medians], tuple[float, float]]:
    def ratio(m: Medians) -> tuple[float, float]:
        return m[contest][ours], best(m[contest], theirs) if prefix else m[contest][theirs]

    return ratio


NORMAL = "normal float32"
ROWS = [
    Row("`normal_`, 1 thread", "NumPy's fastest Generator", 15, True, pair(NORMAL, "fast_init", "NumPy", True)),
    Row("`he_normal_`, 1 thread", "NumPy's fastest Generator", 15, True, pair(NORMAL, "he_normal_", "NumPy", True)),
    Row("`normal_`, 2 threads", "`np.ndarray.fill(0.0)`", 1.1, False, pair(NORMAL, "fast_init, 2 threads", "np.fill")),
    Row("`normal_`, 1 thread", "oneMKL's fastest Gaussian", 1.35, True, pair(NORMAL, "fast_init", "oneMKL", True)),
    Row(
        "`normal_`, 1 thread",
        "oneMKL Philox4x32x10 BoxMuller2",
        2.8,
        True,
        pair(NORMAL, "fast_init", "oneMKL PHILOX4X32X10 BOXMULLER2"),
    ),
    Row("`normal_`, 1 thread", "torch `normal_`, 1 thread", 5, True, pair(NORMAL, "fast_init", "torch")),
    Row("`normal_`, 1 thread", "`bits_`, the words alone", 1.7, False, pair(NORMAL, "fast_init", "bits_")),
    Row("float64 `normal_`", "NumPy's fastest", 5.5, True, pair("normal float64", "fast_init", "NumPy", True)),
    Row(
        "float64 `normal_`",
        "oneMKL Philox BoxMuller2",
        2,
        True,
        pair("normal float64", "fast_init", "oneMKL PHILOX4X32X10 BOXMULLER2"),
    ),
    Row("float16 `normal_`", "float32 `normal_`", 1.05, False, pair("normal 16-bit", "float16", "float32")),
    Row("bfloat16 `normal_`", "float32 `normal_`", 1.05, False, pair("normal 16-bit", "bfloat16", "float32")),
    Row("bfloat16 `normal_`", "torch bfloat16 `normal_`", 7, True, pair("normal 16-bit", "bfloat16", "torch bfloat16")),
    Row("`uniform_`", "NumPy's fastest `random`", 5, True, pair("uniform float32", "fast_init", "NumPy", True)),
    Row("`uniform_`", "oneMKL Philox uniform", 1, True, pair("uniform float32", "fast_init", "oneMKL", True)),
    Row("AVX2 forced, `normal_`", "NumPy's fastest", 8, True, pair("normal float32, AVX2", "fast_init", "NumPy", True)),
    *(
        Row(f"2 threads, {k} Mi elements", "1 thread", 1.85, True, pair(f"threads, {k} Mi", "2 threads", "1 threads"))
        for k in (1, 4, 16, 64)
    ),
    Row(
        "fresh array, all threads",
        "NumPy's `standard_normal(n) * s`",
        10,
        True,
        pair("fresh float32", "fast_init", "NumPy", True),
    ),
    Row(
        "column block of half the width",
        "contiguous",
        1.3,
        False,
        pair("strided float32", "column block", "contiguous"),
    ),
    Row("transposed view", "contiguous", 2.5, False, pair("strided float32", "transposed", "contiguous")),
    Row("`trunc_normal_` at 2 sigma", "`normal_`", 2, False, pair("truncated float32", "[-2, 2]", "normal_")),
    Row(
        "`trunc_normal_` at 2 sigma",
        "torch `trunc_normal_`",
        40,
        True,
        pair("truncated float32", "[-2, 2]", "torch", True),
    ),
    Row("`trunc_normal_` beyond 8 sigma", "`normal_`", 3, False, pair("truncated float32", "[8, inf]", "normal_")),
    Row("float64 `trunc_normal_` at 2 sigma", "`normal_`", 2, False, pair("truncated float64", "[-2, 2]", "normal_")),
    *(
        Row(f"shard: {what}", "contiguous", limit, False, pair("shards float32", key, "contiguous"))
        for what, key, limit in (
            ("whole rows", "8192 columns from 0", 1.05),
            ("1024 columns of 8192", "1024 columns from 1024", 1.5),
            ("64 columns of 8192, at a tile", "64 columns from 64", 1.5),
        )
    ),
    Row("one call, 1 element", "NumPy's own call", 1.5, False, pair("small, 1", "fast_init", "NumPy", True)),
    Row("one call, 64 elements", "NumPy's own call", 1, True, pair("small, 64", "fast_init", "NumPy", True)),
    Row("one call, 1024 elements", "NumPy's own call", 5, True, pair("small, 1024", "fast_init", "NumPy", True)),
    *(
        Row(
            f"one call, {n} elements",
            "`torch.nn.init.normal_`",
            1,
            True,
            pair(f"small, {n}", "fast_init", "torch.nn.init"),
        )
        for n in (1, 64, 1024)
    ),
]


def table(medians: Medians, rows: list[Row], with_target: bool = True) -> str:
    titles = ["what", "against", "ns per element", "theirs", "ratio", *(["target"] if with_target else [])]
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *(row.line(medians, with_target) for row in rows)]
    return "\n".join(lines) + "\n"


def sentence(machine: dict[str, Any]) -> str:
    return (
        f"Medians of one run on {machine['cpus']} cores of {machine['cpu']}, {machine['ISA in use']}, "
        f"{machine['compiler']}, NumPy {machine['numpy']}; warm buffers of 256 MiB and more but for the last rows."
    )


def between_marks(page: Path, text: str) -> None:
    """Put the text between the page's marks."""
    before, rest = page.read_text().split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{rest.split(END)[1]}")


# The share of a part's time that its operations need at the least: the last two columns of the table in
# docs/performance.md, counted on Zen 5. The store's floor is that of writing behind the arithmetic: nothing.
FLOORS = {"words": 0.45 / 0.56, "transform": 0.38 / 0.50, "store": 0.0}


def picture_of_parts(medians: Medians, path: Path) -> None:
    """Time per element, split into words, transform and store, beside what only writes or copies."""
    from matplotlib import pyplot as plt

    cached, normal = medians["cached float32"], medians[NORMAL]
    words, transform = cached["bits_"], cached["normal_"] - cached["bits_"]
    store = max(0.0, normal["fast_init"] - cached["normal_"])
    figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
    left = 0.0
    for name, value, colour in (
        ("words", words, "#4c72b0"),
        ("transform", transform, "#dd8452"),
        ("store", store, "#55a868"),
    ):
        axes.barh("normal_, 1 thread", value, left=left, color=colour, label=f"{name} {value:.3f}")
        axes.plot([left + FLOORS[name] * value] * 2, [-0.4, 0.4], color="white", linewidth=2)
        left += value
    for name, label in (
        ("fast_init, 2 threads", "normal_, 2 threads"),
        ("bits_", "bits_, 1 thread"),
        ("np.fill", "np.fill"),
        ("memcpy", "memcpy"),
    ):
        axes.barh(label, normal[name], color="#8c8c8c")
    axes.axvline(normal["np.fill"], color="black", linestyle=":", linewidth=1, label="np.fill")
    axes.plot([], [], color="lightgray", linewidth=2, label="floor of the part (white)")
    axes.invert_yaxis()
    axes.set_xlabel("ns per float32 element, 64 Mi elements (words and transform: in the second-level cache)")
    axes.legend()
    figure.savefig(path)
    plt.close(figure)


def picture_of_peers(medians: Medians, path: Path) -> None:
    """Everybody who draws float32 normals, fastest first."""
    from matplotlib import pyplot as plt

    peers = {
        k: v
        for k, v in medians[NORMAL].items()
        if k not in ("np.fill", "memcpy", "bits_", "bits_, 2 threads", "he_normal_")
    }
    names = sorted(peers, key=lambda name: peers[name])
    figure, axes = plt.subplots(figsize=(8, 0.28 * len(names) + 0.8), layout="constrained")
    colours = ["#4c72b0" if name.startswith("fast_init") else "#bbbbbb" for name in names]
    bars = axes.barh(names, [peers[name] for name in names], color=colours)
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.08)
    axes.set_xlabel("ns per float32 normal, 1 thread unless named")
    figure.savefig(path)
    plt.close(figure)


def main(words: Sequence[str] | None = None) -> int:
    """Write the tables and pictures; exit code 2 for a run that is not the whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--docs", type=Path, default=DOCS, help="where the pages are, README.md beside them")
    arguments = parser.parse_args(words)
    run = json.loads(arguments.run.read_text())
    if arguments.docs.resolve() == DOCS and (run.get("quick") or run.get("only")):
        fault = "is of some contests or of small buffers; it is not for docs: pass another folder by --docs"
        print(f"{arguments.run} {fault}", file=sys.stderr)
        return 2
    medians = {k: {name: t["median"] for name, t in v.items()} for k, v in run["results"].items()}
    folder = arguments.docs / "performance"
    folder.mkdir(exist_ok=True)
    (folder / "run.json").write_text(json.dumps(run, indent=1) + "\n")
    picture_of_parts(medians, folder / "parts.svg")
    picture_of_peers(medians, folder / "peers.svg")
    missing = "".join(f"Left out: {name} ({why}).\n" for name, why in run["missing"].items())
    between_marks(arguments.docs / "performance.md", f"{sentence(run['machine'])}\n{missing}\n{table(medians, ROWS)}")
    first = [row for row in ROWS if row.what.startswith(("`", "bfloat16", "float64")) and "bits_" not in row.against]
    between_marks(
        arguments.docs.parent / "README.md", f"{sentence(run['machine'])}\n\n{table(medians, first, with_target=False)}"
    )
    print(table(medians, ROWS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
