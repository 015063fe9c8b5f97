// A strided destination, cut into pieces that a thread fills one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include "cpu/kernel.hpp"

namespace fast_init {

// A strided block of memory, and which elements of a Draw it holds: the element at (k0, k1, ...) is number
// first + k0 * steps[0] + k1 * steps[1] + ... No two elements overlap and each is aligned to its item size (the
// caller has checked). The whole of an array, or a block of a larger one: steps are the row-major ones of that.
struct Destination {
    static constexpr std::size_t MAX_AXES = 64;  // NumPy's

    char* data;
    std::size_t axes;
    std::ptrdiff_t shape[MAX_AXES];
    std::ptrdiff_t strides[MAX_AXES];  // bytes
    std::uint64_t steps[MAX_AXES];
    std::uint64_t first;
};

// The pieces of one fill. Two threads may fill different pieces at the same time.
class Pieces {
  public:
    static constexpr std::size_t PIECE = 1 << 16;  // elements, about: some 20 us

    // The destination has elements.
    Pieces(const Draw& draw, Generate generate, const Destination& destination, std::size_t item);

    std::size_t count() const { return count_; }
    std::size_t elements() const { return elements_; }
    void fill(std::size_t piece) const;

  private:
    void collapse(const Destination& destination);
    void choose_blocks();
    void fill_rows(std::size_t begin, std::size_t count) const;
    void fill_block(std::size_t piece) const;
    void draw(std::uint64_t first, std::size_t count, char* out) const;
    void store_columns(const char* from, std::size_t pitch, char* to, std::size_t rows, std::size_t columns) const;
    char* address(std::size_t element) const;
    std::uint64_t number(std::size_t element) const;
    void scatter(const char* source, std::size_t begin, std::size_t count) const;

    std::size_t axes() const { return destination_.axes; }
    std::size_t size(std::size_t axis) const { return std::size_t(destination_.shape[axis]); }

    Draw draw_;
    Generate generate_;
    Destination destination_;  // collapsed: at least one axis
    std::size_t item_;
    std::size_t elements_ = 1;
    std::size_t count_;
    bool stream_;
    bool consecutive_;  // the elements, in row-major order, are numbered one by one

    // Where memory runs along an axis before the last (a transposed array), blocks of block_rows_ by
    // block_columns_ elements of that axis and the last are drawn row by row and stored column by column.
    bool blocked_ = false;
    std::size_t row_axis_ = 0, block_rows_ = 0, block_columns_ = 0;
};

}  // namespace fast_init
