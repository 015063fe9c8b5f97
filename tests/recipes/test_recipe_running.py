"""Recipe.init_: memory that tensors share, progress and interruption."""

from __future__ import annotations

import signal
from types import FrameType

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.recipes import in_memory as whole_models
from support.draws import Array
from support.recipe_cases import RECIPE, model

W = np.full((10, 10), 7.0)
TIE = Recipe([Rule("b", fi.normal(), tied_to="a"), ("*", fi.normal())])
OVERLAPS: list[tuple[Recipe, Array, Array]] = [
    (RECIPE, W, W),
    (RECIPE, W[:5], W[4:]),
    (RECIPE, W[:, :5], W[3]),
    (RECIPE, W[::-1], W[9:]),
    (TIE, W, W.T),
    (TIE, W, W[::-1]),
    (TIE, W, W.reshape(-1)),
    (TIE, W, W.view(np.float32)),
    (Recipe([Rule("b", fi.normal(std=2), tied_to="a"), ("*", fi.normal())]), W, W),
]


@pytest.mark.parametrize(("recipe", "a", "b"), OVERLAPS)
def test_tensors_that_share_memory_are_an_error(recipe: Recipe, a: Array, b: Array) -> None:
    text = (
        r"^tensors '[ab]' and '[ab]' share memory; one would overwrite the other: leave one out, or tie it by tied_to"
    )
    for tensors in ({"a": a, "b": b}, {"b": b, "a": a}):
        with pytest.raises(ValueError, match=text):
            recipe.init_(tensors, seed=1)
    assert (W == 7).all()


def test_tensors_side_by_side_or_interleaved_are_none() -> None:
    w = np.zeros((10, 10))
    Recipe([("*", fi.normal())]).init_(
        {"a": w[::2, ::2], "b": w[::2, 1::2], "c": w[1::2], "d": w[:0]}, on_empty="ignore"
    )
    assert w.all()


def test_progress_counts_bytes_up_to_the_total(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, int]] = []

    def track(done: int, total: int) -> None:
        calls.append((done, total))

    arrays = model()
    total = sum(array.nbytes for array in arrays.values())
    RECIPE.init_(arrays, progress=track)
    assert calls == [(total, total)]
    calls.clear()
    monkeypatch.setattr(whole_models, "BATCH", 100)
    RECIPE.init_(arrays, progress=track)
    done = [d for d, _ in calls]
    assert len(calls) > 3
    assert done == sorted(set(done))
    assert calls[-1] == (total, total)


def test_a_bar_is_drawn_on_stderr_alone(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rich")
    assert RECIPE.init_(model(), progress=True).elements == 712
    assert capsys.readouterr().out == ""


def test_an_interrupt_says_that_arrays_are_partly_filled() -> None:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    arrays = {name: np.zeros(1 << 25, np.float32) for name in ("a", "b")}
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.003)
        with pytest.raises(
            KeyboardInterrupt, match=r"^fill interrupted: arrays are partly filled; fill them again before use$"
        ):
            Recipe([("*", fi.normal())]).init_(arrays, seed=1, threads=1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert arrays["b"][-1] == 0
