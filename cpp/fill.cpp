#include "fill.hpp"

#include <pthread.h>

#include <algorithm>
#include <climits>

#include "dispatch.hpp"
#include "floating_point.hpp"

namespace fast_init {
namespace {

constexpr std::size_t SLAB_PIECES = 1 << 8;  // per thread between two looks at `interrupted`

bool in_forked_child = false;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

}  // namespace

int thread_limit() {
#ifdef _OPENMP
    return in_forked_child ? 1 : INT_MAX;
#else
    return 1;
#endif
}

bool fill(const Draw& draw, Distribution distribution, Dtype dtype, const Destination& destination, int threads,
          bool (*interrupted)()) {
    for (std::size_t k = 0; k < destination.axes; ++k)
        if (destination.shape[k] == 0) return true;
    const Generate generate = active_level().kernels->generate[distribution][dtype];
    const Pieces pieces(draw, generate, destination, ITEM_SIZE[dtype]);

    const std::size_t count = pieces.count();
    const std::size_t worth = (pieces.elements() + Pieces::PIECE - 1) / Pieces::PIECE;  // threads
    threads = int(std::min(std::size_t(std::min(threads, thread_limit())), worth));
    const std::size_t slab = SLAB_PIECES * std::size_t(threads);
    for (std::size_t begin = 0; begin < count; begin += slab) {
        if (begin > 0 && interrupted()) return false;
        const std::ptrdiff_t end = std::ptrdiff_t(std::min(count, begin + slab));
        const auto fill_piece = [&](std::ptrdiff_t piece) {
            const DefaultFloatingPoint environment;
            pieces.fill(std::size_t(piece));
        };
        if (threads == 1) {
            for (std::ptrdiff_t piece = std::ptrdiff_t(begin); piece < end; ++piece) fill_piece(piece);
        } else {
#pragma omp parallel for num_threads(threads) schedule(dynamic)
            for (std::ptrdiff_t piece = std::ptrdiff_t(begin); piece < end; ++piece) fill_piece(piece);
        }
    }
    return true;
}

}  // namespace fast_init
