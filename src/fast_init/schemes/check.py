"""A figure beside what it should be: what schemes say of an array, and verification reports."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Check"]


@dataclass(frozen=True)
class Check:
    """One figure beside what it should be; it holds if they differ by no more than `allowed`."""

    what: str
    measured: float
    expected: float
    allowed: float

    @property
    def ok(self) -> bool:
        """Whether it holds; not if it is no number."""
        return bool(abs(self.measured - self.expected) <= self.allowed)

    def __str__(self) -> str:
        mark = "ok " if self.ok else "OFF"
        return f"{mark} {self.what}: {self.measured:.6g}, expected {self.expected:.6g} within {self.allowed:.2g}"
