// Words -> values. A sampler is built from the Draw once per call; applied to the words 0, 1, 2, 3 of a vector
// of blocks (64-bit family: to the words 0, 1 of one and of the next), it replaces each by the value of that
// element (docs/stream.md).
#pragma once

#include "cpu/dtypes.hpp"
#include "cpu/kernel.hpp"
#include "cpu/math.hpp"
#include "cpu/philox.hpp"
#include "stream/parameters.hpp"

namespace fast_init::FAST_INIT_ISA {

// 64 elements a tile, one 32-bit word each.
struct Family32 : Math32 {
    using Word = U32;
    static constexpr int WORDS = WORDS_32, UNIFORM_SHIFT = UNIFORM_SHIFT_32;
    static constexpr float UNIFORM_STEP = UNIFORM_STEP_32, ANGLE_STEP = ANGLE_STEP_32;
    static constexpr auto& QUANTILE_TERMS = QUANTILE_TERMS_32;
    using TruncatedParameters = TruncatedParameters32;
};

// 32 elements a tile, two of the block's words each.
struct Family64 : Math64 {
    using Word = U64;
    static constexpr int WORDS = WORDS_64, UNIFORM_SHIFT = UNIFORM_SHIFT_64;
    static constexpr double UNIFORM_STEP = UNIFORM_STEP_64, ANGLE_STEP = ANGLE_STEP_64;
    static constexpr auto& QUANTILE_TERMS = QUANTILE_TERMS_64;
    using TruncatedParameters = TruncatedParameters64;
};

template <Dtype D>
struct FamilyOf {
    using type = Family32;
};
template <>
struct FamilyOf<Dtype::FLOAT64> {
    using type = Family64;
};

template <Dtype D>
struct Bits {
    using Family = Family32;
    Bits(const Draw&, const Keys&) {}
    FAST_INIT_INLINE void operator()(U32 (&)[4], std::uint64_t) const {}
};

// u = (word's leading 24 or 53 bits) * 2^-24 or 2^-53, in [0, 1); fma(u, high - low, low), clamped.
template <Dtype D>
struct Uniform {
    using Family = typename FamilyOf<D>::type;
    using Float = typename Family::Float;
    using T = decltype(Family::UNIFORM_STEP + 0);
    T low, range, lowest, highest;

    Uniform(const Draw& draw, const Keys&) : Uniform(load<UniformParameters>(draw.parameters)) {}
    explicit Uniform(const UniformParameters& p)
        : low(T(p.low)), range(T(p.high - p.low)), lowest(T(p.lowest)), highest(T(p.highest)) {}
    FAST_INIT_INLINE void operator()(typename Family::Word (&w)[4], std::uint64_t) const {
        using Int = typename Family::Int;
        for (auto& word : w) {
            const Float u = to_float(Int(word >> Family::UNIFORM_SHIFT)) * Family::UNIFORM_STEP;
            const Float value = fma(u, splat<Float>(range), splat<Float>(low));
            word = typename Family::Word(minimum(maximum(value, splat<Float>(lowest)), splat<Float>(highest)));
        }
    }
};

// Word `number` of the block's tail block.
inline std::uint32_t tail_word(const Keys& keys, std::uint64_t stream, std::uint64_t block, int number) {
    const std::uint64_t tail = TAIL_DOMAIN | block;
    using Block = State<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;
    const Block s = philox(States<Block, 1>{{{tail, tail >> 32, stream, stream >> 32}}}, keys).s[0];
    const std::uint64_t words[] = {s.a, s.b, s.c, s.d};
    return std::uint32_t(words[number]);
}

// x = |words|, its lanes below TAIL_BOUND replaced by | |word| + e / 2^32 |, at least 2^-32, where e is
// the word of the same number in the block's tail block, signed. Rare: one radius in 2^19.
__attribute__((noinline, cold)) F32 continue_tail(F32 x, I32 words, const Keys& keys, std::uint64_t stream,
                                                  std::uint64_t block, int number) {
    for (int lane = 0; lane < LANES<F32>; ++lane) {
        if (!(x[lane] < TAIL_BOUND)) continue;
        const std::int64_t word = words[lane];
        const std::int64_t e = std::int32_t(tail_word(keys, stream, block + std::uint64_t(lane), number));
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
    const Keys& keys;
    std::uint64_t stream;

    Normal(const Draw& draw, const Keys& keys_) : keys(keys_), stream(draw.stream) {
        const auto p = load<NormalParameters>(draw.parameters);
        mean = T(p.mean);
        std = T(p.std);
    }

    FAST_INIT_INLINE void operator()(Word (&w)[4], std::uint64_t block) const {
        Float x[2], t[2];
        for (int p = 0; p < 2; ++p) x[p] = magnitude(to_float(Int(w[2 * p])));
        if constexpr (Family::WORD_BITS == 32) {
            if (__builtin_expect(any_below(minimum(x[0], x[1]), TAIL_BOUND), 0)) {
                for (int p = 0; p < 2; ++p) x[p] = continue_tail(x[p], Int(w[2 * p]), keys, stream, block, 2 * p);
            }
        } else {
            for (Float& u : x) u = maximum(u, splat<Float>(T(0.5)));
        }
        radius<Family>(x);
        for (int p = 0; p < 2; ++p) {
            x[p] = negate_where_negative(x[p], Int(w[2 * p]));
            t[p] = to_float(Int(w[2 * p + 1])) * Family::ANGLE_STEP;
        }
        rotate<Family>(x, t);
        for (int p = 0; p < 2; ++p) {
            w[2 * p] = Word(fma(x[p], splat<Float>(std), splat<Float>(mean)));
            w[2 * p + 1] = Word(fma(t[p], splat<Float>(std), splat<Float>(mean)));
        }
    }
};

}  // namespace fast_init::FAST_INIT_ISA
