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

// Where rows of elements go: element first + r * step + c of the infinite array that a Draw names to
// out + r * pitch + c * item size, for r < rows and c < columns; both may be 0. `stream`: by stores that pass the
// caches, for a destination beyond them.
struct Rows {
    std::uint64_t first, step;
    std::size_t rows, columns;
    char* out;  // aligned to its item, as is the pitch, in bytes
    std::ptrdiff_t pitch;
    bool stream;
};

// Writes them, and no byte between or beyond. Called with the default floating-point environment.
using Generate = void (*)(const Draw& draw, const Rows& rows);

// blocks[i] = Philox4x32(counters[i], key), each of four words; rounds in 0 .. 10; for the known-answer tests.
using PhiloxBlocks = void (*)(const std::uint32_t* counters, std::size_t count, const std::uint32_t* key, int rounds,
                              std::uint32_t* blocks);

// What one ISA level exports; generate is null where a distribution has no such dtype.
struct Kernels {
    Generate generate[DISTRIBUTIONS][DTYPES];
    PhiloxBlocks philox_blocks;
};

}  // namespace fast_init
