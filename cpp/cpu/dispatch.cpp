#include "cpu/dispatch.hpp"

#include <cstdlib>
#include <stdexcept>

namespace fast_init {

#ifdef FAST_INIT_X86_LEVELS
namespace avx512 {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
#endif
namespace generic {
extern const Kernels kernels;
}

namespace {

// Best first. A level needs what its -march= in CMakeLists.txt lets the compiler use.
const Level LEVELS[] = {
#ifdef FAST_INIT_X86_LEVELS
    {"avx512",
     [] {
         return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
     },
     &avx512::kernels},
    {"avx2",
     [] {  // every processor with these has F16C, which Clang cannot ask for before version 17
         return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
     },
     &avx2::kernels},
#endif
    {"generic", [] { return true; }, &generic::kernels},
};

const Level& choose_level() {
    const char* forced = std::getenv("FAST_INIT_ISA");
    const bool any = forced == nullptr || *forced == '\0';
    for (const Level& level : LEVELS)
        if ((any || level.name == std::string(forced)) && level.supported()) return level;
    std::string names;
    for (const std::string& name : available_isas()) names += (names.empty() ? "" : ", ") + name;
    throw std::invalid_argument("FAST_INIT_ISA=" + std::string(forced) +
                                " is not an ISA level that this machine runs (" + names +
                                "): unset it or set it to one of these");
}

}  // namespace

std::span<const Level> all_levels() { return LEVELS; }

std::vector<std::string> available_isas() {
    std::vector<std::string> names;
    for (const Level& level : LEVELS)
        if (level.supported()) names.emplace_back(level.name);
    return names;
}

const Level& active_level() {
    static const Level& level = choose_level();
    return level;
}

}  // namespace fast_init
