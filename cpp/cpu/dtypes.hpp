// The destination's dtypes: how a float32 is rounded to each, and the largest value below a bound.
#pragma once

#include "cpu/vec.hpp"
#include "stream/codes.hpp"

namespace fast_init::FAST_INIT_ISA {

// Rounds a tile of 64 floats to the 16-bit dtype; `to` may be `from` or before it.
template <Dtype D>
FAST_INIT_INLINE void round_tile(const char* from, char* to) {
    constexpr int N = LANES<F32>;
    if constexpr (D == Dtype::FLOAT16)
        for (int i = 0; i < 64; i += N) store(to + 2 * i, to_float16(load<F32>(from + 4 * i)));
    if constexpr (D == Dtype::BFLOAT16)
        for (int i = 0; i < 64; i += 2 * N)
            store(to + 2 * i, to_bfloat16(load<F32>(from + 4 * i), load<F32>(from + 4 * (i + N))));
}

// The encoding next below a finite one, for integers that hold sign and magnitude.
template <class Encoding>
FAST_INIT_INLINE Encoding previous(Encoding x) {
    constexpr Encoding SIGN = Encoding(1) << (8 * sizeof(Encoding) - 1);
    if (x & SIGN) return Encoding(x + 1);
    return x == 0 ? Encoding(SIGN + 1) : Encoding(x - 1);
}

// The largest value of the dtype that is less than `bound` rounded to it, as the family's scalar.
template <Dtype D>
FAST_INIT_INLINE auto largest_below(double bound) {
    if constexpr (D == Dtype::FLOAT64) {
        const std::uint64_t x = previous(load<std::uint64_t>(&bound));
        return load<double>(&x);
    } else if constexpr (D == Dtype::FLOAT32) {
        const float b = float(bound);
        const std::uint32_t x = previous(load<std::uint32_t>(&b));
        return load<float>(&x);
    } else {
        constexpr bool IS_FLOAT16 = D == Dtype::FLOAT16;
        const F32 b = splat<F32>(float(bound));
        const std::uint16_t x = previous(IS_FLOAT16 ? to_float16(b)[0] : std::uint16_t(to_bfloat16(b, b)[0]));
        const std::uint32_t sign = std::uint32_t(x & 0x8000u) << 16, magnitude = x & 0x7fffu;
        if (IS_FLOAT16 && magnitude < 0x400) return (sign ? -0x1p-24f : 0x1p-24f) * float(magnitude);
        const std::uint32_t bits = sign | (IS_FLOAT16 ? (magnitude << 13) + (112u << 23) : magnitude << 16);
        return load<float>(&bits);
    }
}

}  // namespace fast_init::FAST_INIT_ISA
