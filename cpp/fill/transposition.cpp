#include "fill/transposition.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "fill/strided_copy.hpp"

namespace fast_init {
namespace {

constexpr std::size_t BLOCK_ROWS = 64, BLOCK_ROW_BYTES = 3072;
// A row's place in the buffer: not a power of two, where the items of a column would meet in one cache set.
constexpr std::size_t BLOCK_PITCH = BLOCK_ROW_BYTES + 64;
constexpr std::size_t COLUMNS = 4;        // of a block, stored together
constexpr std::size_t SMALL_BLOCK = 512;  // elements; smaller ones cost more to draw one by one than to scatter
constexpr std::size_t SHORT_ROW = 256;    // rows of a block are drawn one by one from so many elements on

// A square of COLUMNS by COLUMNS items, its rows `pitch` bytes apart, to one whose rows are its columns.
template <class Item>
void transpose(const char* from, std::size_t pitch, char* to, std::size_t to_pitch) {
    static_assert(COLUMNS == 4);
    typedef Item Row __attribute__((vector_size(4 * sizeof(Item))));
    Row r[4];
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(&r[i], from + i * pitch, sizeof(Row));
    const Row low01 = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5),
              high01 = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
    const Row low23 = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5),
              high23 = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
    r[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
    r[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
    r[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
    r[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(to + i * to_pitch, &r[i], sizeof(Row));
}

}  // namespace

Blocks::Blocks(const Layout& layout) {
    const std::size_t last = layout.last(), row_bytes = layout.size(last) * layout.item();
    for (std::size_t k = 0; k < last; ++k)
        if (std::abs(layout.stride(k)) < std::abs(layout.stride(row_axis_))) row_axis_ = k;
    if (last == 0 || std::abs(layout.stride(row_axis_)) > std::abs(layout.stride(last))) return;
    const std::size_t all_rows = layout.size(row_axis_), all_columns = layout.size(last);
    const bool short_rows = all_columns < SHORT_ROW;
    if (short_rows && layout.index_stride(row_axis_) != all_columns) return;  // rows must have consecutive indices
    if (all_rows * all_columns < SMALL_BLOCK) return;
    columns_ = std::min(all_columns, BLOCK_ROW_BYTES / layout.item());
    rows_ = short_rows ? BLOCK_ROWS * BLOCK_ROW_BYTES / row_bytes : BLOCK_ROWS;
    count_ = layout.elements() / all_rows / all_columns * ceil_div(all_rows, rows_) * ceil_div(all_columns, columns_);
}

// Blocks count over the other axes, then rows, then columns, the last fastest.
Blocks::Block Blocks::place(const Layout& layout, std::size_t block) const {
    const std::size_t last = layout.last(), all_rows = layout.size(row_axis_), all_columns = layout.size(last);
    const std::size_t column = block % ceil_div(all_columns, columns_) * columns_;
    block /= ceil_div(all_columns, columns_);
    const std::size_t row = block % ceil_div(all_rows, rows_) * rows_;
    block /= ceil_div(all_rows, rows_);
    std::size_t element = column, step = 1, row_step = 0;
    for (std::size_t k = layout.axes(); k-- > 0; step *= layout.size(k)) {
        if (k == row_axis_) {
            row_step = step;
            element += row * step;
        } else if (k != last) {
            element += block % layout.size(k) * step;
            block /= layout.size(k);
        }
    }
    return {element, row_step, std::min(rows_, all_rows - row), std::min(columns_, all_columns - column)};
}

void Blocks::fill(const Layout& layout, const Draw& draw, Generate generate, std::size_t block) const {
    const auto [element, row_step, rows, columns] = place(layout, block);
    const std::uint64_t index_pitch = layout.index_stride(row_axis_);
    const bool whole_rows = index_pitch == columns;  // then all are one
    const std::size_t pitch = whole_rows ? columns * layout.item() : BLOCK_PITCH, calls = whole_rows ? 1 : rows;
    static thread_local std::vector<char> buffer(BLOCK_ROWS * BLOCK_PITCH);
    generate(draw, {layout.index(element), index_pitch, calls, rows / calls * columns, buffer.data(),
                    std::ptrdiff_t(pitch), false});
    for (std::size_t c = 0; c < columns; c += COLUMNS)
        for (std::size_t r = 0; r < rows; r += BLOCK_ROWS)
            store_columns(layout, buffer.data() + r * pitch + c * layout.item(), pitch,
                          layout.address(element + r * row_step + c), std::min(BLOCK_ROWS, rows - r),
                          std::min(COLUMNS, columns - c));
}

// Copies `columns` (at most COLUMNS) columns of `rows` (at most BLOCK_ROWS) items of the buffer to their places. They
// gather in lines first: stored item by item they would fill the store queue.
void Blocks::store_columns(const Layout& layout, const char* from, std::size_t pitch, char* to, std::size_t rows,
                           std::size_t columns) const {
    const std::size_t item = layout.item();
    const std::ptrdiff_t stride = std::ptrdiff_t(item), column_stride = layout.stride(layout.last());
    char lines[COLUMNS][BLOCK_ROWS * 8];
    std::size_t r = 0;
    if (columns == COLUMNS)
        for (; r + COLUMNS <= rows; r += COLUMNS) {
            if (item == 2) transpose<std::uint16_t>(from + r * pitch, pitch, lines[0] + r * item, sizeof lines[0]);
            if (item == 4) transpose<std::uint32_t>(from + r * pitch, pitch, lines[0] + r * item, sizeof lines[0]);
            if (item == 8) transpose<std::uint64_t>(from + r * pitch, pitch, lines[0] + r * item, sizeof lines[0]);
        }
    for (std::size_t c = 0; c < columns; ++c) {
        strided_copy(from + r * pitch + c * item, std::ptrdiff_t(pitch), lines[c] + r * item, stride, rows - r, item);
        strided_copy(lines[c], stride, to + std::ptrdiff_t(c) * column_stride, layout.stride(row_axis_), rows, item);
    }
}

}  // namespace fast_init
