"""What `fast-init demo` prints: the groups of tensors, the times, and what they say, on one screen."""

from __future__ import annotations

from collections.abc import Iterator

from .demo_checks import Group
from .demo_job import Report

__all__ = ["print_report", "require_rich"]

GAIN = 1.2, 1.25  # several threads bring at least the first, at most the second times their number, if nothing disturbs

GROUPS = ("group", "count", "shape", "filled by", "expected\nstd", "measured\nstd", "ms", "GB/s", "")
TIMES = ("", "seconds", "GB/s")


def require_rich() -> None:
    """Raise ImportError, with what to install, before a long job finds that it cannot print."""
    try:
        import rich  # noqa: F401
    except ImportError:
        raise ImportError(
            "fast-init needs rich for its tables and progress bars: pip install 'fast-init[cli]'"
        ) from None


def print_report(report: Report) -> None:
    """Print the tables and the sentences."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    marks = ("✓", "✗") if console.encoding.startswith("utf") else ("ok", "off")
    groups, times = (Table(box=box.SIMPLE_HEAD, padding=0, pad_edge=False, show_edge=False) for _ in range(2))
    for heading in GROUPS:
        left = heading in ("group", "shape", "filled by")
        groups.add_column(heading, justify="left" if left else "right", no_wrap=heading != "shape")
    for group in report.groups:
        groups.add_row(*_cells(group), marks[0] if group.ok else marks[1], style=None if group.ok else "red")
    for heading in TIMES:
        times.add_column(heading, justify="right" if heading else "left")
    for who, seconds in _times(report):
        times.add_row(who, f"{seconds:.4f}", f"{report.bytes / seconds / 1e9:.2f}")
    console.print(
        f"{report.model}: {report.parameters:,} parameters, {report.bytes / 1e6:,.1f} MB in {report.dtype}",
        groups,
        _verdict(report) + "\n",
        times,
        *(f"\n{sentence}" for sentence in _comparison(report)),
        sep="\n",
    )


def _cells(group: Group) -> tuple[str, ...]:
    return (
        group.group,
        str(group.tensors),
        " ".join("x".join(map(str, shape)) for shape in group.shapes),
        group.init,
        f"{group.expected_std:.6f}",
        f"{group.measured_std:.6f}",
        f"{group.seconds * 1e3:.2f}",
        f"{group.gb_per_s:.2f}",
    )


def _verdict(report: Report) -> str:
    if off := [group.group for group in report.groups if not group.ok]:
        return f"The values of {', '.join(off)} are more than six standard errors off: please report this."
    return "Means and standard deviations (std) are within six standard errors of theory."


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"up to {count} threads"


def _times(report: Report) -> Iterator[tuple[str, float]]:
    if report.numpy_seconds is not None:
        yield "NumPy's fastest generator (SFC64), 1 thread", report.numpy_seconds
    if report.one_thread_seconds is not None and report.threads > 1:
        yield "fast_init, 1 thread", report.one_thread_seconds
    yield f"fast_init, {_threads(report.threads)}", report.seconds


def _comparison(report: Report) -> Iterator[str]:
    """Say whose the speed is: the kernel's, which one thread shows beside NumPy's one, and the threads'."""
    if report.times_as_fast is None or report.kernel_ratio is None or report.thread_ratio is None:
        return
    kernel = f"the kernel, the loop that computes the values with {report.isa} instructions"
    threads = _threads(report.threads)
    if report.threads == 1:
        yield f"fast_init was {report.kernel_ratio:.1f} times as fast as NumPy, on 1 thread each: that is {kernel}."
    elif GAIN[0] <= report.thread_ratio <= GAIN[1] * report.threads:
        yield (
            f"fast_init was {report.times_as_fast:.1f} times as fast as NumPy: {report.kernel_ratio:.1f} times by "
            f"{kernel} (1 thread against NumPy's 1), and {report.thread_ratio:.2f} times that by {threads}."
        )
    else:
        yield (
            f"fast_init was {report.kernel_ratio:.1f} times as fast as NumPy, on 1 thread each. What more threads "
            f"bring cannot be told: {threads} were {report.thread_ratio:.2f} times as fast as 1. Other programs keep "
            "the processors busy, or the arrays are too small to share: try again on an idle machine."
        )
    if "16" in report.dtype:
        yield f"NumPy drew float32 and cast it to {report.dtype}, which it cannot draw."
