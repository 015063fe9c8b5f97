// From what to draw to who writes which elements.
#pragma once

#include <span>

#include "cpu/kernel.hpp"
#include "fill/destination.hpp"

namespace fast_init {

// A destination and what to draw there; the active level has a kernel for the two codes.
struct Job {
    Draw draw;
    Distribution distribution;
    Dtype dtype;
    Destination destination;
};

// Writes to the destinations of the jobs, which do not overlap, on the calling thread and at most threads - 1 (>= 0)
// helpers. Every 40 ms or so the calling thread asks `interrupted`; when it says true the fill stops there and returns
// false.
bool fill(std::span<const Job* const> jobs, int threads, bool (*interrupted)());

}  // namespace fast_init
