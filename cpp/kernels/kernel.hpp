// What the rest of the core knows of a kernel. Compiled once for all ISA levels: types only, no code.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fast_init {

enum Distribution { BITS, UNIFORM, NORMAL, TRUNCATED_CENTER, TRUNCATED_TAIL, DISTRIBUTIONS };
enum Dtype { UINT32, FLOAT32, FLOAT16, BFLOAT16, FLOAT64, DTYPES };

constexpr std::size_t ITEM_SIZE[DTYPES] = {4, 4, 2, 2, 8};

// What to draw. Parameters are rounded to the family's precision once, by the kernel.
struct Draw {
    std::uint64_t seed;
    std::uint64_t stream;
    double p0, p1;        // normal: mean, std; truncated: origin, scale; uniform: low, high; bits: unused
    const double* table;  // truncated: see truncated.hpp; the others: unused
};

// Coefficients of the two polynomials, near and far, in the table of a truncated normal.
constexpr int QUANTILE_TERMS_32[] = {10, 13}, QUANTILE_TERMS_64[] = {21, 32};

// Writes elements first .. first + count - 1 of the infinite array that `draw` names to out, which is
// aligned to its item; no byte outside is written. count may be 0. Called with the default
// floating-point environment. `stream`: by stores that pass the caches, for a destination beyond them.
using Generate = void (*)(const Draw& draw, std::uint64_t first, std::size_t count, void* out, bool stream);

// blocks[i] = Philox4x32(counters[i], key), each of four words; rounds in 0 .. 10; for the known-answer tests.
using PhiloxBlocks = void (*)(const std::uint32_t* counters, std::size_t count, const std::uint32_t* key, int rounds,
                              std::uint32_t* blocks);

// What one ISA level exports; generate is null where a distribution has no such dtype.
struct Kernels {
    Generate generate[DISTRIBUTIONS][DTYPES];
    PhiloxBlocks philox_blocks;
};

}  // namespace fast_init
