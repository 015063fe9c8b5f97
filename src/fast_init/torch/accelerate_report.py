"""What `accelerate` did: how often, how much, how long, and what it left to torch."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..recipes.text_table import text_table

__all__ = ["AccelerateReport", "Line", "Work"]


@dataclass(frozen=True)
class Line:
    """Calls of one operation; `reason` says why torch made them, None if they were accelerated."""

    operation: str
    reason: str | None
    count: int
    elements: int
    seconds: float


@dataclass(frozen=True)
class AccelerateReport:
    """The operations that were met, by the time they took; prints as a table."""

    lines: tuple[Line, ...]

    @property
    def accelerated(self) -> tuple[Line, ...]:
        """Those that fast_init drew."""
        return tuple(line for line in self.lines if line.reason is None)

    @property
    def left(self) -> tuple[Line, ...]:
        """Those that torch drew as ever."""
        return tuple(line for line in self.lines if line.reason is not None)

    def __str__(self) -> str:
        heads = "operation", "by", "count", "elements", "seconds"
        return "\n".join(text_table([heads, *map(_cells, self.lines)]))


def _cells(line: Line) -> tuple[str, ...]:
    by = "fast_init" if line.reason is None else f"torch: {line.reason}"
    return line.operation, by, f"{line.count:,}", f"{line.elements:,}", f"{line.seconds:.4f}"


@dataclass
class Work:
    """What `accelerate` gives: grows while the block runs."""

    sums: dict[tuple[str, str | None], tuple[int, int, float]] = field(default_factory=dict)

    def add(self, operation: str, reason: str | None, elements: int, seconds: float) -> None:
        """Count a call."""
        count, old_elements, old_seconds = self.sums.get((operation, reason), (0, 0, 0.0))
        self.sums[operation, reason] = count + 1, old_elements + elements, old_seconds + seconds

    @property
    def report(self) -> AccelerateReport:
        """What was done until now."""
        lines = (Line(operation, reason, *sums) for (operation, reason), sums in self.sums.items())
        return AccelerateReport(tuple(sorted(lines, key=lambda line: -line.seconds)))
