// The path of destinations whose memory runs along an axis before the last, such as a transposed array.
#pragma once

#include "cpu/kernel.hpp"
#include "fill/layout.hpp"

namespace fast_init {

// A destination cut into blocks of rows by columns: rows lie along the axis that memory runs along, columns along the
// last. A block is drawn row by row to a buffer and stored column by column.
class Blocks {
  public:
    // Chooses the axis and the size of a block; none where another path is faster.
    explicit Blocks(const Layout& layout);

    std::size_t count() const { return count_; }
    // Two threads may fill different blocks at the same time. The layout is the constructor's.
    void fill(const Layout& layout, const Draw& draw, Generate generate, std::size_t block) const;

  private:
    // Where a block lies.
    struct Block {
        std::size_t element;   // its first, in row-major order
        std::size_t row_step;  // elements from row to row, in row-major order
        std::size_t rows, columns;
    };
    Block place(const Layout& layout, std::size_t block) const;
    void store_columns(const Layout& layout, const char* from, std::size_t pitch, char* to, std::size_t rows,
                       std::size_t columns) const;

    std::size_t row_axis_ = 0, rows_ = 0, columns_ = 0, count_ = 0;
};

}  // namespace fast_init
