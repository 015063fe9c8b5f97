"""Progress: who is told, and what is drawn."""

from __future__ import annotations

import sys

import pytest

from fast_init.recipes.progress import tracked, unwatched, watched

SIZES = {"a": 3, "b": 0, "c": 5}


def test_a_function_is_told() -> None:
    told: list[tuple[int, int]] = []
    with tracked(lambda done, total: told.append((done, total))) as track:
        track(3, 8)
    assert told == [(3, 8)]


@pytest.mark.parametrize("progress", [False, True])
def test_nothing_is_drawn_off_a_terminal(capsys: pytest.CaptureFixture[str], progress: bool) -> None:
    with tracked(progress) as track:
        track(3, 8)
    with watched() as watch:
        assert list(watch("fill", SIZES)) == list(unwatched("fill", SIZES)) == [*SIZES]
    assert capsys.readouterr() == ("", "")


def test_a_bar_for_each_pass_is_drawn_between_fills(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with watched() as watch:
        for what in ("allocate", "fill"):
            done = 0
            for name in watch(what, SIZES):
                out, err = capsys.readouterr()
                assert out == ""
                assert what in err
                assert f"{done}/8 bytes" in err or name == "a"
                done += SIZES[name]
            assert "8/8 bytes" in capsys.readouterr().err


def test_a_bar_needs_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    sentence = r"a progress bar needs rich: pip install 'fast-init\[cli\]', or pass a function"
    with pytest.raises(ImportError, match=sentence), tracked(True):
        pass
