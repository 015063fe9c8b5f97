// Vectors of one ISA level: the only file with intrinsics.
//
// A vector is a GCC/Clang vector type of VECTOR_BYTES; + - * ^ & | << >> are the compilers' own. The
// functions below add what the language lacks. Each is IEEE-exact or integer, so every level and every
// width gives the same bits. No function of the standard library may be called here or in any file that
// kernel.cpp includes: its inline code would be shared between levels (see there).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#else
#error "a processor without vectors here: add its multiply, fma, square root and compare below"
#endif

#define FAST_INIT_INLINE inline __attribute__((always_inline))

namespace fast_init::FAST_INIT_ISA {

#if defined(__AVX512F__)
constexpr int VECTOR_BYTES = 64;
constexpr int INTERLEAVE = 6;  // independent Philox states in flight: 6 x 4 registers of 32
#elif defined(__AVX2__)
constexpr int VECTOR_BYTES = 32;
constexpr int INTERLEAVE = 4;  // 4 x 4 of 16: the spills cost less than the waits
#else
constexpr int VECTOR_BYTES = 16;
constexpr int INTERLEAVE = 2;
#endif

template <class T>
struct VectorOf {
    typedef T type __attribute__((vector_size(VECTOR_BYTES)));
};
template <class T>
using Vec = typename VectorOf<T>::type;

using U32 = Vec<std::uint32_t>;
using I32 = Vec<std::int32_t>;
using U64 = Vec<std::uint64_t>;
using I64 = Vec<std::int64_t>;
using F32 = Vec<float>;
using F64 = Vec<double>;

template <class V>
constexpr int LANES = int(sizeof(V) / sizeof(V{}[0]));

template <class V, class T>
FAST_INIT_INLINE V load(const T* p) {
    V v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

template <class V, class T>
FAST_INIT_INLINE void store(T* p, V v) {
    std::memcpy(p, &v, sizeof v);
}

// {x, x, ...}: minus zero, which keeps a -0.0 that plus zero would lose.
template <class V, class T>
FAST_INIT_INLINE V splat(T x) {
    return x - V{};
}

// {0, 1, 2, ...}
template <class V>
FAST_INIT_INLINE V iota() {
    V v{};
    for (int i = 0; i < LANES<V>; ++i) v[i] = i;
    return v;
}

// The 64-bit products of the low halves of the lanes of a and of b; the high halves are ignored.
FAST_INIT_INLINE U64 multiply_low_halves(U64 a, std::uint32_t b) {
#if defined(__AVX512F__)
    return U64(_mm512_mul_epu32(__m512i(a), _mm512_set1_epi64(b)));
#elif defined(__AVX2__)
    return U64(_mm256_mul_epu32(__m256i(a), _mm256_set1_epi64x(b)));
#elif defined(__x86_64__)
    return U64(_mm_mul_epu32(__m128i(a), _mm_set1_epi64x(b)));
#elif defined(__aarch64__)
    return U64(vmull_n_u32(vmovn_u64(uint64x2_t(a)), b));
#endif
}

// Each lane's high half in its low half; what the high half then holds is not specified.
// x86: a shuffle rather than a shift, since shifts share their port with the multiply.
FAST_INIT_INLINE U64 move_high_half_low(U64 a) {
#if defined(__AVX512F__)
    return U64(_mm512_shuffle_epi32(__m512i(a), _MM_PERM_DDBB));
#elif defined(__AVX2__)
    return U64(_mm256_shuffle_epi32(__m256i(a), 0xF5));
#elif defined(__x86_64__)
    return U64(_mm_shuffle_epi32(__m128i(a), 0xF5));
#else
    return a >> 32;
#endif
}

// a ^ b ^ c; c may be read from memory, a and b are likely in registers that are no longer needed.
FAST_INIT_INLINE U64 xor3(U64 a, U64 b, U64 c) {
#if defined(__AVX512F__)
    return U64(_mm512_ternarylogic_epi64(__m512i(a), __m512i(b), __m512i(c), 0x96));
#else
    return a ^ b ^ c;
#endif
}

// k, k + 2, k + 4 ..., as many as U32 has lanes
#if defined(__AVX512F__)
#define FAST_INIT_EVERY_OTHER(k)                                                                                   \
    k, k + 2, k + 4, k + 6, k + 8, k + 10, k + 12, k + 14, k + 16, k + 18, k + 20, k + 22, k + 24, k + 26, k + 28, \
        k + 30
#elif defined(__AVX2__)
#define FAST_INIT_EVERY_OTHER(k) k, k + 2, k + 4, k + 6, k + 8, k + 10, k + 12, k + 14
#else
#define FAST_INIT_EVERY_OTHER(k) k, k + 2, k + 4, k + 6
#endif

// The low halves of the lanes of a, then those of b.
FAST_INIT_INLINE U32 pack_low_halves(U64 a, U64 b) {
    return __builtin_shufflevector(U32(a), U32(b), FAST_INIT_EVERY_OTHER(0));
}

// Lane by lane, the low half of `low` below the low half of `high`.
FAST_INIT_INLINE U64 join_low_halves(U64 low, U64 high) { return (low & 0xffffffffu) | (high << 32); }

// Integers to the nearest float, ties to even; exact over the whole range of the type.
FAST_INIT_INLINE F32 to_float(I32 a) { return __builtin_convertvector(a, F32); }
FAST_INIT_INLINE F64 to_float(I64 a) {
#if defined(__AVX512DQ__) || defined(__aarch64__)
    return __builtin_convertvector(a, F64);
#else
    // Each half as the mantissa of a power of two (2^84 + 2^63 + high * 2^32, 2^52 + low), both exact;
    // the subtraction is exact too and the one addition rounds.
    const F64 high = F64((U64(a) >> 32) ^ 0x4530000080000000u) - 0x1.00000801p84;
    const F64 low = F64((U64(a) & 0xffffffffu) | 0x4330000000000000u);
    return high + low;
#endif
}

#if !defined(__FMA__) && !defined(__aarch64__)
// a * b + c rounded once, without the instruction. The product is exact in double; the sum is rounded
// to odd, after which rounding it to float is the single rounding (Boldo and Melquiond, 2008).
inline float software_fma(float a, float b, float c) {
    const double product = double(a) * double(b), sum = product + c;
    const double part = sum - product;
    const double error = (product - (sum - part)) + (c - part);
    std::int64_t bits, error_bits;
    std::memcpy(&bits, &sum, sizeof bits);
    std::memcpy(&error_bits, &error, sizeof error_bits);
    const std::int64_t make_odd = std::int64_t(error != 0) & ~bits;  // no branch: it would be a coin flip
    bits += (make_odd & 1) * (1 + 2 * ((bits ^ error_bits) >> 63));
    double odd;
    std::memcpy(&odd, &bits, sizeof odd);
    return float(odd);
}
// The C library's, which IEEE 754 leaves no choice of result.
inline double software_fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
#endif

// fma: a * b + c, rounded once. sqrt: correctly rounded. minimum: a < b ? a : b, maximum: a > b ? a : b.
#if defined(__AVX512F__)
FAST_INIT_INLINE F32 fma(F32 a, F32 b, F32 c) { return _mm512_fmadd_ps(a, b, c); }
FAST_INIT_INLINE F64 fma(F64 a, F64 b, F64 c) { return _mm512_fmadd_pd(a, b, c); }
FAST_INIT_INLINE F32 sqrt(F32 a) { return _mm512_sqrt_ps(a); }
FAST_INIT_INLINE F64 sqrt(F64 a) { return _mm512_sqrt_pd(a); }
FAST_INIT_INLINE F32 minimum(F32 a, F32 b) { return _mm512_min_ps(a, b); }
FAST_INIT_INLINE F64 minimum(F64 a, F64 b) { return _mm512_min_pd(a, b); }
FAST_INIT_INLINE F32 maximum(F32 a, F32 b) { return _mm512_max_ps(a, b); }
FAST_INIT_INLINE F64 maximum(F64 a, F64 b) { return _mm512_max_pd(a, b); }
#else
template <class V>
FAST_INIT_INLINE V minimum(V a, V b) {
    return a < b ? a : b;
}
template <class V>
FAST_INIT_INLINE V maximum(V a, V b) {
    return a > b ? a : b;
}
#if defined(__AVX2__)
FAST_INIT_INLINE F32 fma(F32 a, F32 b, F32 c) { return _mm256_fmadd_ps(a, b, c); }
FAST_INIT_INLINE F64 fma(F64 a, F64 b, F64 c) { return _mm256_fmadd_pd(a, b, c); }
FAST_INIT_INLINE F32 sqrt(F32 a) { return _mm256_sqrt_ps(a); }
FAST_INIT_INLINE F64 sqrt(F64 a) { return _mm256_sqrt_pd(a); }
#elif defined(__aarch64__)
FAST_INIT_INLINE F32 fma(F32 a, F32 b, F32 c) { return F32(vfmaq_f32(float32x4_t(c), float32x4_t(a), float32x4_t(b))); }
FAST_INIT_INLINE F64 fma(F64 a, F64 b, F64 c) { return F64(vfmaq_f64(float64x2_t(c), float64x2_t(a), float64x2_t(b))); }
FAST_INIT_INLINE F32 sqrt(F32 a) { return F32(vsqrtq_f32(float32x4_t(a))); }
FAST_INIT_INLINE F64 sqrt(F64 a) { return F64(vsqrtq_f64(float64x2_t(a))); }
#else
template <class V>
FAST_INIT_INLINE V fma(V a, V b, V c) {
    for (int i = 0; i < LANES<V>; ++i) a[i] = software_fma(a[i], b[i], c[i]);
    return a;
}
FAST_INIT_INLINE F32 sqrt(F32 a) { return _mm_sqrt_ps(a); }
FAST_INIT_INLINE F64 sqrt(F64 a) { return _mm_sqrt_pd(a); }
#endif
#endif

typedef std::uint16_t U16 __attribute__((vector_size(VECTOR_BYTES / 2)));

// The IEEE binary16 nearest to each lane, ties to even, subnormal and infinite results included.
FAST_INIT_INLINE U16 to_float16(F32 a) {
#if defined(__AVX512F__)
    return U16(_mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
#elif defined(__F16C__)
    return U16(_mm256_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
#else
    const U32 sign = U32(a) & 0x80000000u, x = U32(a) ^ sign;
    const U32 normal = (x - (112u << 23) + 0xfffu + ((x >> 13) & 1u)) >> 13;
    const U32 small = U32(F32(x) + 0.5f) - 0x3f000000u;  // 0.5 has the ulp of a binary16 subnormal
    const U32 finite = x < 0x38800000u ? small : normal;
    return __builtin_convertvector((x >= 0x47800000u ? splat<U32>(0x7c00u) : finite) | (sign >> 16), U16);
#endif
}

// The bfloat16s nearest to the lanes of a and then of b, ties to even; no lane is a NaN.
FAST_INIT_INLINE U32 to_bfloat16(F32 a, F32 b) {
    const auto rounded = [](U32 x) { return x + 0x7fffu + ((x >> 16) & 1u); };  // in the upper half
    using Halves = Vec<std::uint16_t>;
    const Halves x = Halves(rounded(U32(a))), y = Halves(rounded(U32(b)));
#if defined(__AVX512F__)
    return U32(__builtin_shufflevector(x, y, FAST_INIT_EVERY_OTHER(1), FAST_INIT_EVERY_OTHER(33)));
#elif defined(__AVX2__)
    return U32(__builtin_shufflevector(x, y, FAST_INIT_EVERY_OTHER(1), FAST_INIT_EVERY_OTHER(17)));
#else
    return U32(__builtin_shufflevector(x, y, FAST_INIT_EVERY_OTHER(1), FAST_INIT_EVERY_OTHER(9)));
#endif
}

FAST_INIT_INLINE void copy_line(char* to, const char* from) {
    for (int i = 0; i < 64; i += VECTOR_BYTES) store(to + i, load<U32>(from + i));
}

// Copies a cache line of 64 bytes to an address aligned to it, past the caches where the processor can;
// nontemporal_fence() orders such stores before the ones that follow.
FAST_INIT_INLINE void copy_line_nontemporal(char* to, const char* from) {
#if defined(__AVX512F__)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to), load<__m512i>(from));
#elif defined(__x86_64__)
    for (int i = 0; i < 4; ++i) _mm_stream_si128(reinterpret_cast<__m128i*>(to) + i, load<__m128i>(from + 16 * i));
#else
    std::memcpy(to, from, 64);
#endif
}
FAST_INIT_INLINE void nontemporal_fence() {
#if defined(__x86_64__)
    _mm_sfence();
#endif
}

// Whether any lane of a is below the bound.
FAST_INIT_INLINE bool any_below(F32 a, float bound) {
#if defined(__AVX512F__)
    return _mm512_cmp_ps_mask(a, _mm512_set1_ps(bound), _CMP_LT_OQ) != 0;
#elif defined(__AVX2__)
    return _mm256_movemask_ps(_mm256_cmp_ps(a, _mm256_set1_ps(bound), _CMP_LT_OQ)) != 0;
#elif defined(__x86_64__)
    return _mm_movemask_ps(_mm_cmplt_ps(a, _mm_set1_ps(bound))) != 0;
#elif defined(__aarch64__)
    return vminvq_f32(float32x4_t(a)) < bound;
#endif
}
FAST_INIT_INLINE bool any_below(F64 a, double bound) {
#if defined(__AVX512F__)
    return _mm512_cmp_pd_mask(a, _mm512_set1_pd(bound), _CMP_LT_OQ) != 0;
#elif defined(__AVX2__)
    return _mm256_movemask_pd(_mm256_cmp_pd(a, _mm256_set1_pd(bound), _CMP_LT_OQ)) != 0;
#elif defined(__x86_64__)
    return _mm_movemask_pd(_mm_cmplt_pd(a, _mm_set1_pd(bound))) != 0;
#elif defined(__aarch64__)
    return vminnmvq_f64(float64x2_t(a)) < bound;
#endif
}

}  // namespace fast_init::FAST_INIT_ISA
