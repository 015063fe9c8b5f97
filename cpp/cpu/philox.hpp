// Philox4x32, whose constants and source stand in stream/words.hpp.
//
// A state word is held in the low half of a 64-bit lane and whatever stands above it is ignored, which
// spares the recombination of products: a round is two multiplies, two shuffles and two three-way xors.
#pragma once

#include "cpu/vec.hpp"
#include "stream/words.hpp"

namespace fast_init::FAST_INIT_ISA {

// A counter word that all blocks of a vector share is a plain integer: it stays one until a round mixes it
// with a word that varies, so that the first two rounds cost half.
FAST_INIT_INLINE std::uint64_t multiply_low_halves(std::uint64_t a, std::uint32_t b) {
    return std::uint64_t(std::uint32_t(a)) * b;
}
FAST_INIT_INLINE std::uint64_t move_high_half_low(std::uint64_t a) { return a >> 32; }

// The four words of a block or of a vector of blocks, each a U64 or a std::uint64_t.
template <class A, class B, class C, class D>
struct State {
    A a;
    B b;
    C c;
    D d;
};
template <class A, class B, class C, class D>
State(A, B, C, D) -> State<A, B, C, D>;

// States that are worked on side by side to hide latency.
template <class S, int N>
struct States {
    S s[N];
};

// The keys of all rounds, made once per call. The vectors stay in memory, where the loop's xors read them:
// in registers they would push the states out.
struct Keys {
    std::uint64_t scalar[PHILOX_ROUNDS][2];
    U64 vector[PHILOX_ROUNDS][2];

    explicit Keys(std::uint64_t key) : Keys(std::uint32_t(key), std::uint32_t(key >> 32)) {}
    Keys(std::uint32_t k0, std::uint32_t k1) {
        for (int r = 0; r < PHILOX_ROUNDS; ++r, k0 += PHILOX_W0, k1 += PHILOX_W1) {
            scalar[r][0] = k0;
            scalar[r][1] = k1;
            for (int j = 0; j < 2; ++j) vector[r][j] = splat<U64>(scalar[r][j]);
        }
    }
};

// high ^ word ^ key j of the round.
FAST_INIT_INLINE U64 mix(U64 high, U64 word, const Keys& keys, int round, int j) {
    return xor3(high, word, keys.vector[round][j]);
}
template <class A, class B>
FAST_INIT_INLINE auto mix(A high, B word, const Keys& keys, int round, int j) {
    if constexpr (sizeof(A) > sizeof(B))
        return high ^ (word ^ keys.scalar[round][j]);
    else
        return word ^ (high ^ keys.scalar[round][j]);
}

template <class S>
FAST_INIT_INLINE auto philox_round(const S& s, const Keys& keys, int round) {
    const auto p0 = multiply_low_halves(s.a, PHILOX_M0);
    const auto p1 = multiply_low_halves(s.c, PHILOX_M1);
    return State{mix(move_high_half_low(p1), s.b, keys, round, 0), p1, mix(move_high_half_low(p0), s.d, keys, round, 1),
                 p0};
}

// Rounds ROUND .. 9 of the block function of the stream.
template <int ROUND = 0, class S, int N>
FAST_INIT_INLINE auto philox(const States<S, N>& states, const Keys& keys) {
    if constexpr (ROUND == PHILOX_ROUNDS) {
        return states;
    } else {
        States<decltype(philox_round(states.s[0], keys, ROUND)), N> next;
        for (int i = 0; i < N; ++i) next.s[i] = philox_round(states.s[i], keys, ROUND);
        return philox<ROUND + 1>(next, keys);
    }
}

}  // namespace fast_init::FAST_INIT_ISA
