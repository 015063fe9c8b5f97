// From what to draw to who writes which elements: threads, interruption, forks.
#pragma once

#include "destination.hpp"

namespace fast_init {

// Writes to the destination its elements of `draw`, on at most `threads` (>= 1) threads. Between slabs of some milliseconds, on the calling thread, `interrupted` is asked; when it
// says true the fill stops there and returns false. In a forked child one thread does everything, since
// OpenMP's would wait for threads that the fork did not copy.
bool fill(const Draw& draw, Distribution distribution, Dtype dtype, const Destination& destination, int threads,
          bool (*interrupted)());

// The most threads that fill() uses in this process: 1 when built without OpenMP or forked.
int thread_limit();

}  // namespace fast_init
