// Philox4x32 by every level's kernel.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "support.hpp"

using namespace fast_init;
using namespace fast_init::tests;

TEST_CASE("known answers of Random123") {
    constexpr std::size_t COUNT = 37;  // several vectors and a part of one, on every level
    std::ifstream file(TEST_DATA "/kat_vectors.txt");
    int answers = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream fields(line);
        std::string generator;
        int rounds;
        std::uint32_t counter[4], key[2], block[4];
        fields >> generator >> std::dec >> rounds >> std::hex;
        for (auto& word : counter) fields >> word;
        for (auto& word : key) fields >> word;
        for (auto& word : block) fields >> word;
        REQUIRE(fields);
        for (const Level& level : levels_that_run_here()) {
            std::vector<std::uint32_t> counters, blocks(4 * COUNT), want;
            for (std::size_t k = 0; k < COUNT; ++k) {
                counters.insert(counters.end(), counter, counter + 4);
                want.insert(want.end(), block, block + 4);
            }
            level.kernels->philox_blocks(counters.data(), COUNT, key, rounds, blocks.data());
            CAPTURE(level.name);
            CHECK(blocks == want);
        }
        ++answers;
    }
    CHECK(answers == 6);
}
