"""The truncated normal of docs/stream.md in NumPy and mpmath, written from that page and the reference alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np

from support import reference

Array = Any  # of NumPy: dtypes vary with the family
Real = Callable[[Any], Any]
DIGITS = 45


def bounds_of(mean: float, std: float, a: float, b: float, sigmas: bool, largest: float) -> tuple[float, ...]:
    """a, b, alpha and beta for std > 0: as given, then moved to where the dtype ends."""

    def in_sigmas(x: float) -> float:
        return x / std - mean / std if np.isfinite(x) and not np.isfinite(x - mean) else (x - mean) / std

    def reach(x: float) -> float:
        return max(9.5, np.sqrt(x * x + 89)) if x > 0 else 9.5

    alpha, beta = (a, b) if sigmas else (in_sigmas(a), in_sigmas(b))
    if sigmas:
        a, b = mean + alpha * std, mean + beta * std
    top, bottom = largest / std - mean / std, -largest / std - mean / std
    if b > largest and top < reach(alpha):
        b, beta = largest, top
    if a < -largest and -bottom < reach(-beta):
        a, alpha = -largest, bottom
    return a, b, alpha, beta


def kind_of(alpha: float, beta: float, normal_is_within: bool) -> str:
    """Which of the four ways draws it."""
    if alpha <= -9.5 and beta >= 9.5 and normal_is_within:
        return "normal"
    extreme = max(alpha * alpha, beta * beta) / 2 if alpha < 0 < beta else (beta - alpha) * abs(alpha + beta) / 2
    if extreme < 2.0**-40:
        return "uniform"
    near, far = (-beta, -alpha) if alpha + beta < 0 else (alpha, beta)
    with mp.workdps(DIGITS):
        return "center" if near < 0 or (near < 0.7 and tail(near) - tail(min(far, 40.0)) >= mp.mpf(1) / 16) else "tail"


def ends_of(a: float, b: float, dtype: Any, largest: float) -> tuple[float, float]:
    """`lowest` and `highest`, an infinity where there is none."""

    def inward(x: float, direction: float) -> float:
        if abs(x) > largest:
            return float(np.copysign(largest if x * direction < 0 else np.inf, x))
        value = dtype.type(x)
        beyond = (float(value) - x) * direction < 0
        return float(np.nextafter(value, dtype.type(direction * np.inf)) if beyond else value)

    return inward(a, 1.0), inward(b, -1.0)


def normal_is_within(mean: float, std: float, lowest: float, highest: float, dtype: Any) -> bool:
    """Whether 9.5 sigmas, of what mean and std are rounded to, stay within the ends."""
    family: Any = np.float64 if dtype == np.float64 else np.float32
    m, s = float(family(mean)), float(family(std))
    low, high = (float(dtype.type(family(m + sign * 9.5 * s))) for sign in (-1, 1))
    return low >= lowest and high <= highest


def tail(x: Any) -> Any:
    """Phi(-x)"""
    return mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2


def z_after(start: Any, e: Any) -> Any:
    """z - start, where Phi(-z) = exp(-e) Phi(-start), by bisection and then the secant."""
    if e == 0:
        return mp.mpf(0)
    whole = mp.log(tail(start))
    low, high = mp.mpf(0), e * tail(start) / mp.npdf(start)
    while high - low > high / 10**4:
        middle = (low + high) / 2
        low, high = (middle, high) if mp.log(tail(start + middle)) - whole + e > 0 else (low, middle)
    return mp.findroot(lambda d: mp.log(tail(start + d)) - whole + e, (low, high), tol=mp.mpf(10) ** -70)


def fit(quantity: tuple[Real, Real, Real], first: Any, last: Any, terms: int) -> list[Any]:
    value, variable, inverse = quantity
    h0, h1 = variable(mp.mpf(first)), variable(mp.mpf(last))
    nodes = [mp.cos(mp.pi * (2 * i + 1) / (2 * terms)) for i in range(terms)]
    values = [value(max(inverse((h0 + h1) / 2 + (h1 - h0) / 2 * x), mp.mpf(0))) for x in nodes]
    powers = mp.matrix([[x**j for j in range(terms)] for x in nodes])
    return [2 / (h1 - h0), -(h0 + h1) / (h1 - h0), *mp.lu_solve(powers, mp.matrix(values))]


def center(alpha: float, beta: float, bits: int) -> dict[str, Any]:
    ends = [tail(-mp.mpf(alpha)), tail(mp.mpf(beta))]
    e_max = max(-mp.log(4 * q * (1 - q)) for q in (max(end, mp.mpf(2) ** -64) for end in ends))

    def z(e: Any) -> Any:
        return z_after(mp.mpf(0), e + mp.log(1 + mp.sqrt(1 - mp.exp(-e))))

    def near(e: Any) -> Any:
        return z(e) / mp.sqrt(1 - mp.exp(-e)) if e > mp.mpf(10) ** -40 else mp.sqrt(mp.pi / 2)

    def far(e: Any) -> Any:
        return z(e) / root(e)

    return {
        "low": 2 * ends[0],
        "high": 2 * ends[1],
        "middle": ends[0] - ends[1],
        "step": 2 * (1 - ends[0] - ends[1]) / mp.mpf(2) ** bits,
        **polynomials(
            (near, lambda e: 2 * e, lambda h: h / 2), (lambda e: z(e) / mp.sqrt(2 * e), root, unroot), e_max, bits
        ),
    }


def root(e: Any) -> Any:
    return mp.sqrt(2 * e)


def unroot(h: Any) -> Any:
    return h * h / 2


def one_sided(alpha: float, beta: float, bits: int) -> dict[str, Any]:
    a = mp.mpf(alpha)
    high = tail(beta) / tail(a)

    def value(e: Any) -> Any:
        return z_after(a, e) / (2 * e) if e > mp.mpf(10) ** -40 else tail(a) / mp.npdf(a) / 2

    quantity = (value, lambda e: mp.sqrt(2 * e + 2), lambda h: (h * h - 2) / 2)
    e_max = -mp.log(max(high, mp.mpf(2) ** -64))
    return {"high": high, "step": 2 * (1 - high) / mp.mpf(2) ** bits, **polynomials(quantity, quantity, e_max, bits)}


def polynomials(near: Any, far: Any, e_max: Any, bits: int) -> dict[str, Any]:
    terms = (10, 13) if bits == 32 else (21, 32)
    beyond = e_max > 5
    found: dict[str, Any] = {"split": mp.exp(-5) if beyond else mp.mpf(0)}
    found["P"] = fit(near, 0, 5 if beyond else max(e_max, mp.mpf(0.5)), terms[0])
    found["Q"] = fit(far, 5, max(e_max, 6), terms[1]) if beyond else [mp.mpf(0)] * (terms[1] + 2)
    return found


def words(bits: int, seed: int, stream: int, i: Array) -> tuple[Array, Array]:
    """The signed words of the elements i, and in the 32-bit family those of the tail domain."""
    tile = 2048 // bits
    block, number = (i // tile * 16 + i % 16).astype(np.uint64), (i % tile // 16).astype(np.intp)
    w = reference.philox(seed, stream, block)
    if bits == 64:
        pairs = w[0::2] | w[1::2].astype(np.uint64) << np.uint64(32)
        return np.take_along_axis(pairs, number[None], 0)[0].view(np.int64), i
    tails = reference.philox(seed, stream, block | np.uint64(1 << 63))
    return (np.take_along_axis(w, number[None], 0)[0].view(np.int32), np.take_along_axis(tails, number[None], 0)[0])


def polynomial(table: Array, h: Array) -> Array:
    real: Any = h.dtype.type
    slope, shift, *c = (real(x) for x in table)
    x = reference.fma(h, slope, shift)
    odd, even = (reference_horner(c[k::2], x * x) for k in (1, 0))
    return np.asarray(reference.fma(x, odd, even))


def reference_horner(c: list[Any], x: Array) -> Array:
    total = np.full_like(x, c[-1])
    for value in c[-2::-1]:
        total = reference.fma(total, x, value)
    return total


def draw(
    dtype: Any,
    seed: int,
    stream: int,
    first: int,
    count: int,
    kind: str,
    interval: tuple[float, float],
    numbers: tuple[float, float, float, float],
) -> Array:
    """Elements first .. first + count - 1 by the "center" or the "tail"; numbers: origin, scale, lowest, highest."""
    bits = 64 if dtype == np.float64 else 32
    real: Any = np.float64 if bits == 64 else np.float32
    with mp.workdps(DIGITS):
        exact = center(*interval, bits) if kind == "center" else one_sided(*interval, bits)
        k_: Any = {
            name: np.array(x, np.float64) if isinstance(x, list) else real(float(x)) for name, x in exact.items()
        }
    s, e = words(bits, seed, stream, np.arange(first, first + count, dtype=np.uint64))
    whole = np.where(s >= 0, np.array(2 ** (bits - 1) - 1, s.dtype) - s, s - np.array(-(2 ** (bits - 1)), s.dtype))
    sigma, kappa = s.astype(real) + real(0.5), whole.astype(real) + real(0.5)
    if bits == 32:
        longer = (whole.astype(np.int64) * 2**33 + 2 * e.astype(np.int64) + 1).astype(real) * real(2.0**-33)
        kappa = np.where(kappa < 4096, longer, kappa)
    if kind == "center":
        p = reference.fma(kappa, k_["step"], np.where(s < 0, k_["low"], k_["high"]))
        v, y = p * (real(2) - p), reference.fma(sigma, k_["step"], k_["middle"])
    else:
        v, y = reference.fma(kappa, k_["step"], k_["high"]), np.abs(sigma) * k_["step"]
    m, exponent = np.frexp(v)
    low = m < 0.75
    f, exponent = np.where(low, m * real(2), m) - real(1), (exponent - low).astype(real)
    if kind == "tail":
        f = np.where(v > 0.75, -y, f)
    constant = real(float.fromhex("-0x1.62e42fefa39efp+0"))
    square = reference.fma(exponent, constant, f * reference.horner(f"log{bits}", f))
    if kind == "center":
        r = np.sqrt(np.maximum(square, real(0)))
        near, far = y * polynomial(k_["P"], square), np.copysign(r, y) * polynomial(k_["Q"], r)
    else:
        h = np.sqrt(square + real(2))
        near, far = square * polynomial(k_["P"], h), square * polynomial(k_["Q"], h)
    origin, scale, lowest, highest = (real(x) for x in numbers)
    value = reference.fma(np.where(v < k_["split"], far, near), scale, origin)
    return np.asarray(np.minimum(np.maximum(value, lowest), highest).astype(dtype))
