"""Fit the polynomials of the stream: where every coefficient of docs/stream.md comes from.

Usage: python tools/fit_polynomials.py          (needs mpmath; seconds)

Each table is a minimax (Remez) fit whose coefficients are then rounded to the family's precision. Printed:
the coefficients as hexadecimal floats and the largest weighted error, the rounding included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
import numpy as np

mp.mp.dps = 50
GRID = 1500  # Chebyshev nodes on which extremes are looked for

Function = Callable[[mp.mpf], mp.mpf]


@dataclass(frozen=True)
class Target:
    """A function on [lo, hi] and the weight that makes its error the one we care for."""

    name: str
    function: Function
    weight: Function
    lo: float
    hi: float


def _log_weight(f: mp.mpf) -> mp.mpf:
    """Relative error of r^2: for f < 0 it may be f * P(f) alone, for f > 0 it is at least -2 ln(m/2)."""
    if f == 0:
        return mp.mpf(1) / 2
    return f / (2 * mp.log1p(f)) if f < 0 else f / (2 * (mp.log(2) - mp.log1p(f)))


LOG = Target(
    "log: P(f) = -2 log(1 + f) / f, relative error of r^2",
    lambda f: -2 * mp.log1p(f) / f if f else mp.mpf(-2),
    _log_weight,
    -0.25,
    0.5,
)
SIN = Target(
    "sin: S(s) = sin(pi t) / t, s = t^2, absolute error of sin",
    lambda s: mp.sin(mp.pi * mp.sqrt(s)) / mp.sqrt(s) if s else mp.pi,
    lambda s: mp.sqrt(s) + mp.mpf(10) ** -6,
    0.0,
    0.25,
)
COS = Target(
    "cos: C(s) = cos(pi t), s = t^2, absolute error",
    lambda s: mp.cos(mp.pi * mp.sqrt(s)),
    lambda _: mp.mpf(1),
    0.0,
    0.25,
)


def remez(target: Target, degree: int) -> list[mp.mpf]:
    """The minimax coefficients, lowest degree first."""
    lo, hi, n = mp.mpf(target.lo), mp.mpf(target.hi), degree + 1
    xs = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * k / GRID) for k in range(GRID + 1)]
    values, weight = [target.function(x) for x in xs], [target.weight(x) for x in xs]
    reference = [round(k * GRID / n) for k in range(n + 1)]
    while True:
        system = mp.matrix(n + 1, n + 1)
        for row, i in enumerate(reference):
            for j in range(n):
                system[row, j] = xs[i] ** j
            system[row, n] = (-1) ** row / weight[i]
        c = list(mp.lu_solve(system, mp.matrix([values[i] for i in reference])))[:n]
        error = [w * (mp.polyval(c[::-1], x) - v) for x, w, v in zip(xs, weight, values, strict=True)]
        extremes = _alternating_extremes(error, n + 1)
        if extremes == reference:
            return c
        reference = extremes


def _alternating_extremes(error: list[mp.mpf], count: int) -> list[int]:
    """The index of the largest |error| in each run of one sign, cut down to `count` neighbours."""
    best: list[int] = []
    for i, e in enumerate(error):
        if best and (error[best[-1]] >= 0) == (e >= 0):
            if abs(e) > abs(error[best[-1]]):
                best[-1] = i
        else:
            best.append(i)
    while len(best) > count:
        best.pop(0 if abs(error[best[0]]) < abs(error[best[-1]]) else -1)
    return best


def weighted_error(target: Target, c: list[mp.mpf]) -> mp.mpf:
    lo, hi = mp.mpf(target.lo), mp.mpf(target.hi)
    xs = (lo + (hi - lo) * k / 4000 for k in range(4001))
    return max(target.weight(x) * abs(mp.polyval(c[::-1], x) - target.function(x)) for x in xs)


def fit(target: Target, degree: int, dtype: type[np.floating]) -> None:
    # mp.mpf -> nearest float32 by way of float64: a double rounding moves the last bit at worst
    rounded = [mp.mpf(float(dtype(float(c)))) for c in remez(target, degree)]
    print(f"\n{target.name}; degree {degree}, {np.dtype(dtype)}")
    print(f"  weighted error 2^{mp.nstr(mp.log(weighted_error(target, rounded), 2), 4)}")
    for k, value in enumerate(rounded):
        print(f"  {k:2d}  {float(value).hex()}")


def main() -> None:
    for target, degree, dtype in (
        (LOG, 7, np.float32),
        (COS, 4, np.float32),
        (SIN, 4, np.float32),
        (LOG, 18, np.float64),
        (COS, 8, np.float64),
        (SIN, 8, np.float64),
    ):
        fit(target, degree, dtype)


if __name__ == "__main__":
    main()
