"""The tail of the normal distribution and polynomials through points, to 50 digits.

In decimal arithmetic, so that results are the same on every platform: Python's decimals are correctly rounded,
the C library's erfc is not.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache

__all__ = ["DIGITS", "HALF_PI", "density", "interpolate", "mills", "offset", "tail"]

DIGITS = Context(  # in which these functions are to be called; all is given, as a process may change the defaults
    prec=60, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[InvalidOperation, DivisionByZero, Overflow]
)
HALF_PI = Decimal("1.57079632679489661923132169163975144209858469968755291048747230")

_SERIES_BELOW = 6  # at which sqrt(pi / 2) exp(x^2 / 2) is 5e7 times the ratio: 8 digits cancel
_FRACTION_TERMS = 100
_BEYOND = 10**6  # where density and tail have no value in a context's range of exponents


def mills(x: Decimal) -> Decimal:
    """Return Mills' ratio, Phi(-x) / phi(x), for x >= 0."""
    if x < _SERIES_BELOW:
        term = total = x
        n = 1
        while term > total * Decimal(10) ** -60:
            n += 2
            term *= x * x / n
            total += term
        return HALF_PI.sqrt() * (x * x / 2).exp() - total
    fraction = x
    for n in range(_FRACTION_TERMS, 0, -1):
        fraction = x + n / fraction
    return 1 / fraction


def density(x: Decimal) -> Decimal:
    """Return phi(x)."""
    return Decimal(0) if abs(x) > _BEYOND else (-x * x / 2).exp() / (4 * HALF_PI).sqrt()


def tail(x: Decimal) -> Decimal:
    """Return Phi(-x), for any x; infinities too."""
    if x < 0:
        return 1 - tail(-x)
    return Decimal(0) if x > _BEYOND else mills(x) * density(x)


def offset(start: Decimal, e: Decimal) -> Decimal:
    """Return d >= 0 with Phi(-(start + d)) = exp(-e) Phi(-start), for start >= 0 and e > 0.

    Newton's method on the logarithm, which is concave, from above the root: every step comes nearer.
    """
    at_start = mills(start)
    d = min(e * at_start, 2 * e / ((start * start + 2 * e).sqrt() + start))
    while True:
        here = mills(start + d)
        step = ((here / at_start).ln() - d * (2 * start + d) / 2 + e) * here
        d += step
        if abs(step) <= d * Decimal(10) ** -26:  # the next would be of its square
            return d


@lru_cache
def _chebyshev_nodes(count: int) -> list[Decimal]:
    """cos(pi (2 k + 1) / (2 count)) for k = 0 .. count - 1."""
    angle = HALF_PI / count
    cosine = term = Decimal(1)
    for n in range(2, 60, 2):
        term *= -angle * angle / (n * (n - 1))
        cosine += term
    cosines = [Decimal(1), cosine]  # of the multiples of the angle
    while len(cosines) < 2 * count:
        cosines.append(2 * cosine * cosines[-1] - cosines[-2])
    return cosines[1::2]


def interpolate(function: Callable[[Decimal], Decimal], count: int) -> list[Decimal]:
    """Return the coefficients, lowest degree first, of the polynomial through `count` Chebyshev nodes of [-1, 1]."""
    nodes = _chebyshev_nodes(count)
    differences = [function(x) for x in nodes]
    for order in range(1, count):
        for i in range(count - 1, order - 1, -1):
            differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - order])
    polynomial = [Decimal(0)] * count
    for x, difference in zip(nodes[::-1], differences[::-1], strict=True):
        shifted = [Decimal(0), *polynomial[:-1]]
        polynomial = [s - x * c for s, c in zip(shifted, polynomial, strict=True)]
        polynomial[0] += difference
    return polynomial
