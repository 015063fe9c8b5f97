// Philox4x32 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC'11).
//
// A state word is held in the low half of a 64-bit lane and whatever stands above it is ignored, which
// spares the recombination of products: a round is two multiplies, two shuffles and two three-way xors.
#pragma once

#include "vec.hpp"

namespace fast_init::FAST_INIT_ISA {

constexpr std::uint32_t PHILOX_M0 = 0xD2511F53, PHILOX_M1 = 0xCD9E8D57;  // multipliers
constexpr std::uint32_t PHILOX_W0 = 0x9E3779B9, PHILOX_W1 = 0xBB67AE85;  // key increments

// One state word of INTERLEAVE vectors of blocks, worked on side by side to hide latency.
struct Word {
    U64 v[INTERLEAVE];
};

FAST_INIT_INLINE Word multiply_low_halves(Word a, std::uint32_t m) {
    for (U64& v : a.v) v = multiply_low_halves(v, m);
    return a;
}
FAST_INIT_INLINE Word move_high_half_low(Word a) {
    for (U64& v : a.v) v = move_high_half_low(v);
    return a;
}
FAST_INIT_INLINE Word operator^(Word a, Word b) {
    for (int i = 0; i < INTERLEAVE; ++i) a.v[i] ^= b.v[i];
    return a;
}
FAST_INIT_INLINE Word operator^(Word a, std::uint64_t b) {
    for (U64& v : a.v) v ^= b;
    return a;
}
FAST_INIT_INLINE Word operator^(std::uint64_t a, Word b) { return b ^ a; }

// The same for a word that all blocks share: it stays a scalar until a round mixes it with one that
// varies, so the first two rounds cost half.
FAST_INIT_INLINE std::uint64_t multiply_low_halves(std::uint64_t a, std::uint32_t m) {
    return std::uint64_t(std::uint32_t(a)) * m;
}
FAST_INIT_INLINE std::uint64_t move_high_half_low(std::uint64_t a) { return a >> 32; }

// Counter words, each a Word or a scalar that all blocks share.
template <class A, class B, class C, class D>
struct State {
    A a;
    B b;
    C c;
    D d;
};
template <class A, class B, class C, class D>
State(A, B, C, D) -> State<A, B, C, D>;

struct Key {
    std::uint32_t k0, k1;
    FAST_INIT_INLINE Key next() const { return {k0 + PHILOX_W0, k1 + PHILOX_W1}; }
};

template <class S>
FAST_INIT_INLINE auto philox_round(S s, Key key) {
    const auto p0 = multiply_low_halves(s.a, PHILOX_M0);
    const auto p1 = multiply_low_halves(s.c, PHILOX_M1);
    return State{move_high_half_low(p1) ^ (s.b ^ std::uint64_t(key.k0)), p1,
                 move_high_half_low(p0) ^ (s.d ^ std::uint64_t(key.k1)), p0};
}

// The block function with a number of rounds known when compiled; the stream uses 10.
template <int ROUNDS, class S>
FAST_INIT_INLINE auto philox(S state, Key key) {
    if constexpr (ROUNDS == 0)
        return state;
    else
        return philox<ROUNDS - 1>(philox_round(state, key), key.next());
}

}  // namespace fast_init::FAST_INIT_ISA
