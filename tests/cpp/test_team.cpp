// Tasks are run once each, by whoever is free; a caller waits for tasks that were begun and for nothing else.
#include "fill/team.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace fast_init;

namespace {

bool never() { return false; }

void nap() { std::this_thread::sleep_for(std::chrono::milliseconds(10)); }

// How often each task was run.
std::vector<int> runs(std::size_t count, int helpers) {
    std::vector<std::atomic<int>> ran(count);
    CHECK(share_tasks(count, helpers, [&](std::size_t k) { ++ran[k]; }, never));
    return {ran.begin(), ran.end()};
}

}  // namespace

TEST_CASE("every task is run once") {
    for (const std::size_t count : {0, 1, 2, 3, 1000})
        for (const int helpers : {0, 1, 2, 40}) CHECK(runs(count, helpers) == std::vector<int>(count, 1));
}

TEST_CASE("helpers help") {
    std::latch both(2);  // opens only if two tasks are run at the same time
    CHECK(share_tasks(2, 1, [&](std::size_t) { both.arrive_and_wait(); }, never));
}

TEST_CASE("there are no more helpers than wanted") {
    std::atomic<int> now = 0, most = 0;
    share_tasks(20, 3, [](std::size_t) { nap(); }, never);  // of which there now are three
    share_tasks(
        20, 1,
        [&](std::size_t) {
            const int mine = ++now;
            for (int seen = most; seen < mine && !most.compare_exchange_weak(seen, mine);) {
            }
            nap();
            --now;
        },
        never);
    CHECK(most <= 2);
}

TEST_CASE("callers at the same time each have their tasks run once") {
    std::vector<std::vector<int>> ran(8);
    std::vector<std::thread> callers;
    for (std::vector<int>& mine : ran) callers.emplace_back([&] { mine = runs(5000, 3); });
    for (std::thread& caller : callers) caller.join();
    for (const std::vector<int>& mine : ran) CHECK(mine == std::vector<int>(5000, 1));
}

TEST_CASE("a caller does not wait for helpers that have not begun") {
    // One call holds every helper that there is until a second one, which wants them too, has returned.
    constexpr int HELPERS = 64;  // more than any other test starts
    std::latch begun(HELPERS + 1), returned(1);
    std::thread first([&] {
        share_tasks(
            HELPERS + 1, HELPERS,
            [&](std::size_t) {
                begun.count_down();
                returned.wait();
            },
            never);
    });
    begun.wait();
    CHECK(runs(100, HELPERS) == std::vector<int>(100, 1));
    returned.count_down();
    first.join();
}

TEST_CASE("an interrupted call begins no further task and leaves none running") {
    for (const int helpers : {0, 3}) {
        std::atomic<int> begun = 0, ended = 0;
        const auto task = [&](std::size_t) {
            ++begun;
            nap();
            ++ended;
        };
        CHECK(!share_tasks(10'000, helpers, task, [] { return true; }));
        const int then = begun;
        CHECK(then < 1000);
        CHECK(ended == then);
        nap();
        CHECK(begun == then);
    }
}

TEST_CASE("an exception of `interrupted` leaves no task running either") {
    std::atomic<int> begun = 0, ended = 0;
    const auto task = [&](std::size_t) {
        ++begun;
        nap();
        ++ended;
    };
    CHECK_THROWS_AS(share_tasks(10'000, 3, task, []() -> bool { throw std::runtime_error("stop"); }),
                    std::runtime_error);
    CHECK(begun < 1000);
    CHECK(ended == begun);
}
