// The elementary functions of Box-Muller: coefficient tables, and one template for both families.
//
// The tables are minimax fits made by tools/fit_polynomials.py, lowest degree first, and are part of
// the stream (docs/stream.md): a changed bit is another stream. Evaluation is Horner's rule with fma.
#pragma once

#include "cpu/vec.hpp"

namespace fast_init::FAST_INIT_ISA {

// P(f) ~ -2 log(1 + f) / f on [-1/4, 1/2]; relative error of -2 log(u) below 2^-22.3.
// C(s) ~ cos(pi t), S(s) ~ sin(pi t) / t with s = t^2, t on [-1/2, 1/2]; absolute error below 2^-23.5.
struct Math32 {
    using Float = F32;
    using Int = I32;
    static constexpr int MANTISSA_BITS = 23, WORD_BITS = 32, BIAS = 127;
    static constexpr float LOG[] = {-0x1.000000p+1f, 0x1.0000b8p+0f, -0x1.554ca6p-1f, 0x1.ff4b3cp-2f,
                                    -0x1.9b9682p-2f, 0x1.65bd5ep-2f, -0x1.252ae0p-2f, 0x1.12ad58p-3f};
    static constexpr float COS[] = {0x1.fffffep-1f, -0x1.3bd3a6p+2f, 0x1.03bd06p+2f, -0x1.54f61ap+0f, 0x1.c1f066p-3f};
    static constexpr float SIN[] = {0x1.921fb4p+1f, -0x1.4abbb6p+2f, 0x1.46676ep+1f, -0x1.3232fap-1f, 0x1.3c4b2cp-4f};
};

// The same; errors below 2^-51.8 and 2^-52.8.
struct Math64 {
    using Float = F64;
    using Int = I64;
    static constexpr int MANTISSA_BITS = 52, WORD_BITS = 64, BIAS = 1023;
    static constexpr double LOG[] = {
        -0x1.ffffffffffffep+0, 0x1.000000000004ep+0, -0x1.555555555746ep-1, 0x1.ffffffffb7d9cp-2,
        -0x1.99999996d4f78p-2, 0x1.5555557d1c25dp-2, -0x1.24924a2110498p-2, 0x1.ffffeeb75ab41p-3,
        -0x1.c71c06a6daf9cp-3, 0x1.999b4550844dbp-3, -0x1.746a43b992b6fp-3, 0x1.5549dae10d630p-3,
        -0x1.3a34e55c63f34p-3, 0x1.238ef3205bf1fp-3, -0x1.176c6a2889af3p-3, 0x1.1389b1dcd1d05p-3,
        -0x1.e6d22a43b85dbp-4, 0x1.2b44a1b85702fp-4, -0x1.5ea820b3e1c71p-6};
    static constexpr double COS[] = {0x1.0000000000000p+0,  -0x1.3bd3cc9be45dbp+2,  0x1.03c1f081b5993p+2,
                                     -0x1.55d3c7e3bfc44p+0, 0x1.e1f506813c9e8p-3,   -0x1.a6d1efc968f72p-6,
                                     0x1.f9d2548909238p-10, -0x1.b69582d95d19bp-14, 0x1.1679714d1cbe7p-18};
    static constexpr double SIN[] = {0x1.921fb54442d18p+1,  -0x1.4abbce625be51p+2,  0x1.466bc6775a9f7p+1,
                                     -0x1.32d2cce624837p-1, 0x1.50783483f4d75p-4,   -0x1.e3074d5629792p-8,
                                     0x1.e8f33b010ce61p-12, -0x1.6f74775530001p-16, 0x1.9c8745c034acap-21};
};

// sums[m] = c[0] + x[m] (c[1] + x[m] (c[2] + ...)), the columns side by side: each is one chain of waits.
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

template <class F>
using IntOf = decltype(F{} < F{});  // as many signed integers as floats

template <class F>
constexpr auto SIGN_BIT = decltype(IntOf<F>{}[0] + 0)(1) << (8 * sizeof(F{}[0]) - 1);

// |x|
template <class F>
FAST_INIT_INLINE F magnitude(F x) {
    return F(IntOf<F>(x) & ~SIGN_BIT<F>);
}

// x where y >= 0, -x where y < 0.
template <class F>
FAST_INIT_INLINE F negate_where_negative(F x, IntOf<F> y) {
    return F(IntOf<F>(x) ^ (y & SIGN_BIT<F>));
}

// x = -2 log(x / 2^POWER), x a normal number in (0, 2^POWER]; x = 2^POWER 2^e m with m in [3/4, 3/2). At
// x = 2^POWER both terms of the sum are exactly zero, below it the sum is positive.
// `refine(k, f)` may replace the f = m - 1 of column k by what is nearer to the truth.
template <class M, int POWER, int N, class Refine>
FAST_INIT_INLINE void minus_2_log(typename M::Float (&x)[N], Refine refine) {
    using Int = typename M::Int;
    using Float = typename M::Float;
    using T = decltype(M::LOG[0] + 0);
    using I = decltype(Int{}[0] + 0);
    constexpr T MINUS_2_LOG_2 = T(-0x1.62e42fefa39efp+0);
    constexpr I ONE = I(1) << M::MANTISSA_BITS, HALF = ONE / 2;
    Float f[N], e[N], p[N];
    for (int k = 0; k < N; ++k) {
        const Int shifted = Int(x[k]) + (HALF - (M::BIAS + POWER) * ONE);
        f[k] = refine(k, Float((shifted & (ONE - 1)) + (M::BIAS * ONE - HALF)) - T(1));
        e[k] = to_float(shifted >> M::MANTISSA_BITS);
    }
    horner(f, M::LOG, p);
    for (int k = 0; k < N; ++k) x[k] = fma(e[k], splat<Float>(MINUS_2_LOG_2), f[k] * p[k]);
}

// x = sqrt(-2 log(x / 2^(WORD_BITS - 1))), x a normal number in (0, 2^(WORD_BITS - 1)]; result in [0, 10).
template <class M, int N>
FAST_INIT_INLINE void radius(typename M::Float (&x)[N]) {
    minus_2_log<M, M::WORD_BITS - 1>(x, [](int, auto f) { return f; });
    for (auto& r : x) r = sqrt(r);
}

// The standard normals radius * cos(pi t), in place of radius, and radius * sin(pi t), in place of t; |t| <= 1/2.
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
