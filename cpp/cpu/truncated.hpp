// The truncated normal by inversion: one word, one value (docs/stream.md).
#pragma once

#include "cpu/distributions.hpp"

namespace fast_init::FAST_INIT_ISA {

// k + (e + 1/2) / 2^32 for the lanes of `k` below TAIL_BOUND, where `whole` is k and e the word of the same
// number in the block's tail block: the outermost steps of a 32-bit word are too coarse for a far tail.
__attribute__((noinline, cold)) F32 continue_end(F32 k, I32 whole, const Keys& keys, std::uint64_t stream,
                                                 std::uint64_t block, int number) {
    for (int lane = 0; lane < LANES<F32>; ++lane) {
        if (!(k[lane] < TAIL_BOUND)) continue;
        const std::uint32_t e = tail_word(keys, stream, block + std::uint64_t(lane), number);
        k[lane] = float((std::int64_t(whole[lane]) << 33) + 2 * std::int64_t(e) + 1) * 0x1p-33f;
    }
    return k;
}

// A word s, read signed, is a probability s + 1/2 steps from the middle of the interval (TAIL: |s + 1/2| steps
// from the end nearer to zero) and k + 1/2 steps from the nearer end (TAIL: from the other end). With v, which
// is 4 Phi(z) Phi(-z) (TAIL: the share of the tail that is left), and y = 2 Phi(z) - 1 the value in units of std is
// y P(-2 log v) (TAIL: -2 log v P(sqrt(2 - 2 log v))); where v < split, another polynomial of another variable.
template <Dtype D, bool TAIL>
class Truncated {
  public:
    using Family = typename FamilyOf<D>::type;

    Truncated(const Draw& draw, const Keys& keys) : keys_(keys), stream_(draw.stream) {
        const auto p = load<typename Family::TruncatedParameters>(draw.parameters);
        origin_ = T(p.origin);
        scale_ = T(p.scale);
        lowest_ = T(p.lowest);
        highest_ = T(p.highest);
        step_ = T(p.step);
        low_end_ = T(p.low_end);
        high_end_ = T(p.high_end);
        middle_ = T(p.middle);
        split_ = T(p.split);
        near_.set(p.near);
        far_.set(p.far);
    }

    FAST_INIT_INLINE void operator()(typename Family::Word (&w)[4], std::uint64_t block) const {
        Int whole[4];
        Float s[4], k[4];
        for (int j = 0; j < 4; ++j) {
            const Int word = Int(w[j]);
            whole[j] = (word ^ ~(word >> (Family::WORD_BITS - 1))) & ~SIGN_BIT<Float>;
            k[j] = to_float(whole[j]) + T(0.5);
            s[j] = to_float(word) + T(0.5);
        }
        if constexpr (Family::WORD_BITS == 32) {
            if (__builtin_expect(any_below(minimum(minimum(k[0], k[1]), minimum(k[2], k[3])), TAIL_BOUND), 0))
                for (int j = 0; j < 4; ++j) k[j] = continue_end(k[j], whole[j], keys_, stream_, block, j);
        }
        quantile(s, k);
        for (int j = 0; j < 4; ++j) {
            const Float value = fma(s[j], splat<Float>(scale_), splat<Float>(origin_));
            w[j] = typename Family::Word(minimum(maximum(value, splat<Float>(lowest_)), splat<Float>(highest_)));
        }
    }

  private:
    using Float = typename Family::Float;
    using Int = typename Family::Int;
    using T = decltype(Family::ANGLE_STEP + 0);

    template <int TERMS>
    struct Polynomial {
        T slope, shift, even[(TERMS + 1) / 2], odd[TERMS / 2];
        void set(const QuantilePolynomial<TERMS>& p) {
            slope = T(p.slope);
            shift = T(p.shift);
            for (int i = 0; i < TERMS; ++i) (i % 2 ? odd[i / 2] : even[i / 2]) = T(p.coefficients[i]);
        }
        template <int N>
        FAST_INIT_INLINE void operator()(Float (&h)[N], Float (&p)[N]) const {
            Float squares[N], odds[N];
            for (int k = 0; k < N; ++k) {
                h[k] = fma(h[k], splat<Float>(slope), splat<Float>(shift));
                squares[k] = h[k] * h[k];
            }
            horner(squares, odd, odds);
            horner(squares, even, p);
            for (int k = 0; k < N; ++k) p[k] = fma(h[k], odds[k], p[k]);
        }
    };

    // s in, z out.
    FAST_INIT_INLINE void quantile(Float (&s)[4], const Float (&k)[4]) const {
        Float v[4], square[4], h[4], p[4];
        for (int j = 0; j < 4; ++j) {
            if constexpr (TAIL) {
                v[j] = fma(k[j], splat<Float>(step_), splat<Float>(high_end_));
                s[j] = magnitude(s[j]) * step_;
            } else {
                const Float end = s[j] < T(0) ? splat<Float>(low_end_) : splat<Float>(high_end_);
                const Float q = fma(k[j], splat<Float>(step_), end);
                v[j] = q * (T(2) - q);
                s[j] = fma(s[j], splat<Float>(step_), splat<Float>(middle_));
            }
            square[j] = v[j];
        }
        minus_2_log<Family, 0>(square, [&](int j, Float f) {
            if constexpr (TAIL)
                return v[j] > T(0.75) ? -s[j] : f;
            else
                return f;
        });
        for (int j = 0; j < 4; ++j) {
            h[j] = TAIL ? sqrt(square[j] + T(2)) : square[j];
            if (TAIL) s[j] = square[j];
        }
        near_(h, p);
        for (int j = 0; j < 4; ++j) {
            p[j] = s[j] * p[j];
            if (__builtin_expect(any_below(v[j], split_), 0)) p[j] = v[j] < split_ ? far(s[j], square[j]) : p[j];
            s[j] = p[j];
        }
    }

    FAST_INIT_INLINE Float far(Float y, Float square) const {
        Float h[1] = {sqrt(TAIL ? square + T(2) : square)}, p[1];
        const Float factor = TAIL ? square : negate_where_negative(h[0], Int(y));
        far_(h, p);
        return factor * p[0];
    }

    const Keys& keys_;
    std::uint64_t stream_;
    T origin_, scale_, lowest_, highest_, step_, low_end_, high_end_, middle_, split_;
    Polynomial<Family::QUANTILE_TERMS[0]> near_;
    Polynomial<Family::QUANTILE_TERMS[1]> far_;
};

template <Dtype D>
using TruncatedCenter = Truncated<D, false>;
template <Dtype D>
using TruncatedTail = Truncated<D, true>;

}  // namespace fast_init::FAST_INIT_ISA
