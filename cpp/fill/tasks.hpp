// One fill, cut into tasks that a thread runs one at a time.
#pragma once

#include "cpu/kernel.hpp"
#include "fill/layout.hpp"
#include "fill/transposition.hpp"

namespace fast_init {

// Two threads may run different tasks at the same time. The parameters of the Draw stay where they are until then.
class Tasks {
  public:
    static constexpr std::size_t TASK = 1 << 16;  // elements, about: some 20 us

    // The destination has elements, each of `item` bytes.
    Tasks(const Draw& draw, Generate generate, const Destination& destination, std::size_t item);

    std::size_t count() const { return count_; }
    std::size_t elements() const { return layout_.elements(); }
    void run(std::size_t task) const;

  private:
    void draw_in_place(std::size_t begin, std::size_t count) const;
    void draw_contiguous(std::size_t begin, std::size_t count, char* out) const;
    void scatter(const char* source, std::size_t begin, std::size_t count) const;

    Draw draw_;
    Generate generate_;
    Layout layout_;
    Blocks blocks_;
    std::size_t count_;
    bool nontemporal_;
};

}  // namespace fast_init
