#include "fill/tasks.hpp"

#include <algorithm>

#include "fill/strided_copy.hpp"

namespace fast_init {
namespace {

// A larger destination is written past the caches: what a server processor caches for one core complex.
// (The C library's figure for the last level may be that of the whole socket.)
constexpr std::size_t NONTEMPORAL_BYTES = std::size_t(32) << 20;
constexpr std::size_t STAGE = 1 << 12;  // elements drawn at a time where they cannot go straight to the destination
constexpr std::size_t DIRECT_ROW = 1 << 10;  // a contiguous row of so many is drawn in place

}  // namespace

Tasks::Tasks(const Draw& draw, Generate generate, const Destination& destination, std::size_t item)
    : draw_(draw),
      generate_(generate),
      layout_(destination, item),
      blocks_(layout_),
      count_(blocks_.count() > 0 ? blocks_.count() : ceil_div(layout_.elements(), TASK)),
      nontemporal_(layout_.elements() * item > NONTEMPORAL_BYTES) {}

void Tasks::run(std::size_t task) const {
    if (blocks_.count() > 0) return blocks_.fill(layout_, draw_, generate_, task);
    const std::size_t begin = task * TASK, count = std::min(TASK, elements() - begin);
    const std::size_t last = layout_.last();
    const bool rows_are_contiguous = layout_.stride(last) == std::ptrdiff_t(layout_.item());
    if (rows_are_contiguous && (!layout_.consecutive() || layout_.size(last) >= DIRECT_ROW || last == 0))
        return draw_in_place(begin, count);
    alignas(64) char stage[STAGE * 8];
    for (std::size_t done = 0; done < count; done += STAGE) {
        const std::size_t n = std::min(STAGE, count - done);
        draw_contiguous(begin + done, n, stage);
        scatter(stage, begin + done, n);
    }
}

// Draws the elements begin, begin + 1, ... in row-major order where they belong; rows are contiguous in memory.
void Tasks::draw_in_place(std::size_t begin, std::size_t count) const {
    const std::size_t last = layout_.last(), row = layout_.size(last), above = last > 0 ? last - 1 : 0;
    for (std::size_t done = 0; done < count;) {
        const std::size_t at = begin + done, column = at % row;
        std::size_t rows = 1, columns = std::min(count - done, row - column);
        if (last > 0 && columns == row)
            rows = std::min((count - done) / row, layout_.size(above) - at / row % layout_.size(above));
        generate_(draw_, {layout_.index(at), layout_.index_stride(above), rows, columns, layout_.address(at),
                          layout_.stride(above), nontemporal_});
        done += rows * columns;
    }
}

// Draws them to contiguous memory.
void Tasks::draw_contiguous(std::size_t begin, std::size_t count, char* out) const {
    const std::size_t row = layout_.consecutive() ? elements() : layout_.size(layout_.last());
    for (std::size_t done = 0; done < count;) {
        const std::size_t n = std::min(count - done, row - (begin + done) % row);
        generate_(draw_, {layout_.index(begin + done), 0, 1, n, out + done * layout_.item(), 0, false});
        done += n;
    }
}

// Copies them from contiguous memory to where they belong.
void Tasks::scatter(const char* source, std::size_t begin, std::size_t count) const {
    const std::size_t last = layout_.last(), row = layout_.size(last), item = layout_.item();
    for (std::size_t done = 0; done < count;) {
        const std::size_t n = std::min(count - done, row - (begin + done) % row);
        strided_copy(source + done * item, std::ptrdiff_t(item), layout_.address(begin + done), layout_.stride(last), n,
                     item);
        done += n;
    }
}

}  // namespace fast_init
