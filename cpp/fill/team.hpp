// Threads that help a caller with numbered tasks.
#pragma once

#include <cstddef>
#include <functional>

namespace fast_init {

// Calls task(0), task(1), ... task(count - 1), each once and none twice at the same time, on the calling thread and on
// at most `helpers` others; returns when all are done. Some milliseconds apart the calling thread asks `interrupted`;
// when it says true no further task begins, those begun are ended, and false is returned. If it throws, likewise.
//
// The calling thread works as well and never waits for a helper that has not begun: where the system starts no more
// threads, or their cores are taken by others, the call takes as long as the caller alone needs. Helpers are kept for
// the next call, asleep. Calls at the same time share them. A forked child starts its own.
bool share_tasks(std::size_t count, int helpers, const std::function<void(std::size_t)>& task, bool (*interrupted)());

}  // namespace fast_init
