"""What verification finds: figures beside what they should be, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from ..schemes.check import Check

__all__ = ["Verdict"]


@dataclass(frozen=True)
class Verdict:
    """What `verify` found; true if the array passed."""

    question: str
    elements: int  # that were looked at
    size: int  # of the array
    checks: tuple[Check, ...] = ()
    first_difference: tuple[int, ...] | None = None  # index in the array

    def __bool__(self) -> bool:
        return self.first_difference is None and all(check.ok for check in self.checks)

    def __str__(self) -> str:
        lines = [f"{'yes' if self else 'NO'}: {self.question}"]
        lines += [f"  of {self.size:,} elements {self.elements:,} were looked at"]
        lines += [f"  {check}" for check in self.checks]
        if self.first_difference is not None:
            lines.append(f"  the first element that differs is {self.first_difference}")
        return "\n".join(lines)
