"""The topic of narrow networks: how far one seed strays from another."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from ..findings import Claim, Lines, Picture, Topic
from ..networks.activations import Array
from ..networks.lineup import HE, SCHEMES
from ..networks.propagation import propagate
from .measures import SPREADS

__all__ = ["narrow"]

DEPTH = 25
DEPTHS = (5, 10, DEPTH)
WIDTHS = (32, 64, 128, 256)
SEEDS = 128


def narrow(seed: int) -> Topic:
    """Measure how far the seeds of a narrow He network lie apart."""
    runs = {width: _strengths(width, seed) for width in WIDTHS}
    spread = {depth: np.array([np.log(runs[width][:, depth - 1]).std() for width in WIDTHS]) for depth in DEPTHS}
    theory = {depth: np.sqrt(5 * depth / np.array(WIDTHS)) for depth in DEPTHS}
    text = (
        "He's sigma keeps the signal on average over seeds, but a network has one seed. Strength is here the mean "
        "square of a layer's activations, for one input. A layer of n rectified units multiplies it by 1 give or take "
        "sqrt(5/n), as the variance of a squared rectified normal is 5 times its squared mean, and the layers add up. "
        f"{SEEDS} seeds of each width. Left, the line is the median and the band the middle nine tenths of the seeds; "
        "right, dots are theory. The threshold that follows: width = 5 x depth spreads the seeds by a factor e, "
        "width = 10 x depth by a factor 2."
    )
    picture = Picture(_panels(runs, spread, theory), 2)
    return Topic("narrow", "How narrow can a He network be?", text, _claims(spread, theory), [picture])


def _claims(spread: dict[int, Array], theory: dict[int, Array]) -> list[Claim]:
    ratios = np.concatenate([spread[depth] / theory[depth] for depth in DEPTHS])
    quantity = f"standard deviation over {SEEDS} seeds of ln strength after {DEPTH} layers"
    sampling = 1 / sqrt(2 * SEEDS)  # of a standard deviation that so many seeds find, as a share of it
    found = f"{SEEDS} seeds find a spread to {sampling:.0%}"
    narrowest, widest = float(spread[DEPTH][0]), float(spread[DEPTH][-1])
    return [
        Claim(
            "The spread between seeds is sqrt(5 depth / width)",
            "measured / theory, the farthest from 1 of all widths and depths",
            float(ratios[np.argmax(np.abs(np.log(ratios)))]),
            low=exp(-SPREADS * sampling),
            high=exp(SPREADS * sampling + 2 / WIDTHS[0]),
            expected=1.0,
            why=f"{found}, and 6 times that is allowed; sqrt(5/n) leaves out terms that add some 2/n, 6% at 32 units",
        ),
        Claim(
            "A network about as narrow as it is deep is at the mercy of its seed: typically a factor 4 or more",
            f"{quantity}, width {WIDTHS[0]}, of which e^{log(4):.2f} is 4",
            narrowest,
            low=log(4),
            why=f"ln 4, as the sentence says; {found}",
            expected=sqrt(5 * DEPTH / WIDTHS[0]),
        ),
        Claim(
            "A network ten times as wide as it is deep is not: typically less than a factor e",
            f"{quantity}, width {WIDTHS[-1]}",
            widest,
            high=1.0,
            why=f"ln e, as the sentence says; {found}",
            expected=sqrt(5 * DEPTH / WIDTHS[-1]),
        ),
    ]


def _strengths(width: int, seed: int) -> Array:
    """Return the mean square of each layer's activations, an array of (seeds, layers)."""
    sizes = [width] * (DEPTH + 1)
    runs = (propagate(sizes, "relu", SCHEMES[HE], seed=seed + s, batch=1) for s in range(SEEDS))
    return np.array([[np.square(x).mean() for x in run.activations] for run in runs])


def _panels(runs: dict[int, Array], spread: dict[int, Array], theory: dict[int, Array]) -> list[Lines]:
    shown = {f"width {width}": np.quantile(runs[width], (0.05, 0.5, 0.95), axis=0) for width in (WIDTHS[0], WIDTHS[-1])}
    return [
        Lines(
            "strength of the signal",
            {label: median for label, (_, median, _) in shown.items()},
            bands={label: (low, high) for label, (low, _, high) in shown.items()},
        ),
        Lines(
            "spread between seeds: std of ln strength",
            {f"depth {depth}": line for depth, line in spread.items()},
            theory={f"depth {depth}": line for depth, line in theory.items()},
            x=np.array(WIDTHS, np.float64),
            xlabel="width",
            log_x=True,
        ),
    ]
