#include "destination.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace fast_init {
namespace {

// A larger destination is written past the caches: what a server processor caches for one core complex.
// (The C library's figure for the last level may be that of the whole socket.)
constexpr std::size_t STREAM_BYTES = std::size_t(32) << 20;
constexpr std::size_t STAGE = 1 << 12;  // elements drawn at a time where they cannot go straight to the destination
constexpr std::size_t DIRECT_ROW = 1 << 10;  // a contiguous row of so many is drawn in place
constexpr std::size_t BLOCK_ROWS = 64, BLOCK_ROW_BYTES = 3072;
// A row's place in the stage: not a power of two, where the items of a column would meet in one cache set.
constexpr std::size_t BLOCK_PITCH = BLOCK_ROW_BYTES + 64;
constexpr std::size_t SHORT_ROW = 256;  // rows of a block are drawn one by one from so many elements on

std::size_t ceil_div(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

// to[i * to_stride] = from[i * from_stride], strides in bytes.
template <class Item>
void copy_items(const char* from, std::ptrdiff_t from_stride, char* to, std::ptrdiff_t to_stride, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, from += from_stride, to += to_stride) std::memcpy(to, from, sizeof(Item));
}

void copy(const char* from, std::ptrdiff_t from_stride, char* to, std::ptrdiff_t to_stride, std::size_t count,
          std::size_t item) {
    if (from_stride == std::ptrdiff_t(item) && to_stride == from_stride)
        std::memcpy(to, from, count * item);
    else if (item == 2)
        copy_items<std::uint16_t>(from, from_stride, to, to_stride, count);
    else if (item == 4)
        copy_items<std::uint32_t>(from, from_stride, to, to_stride, count);
    else
        copy_items<std::uint64_t>(from, from_stride, to, to_stride, count);
}

}  // namespace

Pieces::Pieces(const Draw& draw, Generate generate, Destination destination, std::size_t item, std::uint64_t first)
    : draw_(draw), generate_(generate), destination_(std::move(destination)), item_(item), first_(first) {
    for (const std::ptrdiff_t n : destination_.shape) elements_ *= std::size_t(n);
    stream_ = elements_ * item_ > STREAM_BYTES;
    count_ = ceil_div(elements_, PIECE);
    collapse();
    choose_blocks();
}

// Drops axes of one element and merges each axis into the one before where memory allows; what is left
// of a contiguous array is one axis.
void Pieces::collapse() {
    auto& [data, shape, strides] = destination_;
    std::size_t kept = 0;
    for (std::size_t k = 0; k < shape.size(); ++k) {
        if (shape[k] == 1) continue;
        if (kept > 0 && strides[kept - 1] == shape[k] * strides[k]) {
            shape[kept - 1] *= shape[k];
            strides[kept - 1] = strides[k];
        } else {
            shape[kept] = shape[k];
            strides[kept++] = strides[k];
        }
    }
    shape.resize(kept);
    strides.resize(kept);
    if (kept == 0) {
        shape.push_back(1);
        strides.push_back(std::ptrdiff_t(item_));
    }
}

void Pieces::choose_blocks() {
    const auto& strides = destination_.strides;
    const std::size_t last = axes() - 1;
    for (std::size_t k = 0; k < last; ++k)
        if (std::abs(strides[k]) < std::abs(strides[row_axis_])) row_axis_ = k;
    const bool rows_follow = row_axis_ + 1 == last;  // row after row has consecutive numbers
    if (last == 0 || std::abs(strides[row_axis_]) > std::abs(strides[last])) return;
    if (size(last) < SHORT_ROW && !rows_follow) return;
    blocked_ = true;
    block_columns_ = std::min(size(last), BLOCK_ROW_BYTES / item_);
    block_rows_ =
        rows_follow && size(last) < SHORT_ROW ? BLOCK_ROWS * BLOCK_ROW_BYTES / item_ / size(last) : BLOCK_ROWS;
    count_ = elements_ / size(row_axis_) / size(last) * ceil_div(size(row_axis_), block_rows_) *
             ceil_div(size(last), block_columns_);
}

void Pieces::fill(std::size_t piece) const {
    if (blocked_) return fill_block(piece);
    const std::size_t begin = piece * PIECE, count = std::min(PIECE, elements_ - begin);
    const std::size_t last = axes() - 1, row = size(last);
    if (destination_.strides[last] != std::ptrdiff_t(item_) || (row < DIRECT_ROW && last > 0))
        return fill_range(begin, count);
    for (std::size_t done = 0; done < count;) {
        const std::size_t n = std::min(count - done, row - (begin + done) % row);
        generate_(draw_, first_ + begin + done, n, address(begin + done), stream_);
        done += n;
    }
}

void Pieces::fill_range(std::size_t begin, std::size_t count) const {
    alignas(64) char stage[STAGE * 8];
    for (std::size_t done = 0; done < count; done += STAGE) {
        const std::size_t n = std::min(STAGE, count - done);
        generate_(draw_, first_ + begin + done, n, stage, false);
        scatter(stage, begin + done, n);
    }
}

char* Pieces::address(std::size_t element) const {
    char* at = destination_.data;
    for (std::size_t k = axes(); k-- > 0; element /= size(k))
        at += std::ptrdiff_t(element % size(k)) * destination_.strides[k];
    return at;
}

// Copies `count` items to the elements from number `begin` on.
void Pieces::scatter(const char* source, std::size_t begin, std::size_t count) const {
    const std::size_t last = axes() - 1, row = size(last);
    for (std::size_t done = 0; done < count;) {
        const std::size_t n = std::min(count - done, row - (begin + done) % row);
        copy(source + done * item_, std::ptrdiff_t(item_), address(begin + done), destination_.strides[last], n, item_);
        done += n;
    }
}

void Pieces::fill_block(std::size_t piece) const {
    const std::size_t last = axes() - 1;
    const std::size_t column = piece % ceil_div(size(last), block_columns_) * block_columns_;
    piece /= ceil_div(size(last), block_columns_);
    const std::size_t row = piece % ceil_div(size(row_axis_), block_rows_) * block_rows_;
    piece /= ceil_div(size(row_axis_), block_rows_);
    const std::size_t rows = std::min(block_rows_, size(row_axis_) - row);
    const std::size_t columns = std::min(block_columns_, size(last) - column);

    // The number of the block's element (0, 0), and from row to row; `piece` counts over the other axes.
    std::size_t number = column, step = 1, row_step = 0;
    for (std::size_t k = axes(); k-- > 0; step *= size(k)) {
        if (k == row_axis_) {
            row_step = step;
            number += row * step;
        } else if (k != last) {
            number += piece % size(k) * step;
            piece /= size(k);
        }
    }
    const bool whole_rows = row_step == columns;
    const std::size_t pitch = whole_rows ? columns * item_ : BLOCK_PITCH;
    static thread_local std::vector<char> stage(BLOCK_ROWS * BLOCK_PITCH);
    if (whole_rows)
        generate_(draw_, first_ + number, rows * columns, stage.data(), false);
    else
        for (std::size_t r = 0; r < rows; ++r)
            generate_(draw_, first_ + number + r * row_step, columns, stage.data() + r * pitch, false);
    char* to = address(number);
    for (std::size_t c = 0; c < columns; ++c, to += destination_.strides[last])
        store_column(stage.data() + c * item_, pitch, to, rows);
}

// Copies items `pitch` bytes apart to one column of a block, a few cache lines at a time: item by item
// they would fill the store queue.
void Pieces::store_column(const char* from, std::size_t pitch, char* to, std::size_t rows) const {
    const std::ptrdiff_t item = std::ptrdiff_t(item_), stride = destination_.strides[row_axis_];
    char lines[BLOCK_ROWS * 8];
    for (std::size_t r = 0; r < rows; r += BLOCK_ROWS) {
        const std::size_t n = std::min(BLOCK_ROWS, rows - r);
        copy(from + r * pitch, std::ptrdiff_t(pitch), lines, item, n, item_);
        copy(lines, item, to + std::ptrdiff_t(r) * stride, stride, n, item_);
    }
}

}  // namespace fast_init
