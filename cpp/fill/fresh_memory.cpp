#include "fill/fresh_memory.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace fast_init {
#if defined(__linux__)
namespace {

constexpr std::uintptr_t LARGE_PAGE = std::uintptr_t(2) << 20;
constexpr std::uintptr_t LEAST = std::uintptr_t(4) << 20;  // bytes; below, the question costs more than it brings

// Whether the system has memory for the page at an address; it also may when it can't tell.
bool is_touched(std::uintptr_t address) {
    static const auto page = std::uintptr_t(sysconf(_SC_PAGESIZE));
    unsigned char resident = 1;
    if (mincore(reinterpret_cast<void*>(address / page * page), std::size_t(page), &resident) != 0) return true;
    return resident & 1;
}

}  // namespace

void advise_fresh(const Destination& destination, std::size_t item) {
    auto begin = reinterpret_cast<std::uintptr_t>(destination.data), end = begin + item;
    for (std::size_t k = 0; k < destination.axes; ++k) {
        const std::ptrdiff_t reach = destination.strides[k] * (destination.shape[k] - 1);
        (reach < 0 ? begin : end) += std::uintptr_t(reach);
    }
    if (end - begin < LEAST) return;
    begin = (begin + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    end = end / LARGE_PAGE * LARGE_PAGE;
    if (is_touched(begin) || is_touched((begin + end) / 2) || is_touched(end - 1)) return;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}
#else
void advise_fresh(const Destination&, std::size_t) {}
#endif

}  // namespace fast_init
