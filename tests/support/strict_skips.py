"""A plugin: a skip that is not allowed fails the run. ``--strict-skips``, or CI in the environment, turns it on."""

from __future__ import annotations

import os
import re

import pytest

# Reasons of skips, and why each is no hole.
ALLOWED = {
    r"root may write anywhere": "what is tested is what others may not",
    r"could not import 'tomllib'": "Python 3.10 reads no TOML: JSON is tested there",
    r"No module named 'torchvision'": "PyPI's does not load beside PyPI's CPU build of torch, and timm needs it",
    r"could not import '(mpi4py|ray)'": "MPI and Ray run by commands in docs/checkpoints.md",
    r"could not import 'torchtitan'": "it needs Python 3.11",
    r"could not import 'tensorflow'": "Keras runs on it by a command in docs/keras.md",
    r"no extended precision to compare with": "not every processor has it",
    r"FE_UPWARD is 0x800 in glibc on x86-64": "the test sets the number itself",
    r"no CUDA device": "a machine of CI has none; the slabs are tested with a copy that stands for one",
    r"no fork": "not every system has it",
    r"no /proc": "not every system tells a process how many threads it has",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--strict-skips", action="store_true", help="fail on skips that support/strict_skips.py lacks")


def pytest_configure(config: pytest.Config) -> None:
    """Turn the plugin on where it is wanted."""
    if config.getoption("strict_skips") or os.environ.get("CI"):
        config.pluginmanager.register(StrictSkips(), "strict-skips-on")


class StrictSkips:
    """Collects skips whose reasons are not allowed, and fails the run for them."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test."""
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a skipped file."""
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            if not any(re.search(allowed, reason) for allowed in ALLOWED):
                self.found.append(f"{report.nodeid}: {reason}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that would have passed."""
        if self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which skips they were."""
        for line in self.found:
            terminalreporter.write_line(f"SKIP NOT ALLOWED {line}; run it, or say in strict_skips.py why not", red=True)
