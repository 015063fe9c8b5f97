#include "fill/fill.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <vector>

#include "cpu/dispatch.hpp"
#include "fill/floating_point.hpp"
#include "fill/tasks.hpp"

namespace fast_init {
namespace {

// Tasks between two looks at `interrupted`: a few for each thread at first, then as many as take about SLAB_TIME,
// whatever a task costs and however many threads share a core.
constexpr std::size_t FIRST_SLAB = 1 << 4;
constexpr auto SLAB_TIME = std::chrono::milliseconds(40);

bool in_forked_child = false;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

// The tasks of all fills, numbered through; ends[k] is the number of tasks of the first k + 1.
bool run(std::span<const Tasks> all, std::span<const std::size_t> ends, int threads, bool (*interrupted)()) {
    std::size_t worth = 0;  // threads
    for (std::size_t k = 0; k < all.size() && worth < std::size_t(threads); ++k)
        worth += all.size() == 1 ? (all[0].elements() + Tasks::TASK - 1) / Tasks::TASK : all[k].count();
    threads = int(std::min(std::size_t(std::min(threads, thread_limit())), std::max(worth, std::size_t(1))));
    const std::size_t count = ends.back();
    std::size_t slab = FIRST_SLAB * std::size_t(threads);
    std::chrono::steady_clock::time_point looked;
    if (slab < count) looked = std::chrono::steady_clock::now();
    for (std::size_t begin = 0, end; begin < count; begin = end) {
        if (begin > 0) {
            if (interrupted()) return false;
            const auto now = std::chrono::steady_clock::now();
            slab = now - looked < SLAB_TIME / 2 ? 2 * slab : now - looked > SLAB_TIME ? slab / 2 + 1 : slab;
            looked = now;
        }
        end = std::min(count, begin + slab);
        const auto run_task = [&](std::ptrdiff_t task) {
            const DefaultFloatingPoint environment;
            const auto k = std::size_t(std::upper_bound(ends.begin(), ends.end(), std::size_t(task)) - ends.begin());
            all[k].run(std::size_t(task) - (k == 0 ? 0 : ends[k - 1]));
        };
        if (threads == 1) {
            for (std::ptrdiff_t task = std::ptrdiff_t(begin); task < std::ptrdiff_t(end); ++task) run_task(task);
        } else {
#pragma omp parallel for num_threads(threads) schedule(dynamic)
            for (std::ptrdiff_t task = std::ptrdiff_t(begin); task < std::ptrdiff_t(end); ++task) run_task(task);
        }
    }
    return true;
}

Tasks tasks_of(const Job& job) {
    return {job.draw, active_level().kernels->generate[int(job.distribution)][int(job.dtype)], job.destination,
            ITEM_SIZES[int(job.dtype)]};
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

bool fill(std::span<const Job* const> jobs, int threads, bool (*interrupted)()) {
    if (jobs.size() == 1) {  // without the heap: a small fill takes less than a microsecond
        if (is_empty(jobs[0]->destination)) return true;
        const Tasks tasks = tasks_of(*jobs[0]);
        const std::size_t end = tasks.count();
        return run({&tasks, 1}, {&end, 1}, threads, interrupted);
    }
    std::vector<Tasks> all;
    std::vector<std::size_t> ends;
    for (const Job* job : jobs) {
        if (is_empty(job->destination)) continue;
        all.push_back(tasks_of(*job));
        ends.push_back((ends.empty() ? 0 : ends.back()) + all.back().count());
    }
    return all.empty() || run(all, ends, threads, interrupted);
}

}  // namespace fast_init
