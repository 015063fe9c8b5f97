// A destination with as few axes as describe it, and the arithmetic of its addresses and indices.
#pragma once

#include "fill/destination.hpp"

namespace fast_init {

class Layout {
  public:
    // The destination has elements. `item` is the size of one in bytes.
    Layout(const Destination& destination, std::size_t item);

    std::size_t axes() const { return at_.axes; }  // at least one
    std::size_t last() const { return at_.axes - 1; }
    std::size_t size(std::size_t axis) const { return std::size_t(at_.shape[axis]); }
    std::ptrdiff_t stride(std::size_t axis) const { return at_.strides[axis]; }             // bytes
    std::uint64_t index_stride(std::size_t axis) const { return at_.index_strides[axis]; }  // 1 of the last
    std::size_t item() const { return item_; }
    std::size_t elements() const { return elements_; }
    // Whether the elements, in row-major order, have consecutive indices.
    bool consecutive() const { return consecutive_; }

    // Of an element by its place in row-major order.
    char* address(std::size_t element) const;
    std::uint64_t index(std::size_t element) const;

  private:
    void collapse(const Destination& from);

    Destination at_;
    std::size_t item_, elements_ = 1;
    bool consecutive_ = true;
};

}  // namespace fast_init
