"""What the study finds, as data: topics, their claims, and the panels that show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import copysign, inf

from .networks.activations import Array

__all__ = ["Bars", "Claim", "Lines", "Matrix", "Panel", "Picture", "Topic"]

MANY = 10.0  # a margin beyond it is not told


@dataclass(frozen=True)
class Claim:
    """A sentence, the quantity that decides it, its measured value, and the bounds within which it holds.

    `expected` is what theory says of the quantity, None where it gives no number; `why` says where the bounds come
    from.

    Examples
    --------
    >>> claim = Claim("Half of the units are zero", "share of zeros", 0.4987, low=0.49, high=0.51, expected=0.5)
    >>> claim.holds, claim.threshold
    (True, 'from 0.49 to 0.51')
    >>> round(claim.margin, 2)  # of the way from 0.5 to a bound 87% are left
    0.87
    """

    sentence: str
    quantity: str
    measured: float
    low: float = -inf
    high: float = inf
    expected: float | None = None
    why: str = ""

    @property
    def holds(self) -> bool:
        """Whether the measured value is within the bounds; NaN is not."""
        return self.low <= self.measured <= self.high

    @property
    def threshold(self) -> str:
        """Return the bounds in words."""
        if self.low == -inf:
            return f"at most {self.high:.3g}"
        if self.high == inf:
            return f"at least {self.low:.3g}"
        return f"from {self.low:.3g} to {self.high:.3g}"

    @property
    def margin(self) -> float:
        """Return how far the claim is from failing, below 0 if it fails.

        The distance to the nearest bound, in units of that bound, or of half the range where there are two.
        """
        room = min(self.measured - self.low, self.high - self.measured)
        sizes = [abs(bound) for bound in (self.low, self.high) if abs(bound) != inf]
        unit = (self.high - self.low) / 2 if len(sizes) == 2 else sizes[0]
        return room / unit if unit else copysign(inf, room)

    @property
    def room(self) -> str:
        """Return the margin in words."""
        return f"{self.margin:.0%}" if self.margin < MANY else f"over {MANY:.0%}"


@dataclass(frozen=True, eq=False)
class Lines:
    """Curves over the same `x` by label; a band is the least and the most over seeds, `theory` is drawn dotted."""

    title: str
    lines: Mapping[str, Array]
    bands: Mapping[str, tuple[Array, Array]] = field(default_factory=dict)
    theory: Mapping[str, Array] = field(default_factory=dict)
    x: Array | None = None  # layers 1, 2, ... if None
    xlabel: str = "layer"
    log: bool = True
    log_x: bool = False
    limits: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Bars:
    """A histogram: the share of values in each bin. `label` chooses the colour; `row` is written at its left.

    `note` is written within; bins that reach beyond `top` are cut there.
    """

    title: str
    edges: Array
    shares: Array
    label: str
    row: str = ""
    note: str = ""
    top: float | None = None
    shade_below: float | None = None


@dataclass(frozen=True, eq=False)
class Matrix:
    """Factors by row and column, for a table where 1 has no colour; or shares, where 0 has none."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: Array
    shares: bool = False


Panel = Lines | Bars | Matrix


@dataclass(frozen=True, eq=False)
class Picture:
    """Panels, `columns` to a row."""

    panels: Sequence[Panel]
    columns: int


@dataclass(frozen=True, eq=False)
class Topic:
    """One question: what was done, the claims it decides, and the pictures that show them."""

    key: str
    title: str
    text: str
    claims: Sequence[Claim]
    pictures: Sequence[Picture]
