// Which axes of a destination are left, and where its elements are.
#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>

#include "fill/layout.hpp"

using namespace fast_init;

namespace {

Layout layout_of(char* data, std::initializer_list<std::ptrdiff_t> shape, std::initializer_list<std::ptrdiff_t> strides,
                 std::initializer_list<std::uint64_t> index_strides) {
    Destination destination{};
    destination.data = data;
    destination.axes = shape.size();
    destination.base_index = 1000;
    std::copy(shape.begin(), shape.end(), destination.shape);
    std::copy(strides.begin(), strides.end(), destination.strides);
    std::copy(index_strides.begin(), index_strides.end(), destination.index_strides);
    return Layout(destination, 4);
}

char memory[4096];

}  // namespace

TEST_CASE("a contiguous array is one axis") {
    const Layout layout = layout_of(memory, {2, 1, 3, 5}, {60, 4, 20, 4}, {15, 15, 5, 1});
    CHECK(layout.axes() == 1);
    CHECK(layout.elements() == 30);
    CHECK(layout.consecutive());
    CHECK(layout.address(29) == memory + 116);
    CHECK(layout.index(29) == 1029);
}

TEST_CASE("a scalar is one axis") {
    const Layout layout = layout_of(memory, {}, {}, {});
    CHECK(layout.axes() == 1);
    CHECK(layout.elements() == 1);
    CHECK(layout.index(0) == 1000);
}

TEST_CASE("a transposed array keeps its axes") {
    const Layout layout = layout_of(memory, {3, 5}, {4, 12}, {5, 1});
    CHECK(layout.axes() == 2);
    CHECK(layout.consecutive());
    CHECK(layout.address(7) == memory + 1 * 4 + 2 * 12);
    CHECK(layout.index(7) == 1007);
}

TEST_CASE("a block of a larger tensor keeps its rows apart") {
    const Layout layout = layout_of(memory, {3, 5}, {20, 4}, {100, 1});
    CHECK(layout.axes() == 2);
    CHECK(!layout.consecutive());
    CHECK(layout.index(7) == 1000 + 100 + 2);
}

TEST_CASE("where the last axis steps over elements, another of one element follows") {
    const Layout layout = layout_of(memory + 2048, {4, 1}, {-8, 4}, {7, 1});
    CHECK(layout.axes() == 2);
    CHECK(layout.size(1) == 1);
    CHECK(layout.index_stride(1) == 1);
    CHECK(layout.address(3) == memory + 2048 - 24);
    CHECK(layout.index(3) == 1021);
}
