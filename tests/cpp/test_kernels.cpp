// One call of a kernel: every level gives the generic one's bits, by every path, and writes nothing else.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace fast_init;
using namespace fast_init::tests;

namespace {

// Around the ends of tiles (32 and 64), buffers (768 and 1536) and a high word of the block's index.
constexpr std::uint64_t FIRST[] = {0, 1, 63, 1000, (std::uint64_t(1) << 38) - 700, ~std::uint64_t(0) - 5000};
constexpr std::size_t COUNTS[] = {1, 2, 31, 63, 64, 65, 769, 1536, 3001};

std::string row(const Case& c, const Level& level, std::uint64_t first, std::size_t count, std::size_t offset = 0,
                bool nontemporal = false) {
    Memory memory(count * c.item(), offset * c.item());
    c.generate(level)(c.draw(), {first, 0, 1, count, memory.data(), 0, nontemporal});
    CHECK(memory.guards_are_untouched());
    return memory.bytes();
}

}  // namespace

TEST_CASE("every level gives the generic level's bits") {
    for (const Case& c : all_cases())
        for (const std::uint64_t first : FIRST)
            for (const std::size_t count : COUNTS) {
                const std::string want = row(c, generic_level(), first, count);
                for (const Level& level : levels_that_run_here()) {
                    CAPTURE(c.name());
                    CAPTURE(level.name);
                    CAPTURE(first);
                    CAPTURE(count);
                    for (const std::size_t offset : {0, 1, 3}) {
                        CHECK(row(c, level, first, count, offset) == want);
                        CHECK(row(c, level, first, count, offset, true) == want);
                    }
                }
            }
}

TEST_CASE("a part of a row is that part of it") {
    for (const Case& c : all_cases())
        for (const Level& level : levels_that_run_here()) {
            const std::string whole = row(c, level, 7, 3001);
            for (const std::size_t begin : {1, 40, 1535, 3000}) {
                CAPTURE(c.name());
                CAPTURE(level.name);
                CHECK(row(c, level, 7 + begin, 3001 - begin) == whole.substr(begin * c.item()));
            }
        }
}

TEST_CASE("rows, short and long, are those made one by one") {
    constexpr std::size_t ROWS = 37;
    constexpr std::uint64_t BASE = (std::uint64_t(1) << 38) - 700;
    for (const Case& c : all_cases())
        for (const Level& level : levels_that_run_here())
            for (const std::size_t columns : {1, 3, 16, 65, 400, 800})
                for (const std::uint64_t index_pitch : {std::uint64_t(columns), std::uint64_t(columns + 1000)}) {
                    const std::size_t pitch = (columns + 5) * c.item(), gap = pitch - columns * c.item();
                    std::string want;
                    for (std::size_t r = 0; r < ROWS; ++r)
                        want += row(c, level, BASE + r * index_pitch, columns) + std::string(gap, Memory::UNTOUCHED);
                    Memory memory(ROWS * pitch);
                    c.generate(level)(c.draw(),
                                      {BASE, index_pitch, ROWS, columns, memory.data(), std::ptrdiff_t(pitch), false});
                    CAPTURE(c.name());
                    CAPTURE(level.name);
                    CAPTURE(columns);
                    CHECK(memory.bytes() == want);
                    CHECK(memory.guards_are_untouched());
                }
}

TEST_CASE("no rows and no columns are nothing") {
    for (const Case& c : all_cases())
        for (const Level& level : levels_that_run_here()) {
            Memory memory(64);
            c.generate(level)(c.draw(), {0, 0, 0, 16, memory.data(), 0, true});
            c.generate(level)(c.draw(), {0, 0, 16, 0, memory.data(), 0, true});
            CHECK(memory.bytes() == std::string(64, Memory::UNTOUCHED));
            CHECK(memory.guards_are_untouched());
        }
}
