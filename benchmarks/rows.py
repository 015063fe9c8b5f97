"""The questions of docs/performance.md: who is compared with whom, and the target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["NORMAL", "ROWS", "Medians", "Row"]

Medians = dict[str, dict[str, float]]  # contest -> contestant -> ns per element


@dataclass(frozen=True)
class Row:
    """One question: `ratio` of the medians against the target, `at_least` or at most."""

    what: str
    against: str
    target: float
    at_least: bool
    ratio: Callable[[Medians], tuple[float, float]]  # ours, theirs in ns per element

    def ratio_in(self, medians: Medians) -> tuple[float, float, float] | None:
        """Return ours, theirs and their ratio; None if the run has not both."""
        try:
            ours, theirs = self.ratio(medians)
        except (KeyError, ValueError):
            return None
        return ours, theirs, theirs / ours if self.at_least else ours / theirs

    def line(self, medians: Medians, others: Sequence[Medians], with_target: bool) -> str:
        """Return its line of a table: times and ratio of a run, the ratios of others, and the run's target."""
        unit = "x as fast" if self.at_least else "x its time"
        found = self.ratio_in(medians)
        cells = ["not measured", "", ""]
        if found:
            cells = [f"{found[0]:.3f}", f"{found[1]:.3f}", f"**{found[2]:.2f}** {unit}"]
        beside = [self.ratio_in(other) for other in others]
        cells += [f"{ratios[2]:.2f}" if ratios else "" for ratios in beside]
        if with_target:
            met = found and (found[2] >= self.target if self.at_least else found[2] <= self.target)
            sign = ">=" if self.at_least else "<="
            cells.append(f"{sign} {self.target:g} {'met' if met else '**missed**'}" if found else "")
        return f"| {' | '.join([self.what, self.against, *cells])} |"


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
