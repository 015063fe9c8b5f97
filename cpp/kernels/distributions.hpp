// Words -> values. A distribution is built from the Draw once per call; applied to one column of a tile,
// the words 0, 1, ... of a vector of blocks, it replaces each by the value of that element (docs/stream.md).
#pragma once

#include "dtypes.hpp"
#include "math.hpp"
#include "philox.hpp"

namespace fast_init::FAST_INIT_ISA {

// 64 elements a tile, one 32-bit word each.
struct Family32 : Math32 {
    using Word = U32;
    static constexpr int WORDS = 4;
    static constexpr float UNIFORM_STEP = 0x1p-24f, ANGLE_STEP = 0x1p-32f;
    static constexpr int UNIFORM_SHIFT = 8;
};

// 32 elements a tile, two of the block's words each.
struct Family64 : Math64 {
    using Word = U64;
    static constexpr int WORDS = 2;
    static constexpr double UNIFORM_STEP = 0x1p-53, ANGLE_STEP = 0x1p-64;
    static constexpr int UNIFORM_SHIFT = 11;
};

template <Dtype D>
struct FamilyOf {
    using type = Family32;
};
template <>
struct FamilyOf<FLOAT64> {
    using type = Family64;
};

template <Dtype D>
struct Bits {
    using Family = Family32;
    explicit Bits(const Draw&) {}
    FAST_INIT_INLINE void operator()(U32 (&)[4], std::uint64_t) const {}
};

// u = (word's leading 24 or 53 bits) * 2^-24 or 2^-53, in [0, 1); fma(u, high - low, low), and never
// more than the largest value of the dtype below high: in [low, high).
template <Dtype D>
struct Uniform {
    using Family = typename FamilyOf<D>::type;
    using Float = typename Family::Float;
    using T = decltype(Family::UNIFORM_STEP + 0);
    T low, range, largest;

    explicit Uniform(const Draw& draw)
        : low(T(draw.p0)), range(T(draw.p1 - draw.p0)), largest(largest_below<D>(draw.p1)) {
        if (largest < low) largest = low;
    }
    FAST_INIT_INLINE void operator()(typename Family::Word (&w)[Family::WORDS], std::uint64_t) const {
        using Int = typename Family::Int;
        for (auto& word : w) {
            const Float u = to_float(Int(word >> Family::UNIFORM_SHIFT)) * Family::UNIFORM_STEP;
            const Float value = minimum(fma(u, splat<Float>(range), splat<Float>(low)), splat<Float>(largest));
            word = typename Family::Word(value);
        }
    }
};

// Radius words below this are continued by 32 further bits: with a 31-bit radius alone |z| would end at
// 6.6 and be coarse before. Set in the block index, the tail domain is met by no element's own block.
constexpr std::uint64_t TAIL_DOMAIN = std::uint64_t(1) << 63;
constexpr float TAIL_BOUND = 4096;

// x = |words|, its lanes below TAIL_BOUND replaced by | |word| + e / 2^32 |, at least 2^-32, where e is
// the word of the same number in the block's tail block, signed. Rare: one radius in 2^19.
inline F32 continue_tail(F32 x, I32 words, Key key, std::uint64_t stream, std::uint64_t block, int number) {
    for (int lane = 0; lane < LANES<F32>; ++lane) {
        if (!(x[lane] < TAIL_BOUND)) continue;
        const std::uint64_t tail = TAIL_DOMAIN | (block + std::uint64_t(lane));
        const auto s = philox<10>(State{tail, tail >> 32, stream, stream >> 32}, key);
        const std::int64_t word = words[lane], e = std::int32_t(number == 0 ? s.a : s.c);
        const std::int64_t sum = (word < 0 ? -word : word) * (std::int64_t(1) << 32) + e;
        const std::int64_t magnitude = sum < 0 ? -sum : sum;
        x[lane] = float(magnitude == 0 ? 1 : magnitude) * 0x1p-32f;
    }
    return x;
}

// Box-Muller on words (0, 1) and, in the 32-bit family, (2, 3): the first word of a pair is a signed
// integer whose magnitude / 2^31 (2^63) is the uniform under the logarithm and whose sign is the
// radius's; the second, signed, / 2^32 (2^64) is half the angle's turn. Then fma(z, std, mean).
template <Dtype D>
struct Normal {
    using Family = typename FamilyOf<D>::type;
    using Float = typename Family::Float;
    using Int = typename Family::Int;
    using Word = typename Family::Word;
    using T = decltype(Family::ANGLE_STEP + 0);
    T mean, std;
    Key key;
    std::uint64_t stream;

    explicit Normal(const Draw& draw)
        : mean(T(draw.p0)),
          std(T(draw.p1)),
          key{std::uint32_t(draw.seed), std::uint32_t(draw.seed >> 32)},
          stream(draw.stream) {}

    FAST_INIT_INLINE void operator()(Word (&w)[Family::WORDS], std::uint64_t block) const {
        constexpr auto SIGN = decltype(w[0][0] + 0)(1) << (Family::WORD_BITS - 1);
        for (int j = 0; j < Family::WORDS; j += 2) {
            Float x = Float(Word(to_float(Int(w[j]))) & ~SIGN);
            if constexpr (Family::WORD_BITS == 32) {
                if (__builtin_expect(any_below(x, TAIL_BOUND), 0))
                    x = continue_tail(x, Int(w[j]), key, stream, block, j);
            } else {
                x = maximum(x, splat<Float>(T(0.5)));
            }
            const Float r = Float(Word(radius<Family>(x)) ^ (w[j] & SIGN));
            Float z[2];
            rotate<Family>(r, to_float(Int(w[j + 1])) * Family::ANGLE_STEP, z);
            for (int k = 0; k < 2; ++k) w[j + k] = Word(fma(z[k], splat<Float>(std), splat<Float>(mean)));
        }
    }
};

}  // namespace fast_init::FAST_INIT_ISA
