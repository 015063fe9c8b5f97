// The layout of a distribution's parameters: the doubles of a Draw are one of these structs, which Python passes as a
// tuple of floats in the order of the fields; `bits` has none. The kernel rounds each to the family's precision once.
#pragma once

#include <cstddef>

namespace fast_init {

// fma(z, std, mean)
struct NormalParameters {
    double mean, std;
};

// fma(u, high - low, low), u in [0, 1), clamped to [lowest, highest].
struct UniformParameters {
    double low, high, lowest, highest;
};

// P or Q of x = fma(h, slope, shift), lowest degree first.
template <int TERMS>
struct QuantilePolynomial {
    double slope, shift, coefficients[TERMS];
};

// fma(z, scale, origin), clamped to [lowest, highest], of both kinds. docs/stream.md, "truncated_normal", defines the
// fields; low_end and high_end are what it calls low and high. The tail leaves low_end and middle unused, and where
// split is 0 `far` is.
template <int NEAR_TERMS, int FAR_TERMS>
struct TruncatedParameters {
    double origin, scale, lowest, highest, step, low_end, high_end, middle, split;
    QuantilePolynomial<NEAR_TERMS> near;  // P, where v >= split
    QuantilePolynomial<FAR_TERMS> far;    // Q, where v < split
};

// Coefficients of P and of Q.
constexpr int QUANTILE_TERMS_32[] = {10, 13}, QUANTILE_TERMS_64[] = {21, 32};

using TruncatedParameters32 = TruncatedParameters<QUANTILE_TERMS_32[0], QUANTILE_TERMS_32[1]>;
using TruncatedParameters64 = TruncatedParameters<QUANTILE_TERMS_64[0], QUANTILE_TERMS_64[1]>;

// Doubles of a layout.
template <class Parameters>
constexpr std::size_t COUNT_OF = sizeof(Parameters) / sizeof(double);

}  // namespace fast_init
