// The destination's dtypes: how a float32 is rounded to each.
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

}  // namespace fast_init::FAST_INIT_ISA
