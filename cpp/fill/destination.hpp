// Where a fill writes, and which elements of the Draw go there.
//
// In this folder an index of an element in the whole tensor, which may be larger than memory, is a std::uint64_t; an
// element's place in the destination's own row-major order, and every size in memory, is a std::size_t.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fast_init {

// A strided block of memory; the element at (k0, k1, ...) has the index
// base_index + k0 * index_strides[0] + k1 * index_strides[1] + ... No two elements overlap and each is aligned to its
// item size (the caller has checked). The whole of an array, or a block of a larger one: the index strides are the
// row-major ones of that.
struct Destination {
    static constexpr std::size_t MAX_AXES = 64;  // NumPy's

    char* data;
    std::size_t axes;
    std::ptrdiff_t shape[MAX_AXES];
    std::ptrdiff_t strides[MAX_AXES];  // bytes
    std::uint64_t index_strides[MAX_AXES];
    std::uint64_t base_index;
};

}  // namespace fast_init
