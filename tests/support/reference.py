"""The stream of docs/stream.md in plain NumPy: slow, exact, and written from that page alone."""

import hashlib
import re
from functools import reduce
from pathlib import Path

import numpy as np

PAGE = (Path(__file__).parent.parent.parent / "docs/stream.md").read_text()
TABLES = {name: [float.fromhex(c) for c in cs.split()] for name, cs in re.findall(r"^(\w+)\n((?:  .+\n)+)", PAGE, re.M)}


def two_sum(x, y):
    s = x + y
    return s, (x - (s - (s - x))) + (y - (s - x))


def split(x):
    y = x * x.dtype.type(4097 if x.dtype == np.float32 else 2**27 + 1)
    return y - (y - x), x - (y - (y - x))


def fma(a, b, c):
    """Boldo and Melquiond's: the error terms of product and sum, added with rounding to odd."""
    (a1, a2), (b1, b2), product = split(a), split(b), a * b
    high, low = two_sum(c, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
    total, rest = two_sum(product, high)
    tail, error = two_sum(low, rest)
    to_odd = (error != 0) & (tail.view(f"u{tail.itemsize}") % 2 == 0)
    return total + np.where(to_odd, np.nextafter(tail, np.copysign(tail.dtype.type(np.inf), error)), tail)


def horner(table, x):
    *lower, highest = TABLES[table]
    return reduce(lambda total, c: fma(total, x, x.dtype.type(c)), lower[::-1], np.full_like(x, highest))


def philox(seed, stream, index, rounds=10):
    half, mask = np.uint64(32), np.uint64(0xFFFFFFFF)
    a, b, c, d = index & mask, index >> half, np.uint64(stream & 0xFFFFFFFF), np.uint64(stream >> 32)
    k, m = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(rounds):
        p, q = a * np.uint64(0xD2511F53), c * np.uint64(0xCD9E8D57)
        a, b, c, d = (q >> half) ^ b ^ np.uint64(k), q & mask, (p >> half) ^ d ^ np.uint64(m), p & mask
        k, m = (k + 0x9E3779B9) & 0xFFFFFFFF, (m + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(np.broadcast_arrays(a, b, c, d)).astype(np.uint32)


def normals(tail, real, bits, p, q):
    x = np.maximum(np.abs(p.astype(real)), real(0.5))
    if bits == 32:
        longer = np.abs(np.abs(p.astype(np.int64)) * 2**32 + tail.view(np.int32))
        x = np.where(x < 4096, np.maximum(longer, 1).astype(real) * real(2.0**-32), x)
    m, exponent = np.frexp(x)  # m in [1/2, 1)
    low = m < 0.75
    f, e = np.where(low, m * real(2), m) - real(1), (exponent - low - (bits - 1)).astype(real)
    r = np.sqrt(fma(e, real(float.fromhex("-0x1.62e42fefa39efp+0")), f * horner(f"log{bits}", f)))
    r, t = np.where(p < 0, -r, r), q.astype(real) * real(2.0**-bits)
    return r * horner(f"cos{bits}", t * t), (r * t) * horner(f"sin{bits}", t * t)


def draw(distribution, dtype, seed, stream, first, count, p0=0.0, p1=1.0):
    """Elements first .. first + count - 1 (count >= 1) of a stream given by its id or its name."""
    real, bits, tile = (np.float64, 64, 32) if dtype == np.float64 else (np.float32, 32, 64)
    if isinstance(stream, str):
        stream = int.from_bytes(hashlib.blake2b(stream.encode(), digest_size=8).digest(), "little")
    index = np.arange(first // tile * 16, (first + count - 1) // tile * 16 + 16, dtype=np.uint64)
    w, tail = philox(seed, stream, index), philox(seed, stream, index | np.uint64(1 << 63))
    if bits == 64:
        w = w[0::2] | w[1::2].astype(np.uint64) << np.uint64(32)
    if distribution == "normal":
        pairs = [normals(tail[j], real, bits, *w[j : j + 2].view(f"i{bits // 8}")) for j in range(0, len(w), 2)]
        w = fma(np.concatenate(pairs), real(p1), real(p0))
    elif distribution == "uniform":
        u = (w >> (11 if bits == 64 else 8)).astype(real) * real(2.0 ** (-53 if bits == 64 else -24))
        largest = real(np.nextafter(dtype(real(p1)), dtype(-np.inf)))
        w = np.minimum(fma(u, real(p1 - p0), real(p0)), max(largest, real(p0)))
    return w.reshape(len(w), -1, 16).transpose(1, 0, 2).ravel()[first % tile :][:count].astype(dtype)
