// The polynomials of Box-Muller and of -2 log, lowest degree first (docs/stream.md, "Coefficients"): minimax fits
// made by tools/fit_polynomials.py. They are part of the stream: a changed bit is another stream.
#pragma once

namespace fast_init {

// P(f) ~ -2 log(1 + f) / f on [-1/4, 1/2]; relative error of -2 log(u) below 2^-22.3.
// C(s) ~ cos(pi t), S(s) ~ sin(pi t) / t with s = t^2, t on [-1/2, 1/2]; absolute error below 2^-23.5.
constexpr float LOG_32[] = {-0x1.000000p+1f, 0x1.0000b8p+0f, -0x1.554ca6p-1f, 0x1.ff4b3cp-2f,
                            -0x1.9b9682p-2f, 0x1.65bd5ep-2f, -0x1.252ae0p-2f, 0x1.12ad58p-3f};
constexpr float COS_32[] = {0x1.fffffep-1f, -0x1.3bd3a6p+2f, 0x1.03bd06p+2f, -0x1.54f61ap+0f, 0x1.c1f066p-3f};
constexpr float SIN_32[] = {0x1.921fb4p+1f, -0x1.4abbb6p+2f, 0x1.46676ep+1f, -0x1.3232fap-1f, 0x1.3c4b2cp-4f};

// The same; errors below 2^-51.8 and 2^-52.8.
constexpr double LOG_64[] = {-0x1.ffffffffffffep+0, 0x1.000000000004ep+0, -0x1.555555555746ep-1, 0x1.ffffffffb7d9cp-2,
                             -0x1.99999996d4f78p-2, 0x1.5555557d1c25dp-2, -0x1.24924a2110498p-2, 0x1.ffffeeb75ab41p-3,
                             -0x1.c71c06a6daf9cp-3, 0x1.999b4550844dbp-3, -0x1.746a43b992b6fp-3, 0x1.5549dae10d630p-3,
                             -0x1.3a34e55c63f34p-3, 0x1.238ef3205bf1fp-3, -0x1.176c6a2889af3p-3, 0x1.1389b1dcd1d05p-3,
                             -0x1.e6d22a43b85dbp-4, 0x1.2b44a1b85702fp-4, -0x1.5ea820b3e1c71p-6};
constexpr double COS_64[] = {0x1.0000000000000p+0,  -0x1.3bd3cc9be45dbp+2,  0x1.03c1f081b5993p+2,
                             -0x1.55d3c7e3bfc44p+0, 0x1.e1f506813c9e8p-3,   -0x1.a6d1efc968f72p-6,
                             0x1.f9d2548909238p-10, -0x1.b69582d95d19bp-14, 0x1.1679714d1cbe7p-18};
constexpr double SIN_64[] = {0x1.921fb54442d18p+1,  -0x1.4abbce625be51p+2,  0x1.466bc6775a9f7p+1,
                             -0x1.32d2cce624837p-1, 0x1.50783483f4d75p-4,   -0x1.e3074d5629792p-8,
                             0x1.e8f33b010ce61p-12, -0x1.6f74775530001p-16, 0x1.9c8745c034acap-21};

constexpr double MINUS_2_LOG_2 = -0x1.62e42fefa39efp+0;  // rounded to the family

}  // namespace fast_init
