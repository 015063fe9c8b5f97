// Which ISA levels this build holds, which of them this processor runs, and the one in use.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cpu/kernel.hpp"

namespace fast_init {

struct Level {
    const char* name;
    bool (*supported)();
    const Kernels* kernels;
};

// The levels of this build, best first, whether this processor runs them or not.
std::span<const Level> all_levels();

// Names of the levels that this processor runs, best first.
std::vector<std::string> available_isas();

// The best one, or the one that the environment variable FAST_INIT_ISA names; read once, on first use.
// Throws std::invalid_argument when that name is unknown or not supported here.
const Level& active_level();

}  // namespace fast_init
