"""The laws of docs/stream.md that are computed in float64, one element at a time, written from that page alone."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import factorial, frexp, ldexp

__all__ = ["inv_softplus", "log_of_uniform", "log_uniform"]

HIGH, LOW, L2E = map(float.fromhex, ("0x1.62e42feep-1", "0x1.a39ef35793c76p-33", "0x1.71547652b82fep+0"))


def polynomial(coefficients: list[float], x: float) -> float:
    total = coefficients[-1]
    for c in coefficients[-2::-1]:
        total = total * x
        total = total + c
    return total


def exp(t: float, m: float, e: int) -> float:
    k = round(t * L2E)
    r = (t - k * HIGH) - k * LOW
    return ldexp(m * polynomial([1 / factorial(j) for j in range(14)], r), k + e)


def log(w: float) -> float:
    m, e = frexp(w)
    if m < 0.75:
        m, e = 2 * m, e - 1
    s = (m - 1) / (m + 1)
    return e * HIGH + (s * polynomial([2 / (2 * j + 1) for j in range(13)], s * s) + e * LOW)


def log_uniform(u: float, a: float, b: float) -> float:
    with localcontext() as context:
        context.prec = 60
        ratio = float(Decimal(b).ln() - Decimal(a).ln())
    return min(max(exp(u * ratio, *frexp(a)), a), b)


def inv_softplus(x: float) -> float:
    if x < 0.5:
        w = x * polynomial([(-1) ** j / factorial(j + 1) for j in range(16)], x)
    else:
        w = 1 - exp(-min(x, 64.0), 1.0, 0)
    return x + log(w)


def log_of_uniform(u: float, a: float, b: float, scale: float, half_a_step: float) -> float:
    def y(u: float) -> float:
        return scale * log(a + u * (b - a))

    low, high = sorted((y(2.0**-54), y(1.0)))
    return min(max(y(u or half_a_step), low), high)
