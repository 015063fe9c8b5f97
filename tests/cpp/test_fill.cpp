// A fill of any destination gives every element the value of its index, and writes nothing else.
#include <doctest/doctest.h>

#include "fill/fill.hpp"
#include "support.hpp"

using namespace fast_init;
using namespace fast_init::tests;

namespace {

bool never() { return false; }

// A destination, in items: strides from axis to axis, and those of the indices.
struct Place {
    const char* what;
    std::vector<std::ptrdiff_t> shape, strides;
    std::vector<std::uint64_t> index_strides;
};

const Place PLACES[] = {
    {"contiguous", {3, 1021}, {1021, 1}, {1021, 1}},
    {"more than a task", {200'003}, {1}, {1}},
    {"transposed", {301, 517}, {1, 301}, {517, 1}},
    {"transposed, more than a task", {1030, 211}, {1, 1030}, {211, 1}},
    {"transposed, short rows", {1001, 24}, {1, 1001}, {24, 1}},
    {"transposed, small", {9, 7}, {1, 9}, {7, 1}},
    {"transposed in three axes", {5, 70, 90}, {1, 450, 5}, {6300, 90, 1}},
    {"transposed within a stack", {3, 270, 300}, {81'000, 1, 270}, {81'000, 300, 1}},
    {"transposed, a block of a larger tensor", {65, 300}, {1, 65}, {1000, 1}},
    {"transposed with gaps", {130, 260}, {2, 300}, {260, 1}},
    {"every third item", {5003}, {3}, {1}},
    {"long rows with gaps", {5, 2000}, {2010, 1}, {2000, 1}},
    {"short rows with gaps", {400, 30}, {33, 1}, {30, 1}},
    {"a block of a larger tensor", {40, 50}, {50, 1}, {777, 1}},
    {"a column of a larger tensor", {4000, 1}, {1, 1}, {777, 1}},
};

// Axes whose steps in memory are reversed: the destination then begins at their ends.
Destination destination_of(const Place& place, char* begin, std::size_t item, bool reversed) {
    Destination destination{};
    destination.data = begin;
    destination.axes = place.shape.size();
    destination.base_index = 12'345;
    for (std::size_t k = 0; k < destination.axes; ++k) {
        const std::ptrdiff_t stride = place.strides[k] * std::ptrdiff_t(item);
        destination.shape[k] = place.shape[k];
        destination.strides[k] = reversed ? -stride : stride;
        destination.index_strides[k] = place.index_strides[k];
        if (reversed) destination.data += stride * (place.shape[k] - 1);
    }
    return destination;
}

std::size_t reach(const Place& place) {
    std::ptrdiff_t last = 0;
    for (std::size_t k = 0; k < place.shape.size(); ++k) last += place.strides[k] * (place.shape[k] - 1);
    return std::size_t(last) + 1;
}

// What the memory must hold: each element drawn by its index from one long row.
std::string expected(const Case& c, const Destination& destination, const char* begin, std::size_t bytes) {
    std::uint64_t largest = 0;
    std::size_t elements = 1;
    for (std::size_t k = 0; k < destination.axes; ++k) {
        largest += destination.index_strides[k] * std::uint64_t(destination.shape[k] - 1);
        elements *= std::size_t(destination.shape[k]);
    }
    std::vector<char> row((largest + 1) * c.item());
    c.generate(active_level())(c.draw(), {destination.base_index, 0, 1, largest + 1, row.data(), 0, false});
    std::string memory(bytes, Memory::UNTOUCHED);
    for (std::size_t element = 0; element < elements; ++element) {
        std::ptrdiff_t at = destination.data - begin;
        std::uint64_t index = 0;
        for (std::size_t k = destination.axes, rest = element; k-- > 0; rest /= std::size_t(destination.shape[k])) {
            const std::size_t coordinate = rest % std::size_t(destination.shape[k]);
            at += std::ptrdiff_t(coordinate) * destination.strides[k];
            index += coordinate * destination.index_strides[k];
        }
        memory.replace(std::size_t(at), c.item(), row.data() + index * c.item(), c.item());
    }
    return memory;
}

void check(const Case& c, const Place& place, bool reversed) {
    const std::size_t bytes = reach(place) * c.item();
    for (const int threads : {1, 3}) {
        Memory memory(bytes, c.item());
        const Destination destination = destination_of(place, memory.data(), c.item(), reversed);
        const Job job{c.draw(), c.distribution, c.dtype, destination}, *const jobs[] = {&job};
        CAPTURE(c.name());
        CAPTURE(place.what);
        CAPTURE(reversed);
        CHECK(fill(jobs, threads, never));
        const bool same = memory.bytes() == expected(c, destination, memory.data(), bytes);
        CHECK(same);
        CHECK(memory.guards_are_untouched());
    }
}

}  // namespace

TEST_CASE("every destination gets the values of its indices") {
    for (const Place& place : PLACES)
        for (const Case& c : {Case{Distribution::NORMAL, Dtype::FLOAT32}, Case{Distribution::NORMAL, Dtype::FLOAT64},
                              Case{Distribution::UNIFORM, Dtype::BFLOAT16}}) {
            check(c, place, false);
            check(c, place, true);
        }
}

TEST_CASE("beyond the caches, by nontemporal stores") {
    const Place place{"more than 32 MiB", {(8 << 20) + 1003}, {1}, {1}};
    check(Case{Distribution::BITS, Dtype::UINT32}, place, false);
}

TEST_CASE("several fills at once, empty ones among them") {
    const Case c{Distribution::NORMAL, Dtype::FLOAT32};
    Memory first(100'003 * 4), second(257 * 4);
    const Place places[] = {{"", {100'003}, {1}, {1}}, {"", {0}, {1}, {1}}, {"", {257}, {1}, {1}}};
    const Destination destinations[] = {destination_of(places[0], first.data(), 4, false),
                                        destination_of(places[1], nullptr, 4, false),
                                        destination_of(places[2], second.data(), 4, false)};
    std::vector<Job> jobs;
    std::vector<const Job*> pointers;
    for (const Destination& destination : destinations)
        jobs.push_back({c.draw(), c.distribution, c.dtype, destination});
    for (const Job& job : jobs) pointers.push_back(&job);
    for (const int threads : {1, 4}) {
        CHECK(fill(pointers, threads, never));
        CHECK(first.bytes() == expected(c, destinations[0], first.data(), 100'003 * 4));
        CHECK(second.bytes() == expected(c, destinations[2], second.data(), 257 * 4));
    }
    CHECK(fill({}, 4, never));
}
