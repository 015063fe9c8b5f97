// The elementary functions of Box-Muller and of the quantile function: one template for both families.
//
// An error in powers of two is the polynomial's, its coefficients rounded (stream/polynomials.hpp); one in ulps or in
// units of 2^-24 (2^-53) is that of the whole evaluation, as tests/sampling/test_accuracy.py bounds it.
#pragma once

#include "cpu/vec.hpp"
#include "stream/polynomials.hpp"

namespace fast_init::FAST_INIT_ISA {

struct Math32 {
    using Float = F32;
    using Int = I32;
    static constexpr int MANTISSA_BITS = 23, WORD_BITS = 32, BIAS = 127;
    static constexpr auto& LOG = LOG_32;
    static constexpr auto& COS = COS_32;
    static constexpr auto& SIN = SIN_32;
};

struct Math64 {
    using Float = F64;
    using Int = I64;
    static constexpr int MANTISSA_BITS = 52, WORD_BITS = 64, BIAS = 1023;
    static constexpr auto& LOG = LOG_64;
    static constexpr auto& COS = COS_64;
    static constexpr auto& SIN = SIN_64;
};

// sums[m] = c[0] + x[m] (c[1] + x[m] (c[2] + ...)), each step an fma, rounded once. The columns go side by side: each
// is one chain of waits. Any finite x.
template <int K = -1, class V, class T, int N, int M>
FAST_INIT_INLINE void horner(const V (&x)[M], const T (&c)[N], V (&sums)[M]) {
    if constexpr (K == -1) {
        for (int m = 0; m < M; ++m) sums[m] = splat<V>(c[N - 1]);
        horner<N - 2>(x, c, sums);
    } else {
        for (int m = 0; m < M; ++m) sums[m] = fma(sums[m], x[m], splat<V>(c[K]));
        if constexpr (K > 0) horner<K - 1>(x, c, sums);
    }
}

// As many signed integers as floats. The type of F{} < F{} will not do: it may be of another integer of that size.
I32 int_of(F32);
I64 int_of(F64);
template <class F>
using IntOf = decltype(int_of(F{}));

template <class F>
constexpr auto SIGN_BIT = decltype(IntOf<F>{}[0] + 0)(1) << (8 * sizeof(F{}[0]) - 1);

// |x|, exact; any x.
template <class F>
FAST_INIT_INLINE F magnitude(F x) {
    return F(IntOf<F>(x) & ~SIGN_BIT<F>);
}

// x where y >= 0, -x where y < 0; exact, any x.
template <class F>
FAST_INIT_INLINE F negate_where_negative(F x, IntOf<F> y) {
    return F(IntOf<F>(x) ^ (y & SIGN_BIT<F>));
}

// x = -2 log(x / 2^POWER), x a normal number in (0, 2^POWER]: 0 at x = 2^POWER, where both terms of the sum are exactly
// zero, and positive below. Relative error of the polynomial below 2^-22.3 (2^-51.8).
// x = 2^POWER 2^e m with m in [3/4, 3/2); `refine(k, f)` may replace the f = m - 1 of column k by what is nearer to the
// truth.
template <class M, int POWER, int N, class Refine>
FAST_INIT_INLINE void minus_2_log(typename M::Float (&x)[N], Refine refine) {
    using Int = typename M::Int;
    using Float = typename M::Float;
    using T = decltype(M::LOG[0] + 0);
    using I = decltype(Int{}[0] + 0);
    constexpr I ONE = I(1) << M::MANTISSA_BITS, HALF = ONE / 2;
    Float f[N], e[N], p[N];
    for (int k = 0; k < N; ++k) {
        const Int shifted = Int(x[k]) + (HALF - (M::BIAS + POWER) * ONE);
        f[k] = refine(k, Float((shifted & (ONE - 1)) + (M::BIAS * ONE - HALF)) - T(1));
        e[k] = to_float(shifted >> M::MANTISSA_BITS);
    }
    horner(f, M::LOG, p);
    for (int k = 0; k < N; ++k) x[k] = fma(e[k], splat<Float>(T(MINUS_2_LOG_2)), f[k] * p[k]);
}

// x = sqrt(-2 log(x / 2^(WORD_BITS - 1))), x a normal number in (0, 2^(WORD_BITS - 1)]; result in [0, 10), within
// 2.5 ulp.
template <class M, int N>
FAST_INIT_INLINE void radius(typename M::Float (&x)[N]) {
    minus_2_log<M, M::WORD_BITS - 1>(x, [](int, auto f) { return f; });
    for (auto& r : x) r = sqrt(r);
}

// The standard normals radius * cos(pi t), in place of radius, and radius * sin(pi t), in place of t; |t| <= 1/2.
// With radius 1 both are in [-1, 1] and within 3 x 2^-24 (2^-53); the polynomials' share is below 2^-23.5 (2^-52.8).
template <class M, int N>
FAST_INIT_INLINE void rotate(typename M::Float (&radius)[N], typename M::Float (&t)[N]) {
    typename M::Float s[N], cosine[N], sine[N];
    for (int k = 0; k < N; ++k) s[k] = t[k] * t[k];
    horner(s, M::COS, cosine);
    horner(s, M::SIN, sine);
    for (int k = 0; k < N; ++k) {
        t[k] = (radius[k] * t[k]) * sine[k];
        radius[k] = radius[k] * cosine[k];
    }
}

}  // namespace fast_init::FAST_INIT_ISA
