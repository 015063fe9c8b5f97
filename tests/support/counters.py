"""Which block of Philox an element's words come from."""

from __future__ import annotations


def counter_of(block: list[int], key: list[int]) -> list[int]:
    """Return the counter that Philox4x32-10 maps to the block: every round is invertible."""
    inverse = [pow(m, -1, 1 << 32) for m in (0xD2511F53, 0xCD9E8D57)]
    a, b, c, d = block
    for r in reversed(range(10)):
        k, m = (key[0] + r * 0x9E3779B9) % 2**32, (key[1] + r * 0xBB67AE85) % 2**32
        before_a, before_c = d * inverse[0] % 2**32, b * inverse[1] % 2**32
        b, d = a ^ k ^ (before_c * 0xCD9E8D57 >> 32), c ^ m ^ (before_a * 0xD2511F53 >> 32)
        a, c = before_a, before_c
    return [a, b, c, d]
