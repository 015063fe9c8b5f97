#include "fill/destination.hpp"

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
constexpr std::size_t COLUMNS = 4;        // of a block, stored together
constexpr std::size_t SMALL_BLOCK = 512;  // elements; smaller ones cost more to draw one by one than to scatter
constexpr std::size_t SHORT_ROW = 256;    // rows of a block are drawn one by one from so many elements on

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

Pieces::Pieces(const Draw& draw, Generate generate, const Destination& destination, std::size_t item)
    : draw_(draw), generate_(generate), item_(item) {
    collapse(destination);
    for (std::size_t k = 0; k < axes(); ++k) elements_ *= size(k);
    stream_ = elements_ * item_ > STREAM_BYTES;
    count_ = ceil_div(elements_, PIECE);
    choose_blocks();
}

// Takes over all but axes of one element, each merged into the one before where memory and numbers allow; what is
// left of a contiguous array is one axis. The last has step 1.
void Pieces::collapse(const Destination& from) {
    auto& [data, axes, shape, strides, steps, first] = destination_;
    data = from.data;
    first = from.first;
    axes = 0;
    for (std::size_t k = 0; k < from.axes; ++k) {
        if (from.shape[k] == 1) continue;
        const bool memory_allows = axes > 0 && strides[axes - 1] == from.shape[k] * from.strides[k];
        if (memory_allows && steps[axes - 1] == std::uint64_t(from.shape[k]) * from.steps[k]) {
            shape[axes - 1] *= from.shape[k];
        } else {
            shape[axes++] = from.shape[k];
        }
        strides[axes - 1] = from.strides[k];
        steps[axes - 1] = from.steps[k];
    }
    if (axes == 0 || steps[axes - 1] != 1) {
        shape[axes] = 1;
        strides[axes] = std::ptrdiff_t(item_);
        steps[axes++] = 1;
    }
    consecutive_ = true;
    for (std::size_t k = 1; k < axes; ++k)
        consecutive_ = consecutive_ && steps[k - 1] == std::uint64_t(shape[k]) * steps[k];
}

void Pieces::choose_blocks() {
    const auto& strides = destination_.strides;
    const std::size_t last = axes() - 1;
    for (std::size_t k = 0; k < last; ++k)
        if (std::abs(strides[k]) < std::abs(strides[row_axis_])) row_axis_ = k;
    const bool rows_follow = last > 0 && destination_.steps[row_axis_] == size(last);  // numbered one after another
    if (last == 0 || std::abs(strides[row_axis_]) > std::abs(strides[last])) return;
    if (size(last) < SHORT_ROW && !rows_follow) return;
    if (size(row_axis_) * size(last) < SMALL_BLOCK) return;
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
    const bool in_place = destination_.strides[last] == std::ptrdiff_t(item_);
    if (in_place && (!consecutive_ || row >= DIRECT_ROW || last == 0)) return fill_rows(begin, count);
    alignas(64) char stage[STAGE * 8];
    for (std::size_t done = 0; done < count; done += STAGE) {
        const std::size_t n = std::min(STAGE, count - done);
        draw(begin + done, n, stage);
        scatter(stage, begin + done, n);
    }
}

// Rows are contiguous in memory: draws them there.
void Pieces::fill_rows(std::size_t begin, std::size_t count) const {
    const std::size_t last = axes() - 1, row = size(last), above = last > 0 ? last - 1 : 0;
    for (std::size_t done = 0; done < count;) {
        const std::size_t at = begin + done, column = at % row;
        std::size_t rows = 1, columns = std::min(count - done, row - column);
        if (last > 0 && columns == row) rows = std::min((count - done) / row, size(above) - at / row % size(above));
        generate_(draw_, {number(at), destination_.steps[above], rows, columns, address(at),
                          destination_.strides[above], stream_});
        done += rows * columns;
    }
}

// Draws the elements `begin`, begin + 1, ... in row-major order to contiguous memory.
void Pieces::draw(std::size_t begin, std::size_t count, char* out) const {
    const std::size_t row = consecutive_ ? elements_ : size(axes() - 1);
    for (std::size_t done = 0; done < count;) {
        const std::size_t n = std::min(count - done, row - (begin + done) % row);
        generate_(draw_, {number(begin + done), 0, 1, n, out + done * item_, 0, false});
        done += n;
    }
}

char* Pieces::address(std::size_t element) const {
    char* at = destination_.data;
    for (std::size_t k = axes(); k-- > 0; element /= size(k))
        at += std::ptrdiff_t(element % size(k)) * destination_.strides[k];
    return at;
}

std::uint64_t Pieces::number(std::size_t element) const {
    std::uint64_t number = destination_.first;
    for (std::size_t k = axes(); k-- > 0; element /= size(k)) number += element % size(k) * destination_.steps[k];
    return number;
}

// Copies `count` items to the elements from `begin` on, in row-major order.
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

    // The block's element (0, 0), and from row to row; `piece` counts over the other axes.
    std::size_t element = column, step = 1, row_step = 0;
    for (std::size_t k = axes(); k-- > 0; step *= size(k)) {
        if (k == row_axis_) {
            row_step = step;
            element += row * step;
        } else if (k != last) {
            element += piece % size(k) * step;
            piece /= size(k);
        }
    }
    const std::uint64_t number_step = destination_.steps[row_axis_];
    const bool whole_rows = number_step == columns;
    const std::size_t pitch = whole_rows ? columns * item_ : BLOCK_PITCH;
    static thread_local std::vector<char> stage(BLOCK_ROWS * BLOCK_PITCH);
    const std::size_t calls = whole_rows ? 1 : rows;
    generate_(draw_, {number(element), number_step, calls, rows / calls * columns, stage.data(), std::ptrdiff_t(pitch),
                      false});
    for (std::size_t c = 0; c < columns; c += COLUMNS)
        for (std::size_t r = 0; r < rows; r += BLOCK_ROWS)
            store_columns(stage.data() + r * pitch + c * item_, pitch, address(element + r * row_step + c),
                          std::min(BLOCK_ROWS, rows - r), std::min(COLUMNS, columns - c));
}

// Copies `columns` (at most COLUMNS) columns of `rows` (at most BLOCK_ROWS) staged items to their places. They
// gather in lines first: stored item by item they would fill the store queue.
void Pieces::store_columns(const char* from, std::size_t pitch, char* to, std::size_t rows, std::size_t columns) const {
    const std::ptrdiff_t item = std::ptrdiff_t(item_);
    const auto& strides = destination_.strides;
    char lines[COLUMNS][BLOCK_ROWS * 8];
    std::size_t r = 0;
    if (columns == COLUMNS)
        for (; r + COLUMNS <= rows; r += COLUMNS) {
            if (item == 2) transpose<std::uint16_t>(from + r * pitch, pitch, lines[0] + r * item_, sizeof lines[0]);
            if (item == 4) transpose<std::uint32_t>(from + r * pitch, pitch, lines[0] + r * item_, sizeof lines[0]);
            if (item == 8) transpose<std::uint64_t>(from + r * pitch, pitch, lines[0] + r * item_, sizeof lines[0]);
        }
    for (std::size_t c = 0; c < columns; ++c) {
        copy(from + r * pitch + c * item_, std::ptrdiff_t(pitch), lines[c] + r * item_, item, rows - r, item_);
        copy(lines[c], item, to + std::ptrdiff_t(c) * strides[axes() - 1], strides[row_axis_], rows, item_);
    }
}

}  // namespace fast_init
