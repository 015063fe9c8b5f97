#include "fill/fill.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "cpu/dispatch.hpp"
#include "fill/floating_point.hpp"
#include "fill/fresh_memory.hpp"
#include "fill/tasks.hpp"
#include "fill/team.hpp"

namespace fast_init {
namespace {

// The tasks of all fills, numbered through; ends[k] is the number of tasks of the first k + 1.
bool run(std::span<const Tasks> all, std::span<const std::size_t> ends, int threads, bool (*interrupted)()) {
    const std::size_t count = ends.back();
    if (count == 1) {
        const DefaultFloatingPoint environment;
        all[0].run(0);
        return true;
    }
    std::size_t worth = 0;  // threads
    for (std::size_t k = 0; k < all.size() && worth < std::size_t(threads); ++k)
        worth += all.size() == 1 ? (all[0].elements() + Tasks::TASK - 1) / Tasks::TASK : all[k].count();
    const auto task = [&](std::size_t task) {
        const auto k = std::size_t(std::upper_bound(ends.begin(), ends.end(), task) - ends.begin());
        all[k].run(task - (k == 0 ? 0 : ends[k - 1]));
    };
    return share_tasks(count, int(std::min(std::size_t(threads), worth)) - 1, std::cref(task), interrupted);
}

Tasks tasks_of(const Job& job) {
    advise_fresh(job.destination, ITEM_SIZES[int(job.dtype)]);
    return {job.draw, active_level().kernels->generate[int(job.distribution)][int(job.dtype)], job.destination,
            ITEM_SIZES[int(job.dtype)]};
}

bool is_empty(const Destination& destination) {
    for (std::size_t k = 0; k < destination.axes; ++k)
        if (destination.shape[k] == 0) return true;
    return false;
}

}  // namespace

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
