"""What the topics that train share: their claims on a final loss, its curve and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..findings import Claim, Lines, Matrix
from ..networks.training import Training

__all__ = ["CHANCE", "final_of", "grid_of", "learns", "losses_of", "stays_at_chance"]

CHANCE = 0.85
LOSS = "training loss / that of chance, median over seeds at the best rate"
WHY_LEARNT = "1 is chance, 0 is all learnt; ten other seeds left at least 5 of their standard deviations"
WHY_CHANCE = "1 is chance; a network that has begun to learn falls below 0.85 within a few more"


def learns(sentence: str, run: Training, high: float, why: str = WHY_LEARNT) -> Claim:
    """Return the claim that the median final loss is low."""
    return Claim(sentence, LOSS, final_of(run), high=high, why=why)


def stays_at_chance(sentence: str, run: Training, low: float = CHANCE, why: str = WHY_CHANCE) -> Claim:
    """Return the claim that it is not."""
    return Claim(sentence, LOSS, final_of(run), low=low, why=why)


def final_of(run: Training) -> float:
    """Return the median over seeds of the final loss at the best rate."""
    return float(np.median(run.losses[run.best, :, -1]))


def losses_of(title: str, runs: Mapping[str, Training]) -> Lines:
    """Return the median loss over seeds by step, and the least and the most."""
    best = {label: run.losses[run.best] for label, run in runs.items()}
    steps = next(iter(best.values())).shape[-1]
    return Lines(
        title,
        {label: np.median(losses, axis=0) for label, losses in best.items()},
        bands={label: (losses.min(axis=0), losses.max(axis=0)) for label, losses in best.items()},
        x=np.arange(float(steps)),
        xlabel="step",
        log=False,
        limits=(0, 1.5),
    )


def grid_of(
    title: str, runs: Mapping[tuple[int, str], Training], rates: Sequence[float], *, accuracy: bool = False
) -> Matrix:
    """Return the median final loss, or accuracy, by network and rate."""
    values = [np.median((run.accuracies if accuracy else run.losses)[..., -1], axis=1) for run in runs.values()]
    rows = [f"{depth} layers, {label}" for depth, label in runs]
    return Matrix(f"{title}, by learning rate", rows, [f"{rate:g}" for rate in rates], np.array(values), accuracy)
