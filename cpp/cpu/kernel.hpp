// What the rest of the core knows of a kernel. Compiled once for all ISA levels: types only, no code.
#pragma once

#include <cstddef>
#include <cstdint>

#include "stream/codes.hpp"

namespace fast_init {

// What to draw: an infinite array of elements.
struct Draw {
    std::uint64_t key;
    std::uint64_t stream;      // its id
    const double* parameters;  // of the distribution: stream/parameters.hpp
};

// Where rows of elements go: element base_index + r * index_pitch + c of the Draw to out + r * pitch + c * item size,
// for r < rows and c < columns; both may be 0. `nontemporal`: by stores that pass the caches, for a destination beyond
// them.
struct Rows {
    std::uint64_t base_index, index_pitch;
    std::size_t rows, columns;
    char* out;  // aligned to its item, as is the pitch, in bytes
    std::ptrdiff_t pitch;
    bool nontemporal;
};

// Writes them, and no byte between or beyond. Called with the default floating-point environment.
using Generate = void (*)(const Draw& draw, const Rows& rows);

// blocks[i] = Philox4x32(counters[i], key), each of four words; rounds in 0 .. 10; for the known-answer tests.
using PhiloxBlocks = void (*)(const std::uint32_t* counters, std::size_t count, const std::uint32_t* key, int rounds,
                              std::uint32_t* blocks);

// What one ISA level exports, by the codes; generate is null where a distribution has no such dtype.
struct Kernels {
    Generate generate[DISTRIBUTIONS][DTYPES];
    PhiloxBlocks philox_blocks;
};

}  // namespace fast_init
