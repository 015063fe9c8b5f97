// What the native tests share: draws with plausible parameters, and memory whose surroundings are watched.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "cpu/dispatch.hpp"
#include "stream/parameters.hpp"

namespace fast_init::tests {

// Parameters for a distribution and dtype: numbers for which every path is taken and every value finite. That they
// are those of a real truncated normal does not matter here.
inline std::vector<double> parameters_for(Distribution distribution, Dtype dtype) {
    if (distribution == Distribution::BITS) return {};
    if (distribution == Distribution::UNIFORM) return {-0.25, 1.75, -0.125, 1.5};
    if (distribution == Distribution::NORMAL) return {0.125, 1.5};
    const bool is_64 = dtype == Dtype::FLOAT64;
    const double step = is_64 ? 0x1.ep-64 : 0x1.ep-32;
    std::vector<double> numbers{0.5, 0.75, -1.25, 1.5, step, 0.02, 0.03, 0.125, 0.0625};
    for (const int terms : is_64 ? QUANTILE_TERMS_64 : QUANTILE_TERMS_32) {
        numbers.insert(numbers.end(), {0.125, -0.25});
        for (int k = 0; k < terms; ++k) numbers.push_back(1.0 / (k + 2));
    }
    return numbers;
}

// A distribution and a dtype that it has.
struct Case {
    Distribution distribution;
    Dtype dtype;
    std::vector<double> parameters = parameters_for(distribution, dtype);

    std::string name() const {
        return std::string(DISTRIBUTION_NAMES[int(distribution)]) + " " + DTYPE_NAMES[int(dtype)];
    }
    std::size_t item() const { return ITEM_SIZES[int(dtype)]; }
    Draw draw() const { return {0x0123456789abcdef, 0xfedcba9876543210, parameters.data()}; }
    Generate generate(const Level& level) const { return level.kernels->generate[int(distribution)][int(dtype)]; }
};

inline std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (int k = 0; k < DISTRIBUTIONS * DTYPES; ++k)
        if (active_level().kernels->generate[k / DTYPES][k % DTYPES] != nullptr)
            cases.push_back({Distribution(k / DTYPES), Dtype(k % DTYPES)});
    return cases;
}

inline std::vector<Level> levels_that_run_here() {
    std::vector<Level> levels;
    for (const Level& level : all_levels())
        if (level.supported()) levels.push_back(level);
    return levels;
}

// The level that all others must agree with.
inline const Level& generic_level() { return all_levels().back(); }

// Bytes at some distance from a cache line, between guards; where nothing has been written they keep their value.
class Memory {
  public:
    static constexpr char UNTOUCHED = char(0xa5);
    static constexpr std::size_t LINE = 64, GUARD = 4 * LINE;

    explicit Memory(std::size_t bytes, std::size_t offset = 0) : bytes_(bytes), all_(bytes + 3 * GUARD, UNTOUCHED) {
        begin_ = all_.data() + GUARD;
        begin_ += -reinterpret_cast<std::uintptr_t>(begin_) % LINE + offset;
    }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    char* data() { return begin_; }
    std::string bytes() const { return {begin_, bytes_}; }
    bool guards_are_untouched() const {
        for (const char& byte : all_)
            if ((&byte < begin_ || &byte >= begin_ + bytes_) && byte != UNTOUCHED) return false;
        return true;
    }

  private:
    std::size_t bytes_;
    std::vector<char> all_;
    char* begin_;
};

}  // namespace fast_init::tests
