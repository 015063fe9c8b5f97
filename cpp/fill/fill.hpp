// From what to draw to who writes which elements: threads, interruption, forks.
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

// Writes to the destinations of the jobs, which do not overlap, on one team of at most `threads` (>= 1) threads.
// Between slabs of some milliseconds, on the calling thread, `interrupted` is asked; when it says true the fill stops
// there and returns false. In a forked child one thread does everything, since OpenMP's would wait for threads that
// the fork did not copy.
bool fill(std::span<const Job* const> jobs, int threads, bool (*interrupted)());

// The most threads that fill() uses in this process: 1 when built without OpenMP or forked.
int thread_limit();

}  // namespace fast_init
