#include "fill/fill.hpp"

#include <pthread.h>

#include <algorithm>
#include <climits>
#include <vector>

#include "cpu/dispatch.hpp"
#include "fill/floating_point.hpp"

namespace fast_init {
namespace {

constexpr std::size_t SLAB_PIECES = 1 << 8;  // per thread between two looks at `interrupted`

bool in_forked_child = false;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

// The pieces of `n` fills; ends[k] is the number of pieces of the first k + 1.
bool run(const Pieces* all, const std::size_t* ends, std::size_t n, int threads, bool (*interrupted)()) {
    std::size_t worth = 0;  // threads
    for (std::size_t k = 0; k < n && worth < std::size_t(threads); ++k)
        worth += n == 1 ? (all->elements() + Pieces::PIECE - 1) / Pieces::PIECE : all[k].count();
    threads = int(std::min(std::size_t(std::min(threads, thread_limit())), std::max(worth, std::size_t(1))));
    const std::size_t count = ends[n - 1], slab = SLAB_PIECES * std::size_t(threads);
    for (std::size_t begin = 0; begin < count; begin += slab) {
        if (begin > 0 && interrupted()) return false;
        const std::ptrdiff_t end = std::ptrdiff_t(std::min(count, begin + slab));
        const auto fill_piece = [&](std::ptrdiff_t piece) {
            const DefaultFloatingPoint environment;
            const std::size_t k = std::size_t(std::upper_bound(ends, ends + n, std::size_t(piece)) - ends);
            all[k].fill(std::size_t(piece) - (k == 0 ? 0 : ends[k - 1]));
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

Pieces pieces_of(const Job& job) {
    return {job.draw, active_level().kernels->generate[job.distribution][job.dtype], job.destination,
            ITEM_SIZE[job.dtype]};
}

bool is_empty(const Destination& destination) {
    for (std::size_t k = 0; k < destination.axes; ++k)
        if (destination.shape[k] == 0) return true;
    return false;
}

}  // namespace

int thread_limit() {
#ifdef _OPENMP
    return in_forked_child ? 1 : INT_MAX;
#else
    return 1;
#endif
}

bool fill(const Job* jobs, std::size_t count, int threads, bool (*interrupted)()) {
    if (count == 1) {
        if (is_empty(jobs->destination)) return true;
        const Pieces pieces = pieces_of(*jobs);
        const std::size_t end = pieces.count();
        return run(&pieces, &end, 1, threads, interrupted);
    }
    std::vector<Pieces> all;
    std::vector<std::size_t> ends;
    for (std::size_t k = 0; k < count; ++k) {
        if (is_empty(jobs[k].destination)) continue;
        all.push_back(pieces_of(jobs[k]));
        ends.push_back((ends.empty() ? 0 : ends.back()) + all.back().count());
    }
    return all.empty() || run(all.data(), ends.data(), all.size(), threads, interrupted);
}

}  // namespace fast_init
