"""A skip that nobody has allowed fails the run."""

from __future__ import annotations

import pytest

SKIPS = """
import pytest

def test_runs():
    pass

def test_is_skipped():
    pytest.skip({reason!r})
"""


def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, reason: str, *options: str) -> pytest.RunResult:
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(SKIPS.format(reason=reason))
    return pytester.runpytest_inprocess("-p", "support.strict_skips", "-p", "no:cacheprovider", *options)


def test_a_skip_that_is_not_allowed_fails(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(pytester, monkeypatch, "no time today", "--strict-skips")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["SKIP NOT ALLOWED *test_is_skipped: Skipped: no time today; *"])


def test_a_skip_that_is_allowed_passes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(pytester, monkeypatch, "root may write anywhere", "--strict-skips").ret == pytest.ExitCode.OK


def test_without_the_option_skips_pass(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(pytester, monkeypatch, "no time today").ret == pytest.ExitCode.OK
