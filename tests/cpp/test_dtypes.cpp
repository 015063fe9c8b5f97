// Rounding to the dtypes, at their edges.
#include <doctest/doctest.h>

#include <limits>

#include "cpu/dtypes.hpp"

namespace level = fast_init::FAST_INIT_ISA;
using fast_init::Dtype;

namespace {

template <Dtype D>
std::uint16_t rounded(float x) {
    float tile[64];
    for (float& value : tile) value = x;
    level::round_tile<D>(reinterpret_cast<const char*>(tile), reinterpret_cast<char*>(tile));
    std::uint16_t values[64];
    std::memcpy(values, tile, sizeof values);
    for (const std::uint16_t value : values) CHECK(value == values[0]);
    return values[0];
}

}  // namespace

TEST_CASE("float16: nearest, ties to even, subnormal and infinite") {
    const auto f16 = rounded<Dtype::FLOAT16>;
    CHECK(f16(0.0f) == 0x0000);
    CHECK(f16(-0.0f) == 0x8000);
    CHECK(f16(1.0f) == 0x3c00);
    CHECK(f16(1 + 0x1p-11f) == 0x3c00);             // a tie, to even
    CHECK(f16(1 + 3 * 0x1p-11f) == 0x3c02);         // another
    CHECK(f16(1 + 0x1p-11f + 0x1p-23f) == 0x3c01);  // a hair above a tie
    CHECK(f16(-0x1p-14f) == 0x8400);                // the smallest normal number
    CHECK(f16(0x1p-14f - 0x1p-25f) == 0x0400);      // a tie between it and the largest subnormal
    CHECK(f16(0x1p-24f) == 0x0001);
    CHECK(f16(0x1p-25f) == 0x0000);
    CHECK(f16(0x1p-25f + 0x1p-48f) == 0x0001);
    CHECK(f16(65504.0f) == 0x7bff);
    CHECK(f16(65519.996f) == 0x7bff);
    CHECK(f16(-65520.0f) == 0xfc00);
    CHECK(f16(1e38f) == 0x7c00);
}

TEST_CASE("bfloat16: nearest, ties to even, subnormal and infinite") {
    const auto bf16 = rounded<Dtype::BFLOAT16>;
    CHECK(bf16(-0.0f) == 0x8000);
    CHECK(bf16(1.0f) == 0x3f80);
    CHECK(bf16(1 + 0x1p-8f) == 0x3f80);      // a tie, to even
    CHECK(bf16(1 + 3 * 0x1p-8f) == 0x3f82);  // another
    CHECK(bf16(1 + 0x1p-8f + 0x1p-23f) == 0x3f81);
    CHECK(bf16(0x1p-133f) == 0x0001);
    CHECK(bf16(-std::numeric_limits<float>::max()) == 0xff80);
    CHECK(bf16(std::numeric_limits<float>::infinity()) == 0x7f80);
}
