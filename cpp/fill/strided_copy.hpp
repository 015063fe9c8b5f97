// Items from one line of memory to another, both with any stride.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace fast_init {

inline std::size_t ceil_div(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

// to[i * to_stride] = from[i * from_stride], strides in bytes.
template <class Item>
void copy_items(const char* from, std::ptrdiff_t from_stride, char* to, std::ptrdiff_t to_stride, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, from += from_stride, to += to_stride) std::memcpy(to, from, sizeof(Item));
}

// The same for items of 2, 4 or 8 bytes.
inline void strided_copy(const char* from, std::ptrdiff_t from_stride, char* to, std::ptrdiff_t to_stride,
                         std::size_t count, std::size_t item) {
    if (from_stride == std::ptrdiff_t(item) && to_stride == from_stride)
        std::memcpy(to, from, count * item);
    else if (item == 2)
        copy_items<std::uint16_t>(from, from_stride, to, to_stride, count);
    else if (item == 4)
        copy_items<std::uint32_t>(from, from_stride, to, to_stride, count);
    else
        copy_items<std::uint64_t>(from, from_stride, to, to_stride, count);
}

}  // namespace fast_init
