// Values -> the destination, in whole aligned cache lines: by plain stores or by nontemporal ones,
// which pass the caches.
#pragma once

#include "cpu/vec.hpp"

namespace fast_init::FAST_INIT_ISA {

// Copies a sequence of bytes that is made piece by piece in a buffer to a contiguous destination. What is
// left of a piece when its lines are gone waits for the next.
class Sink {
  public:
    static constexpr std::size_t LINE = 64;

    // The sequence starts at `from`.
    Sink(char* destination, std::size_t bytes, const char* from, bool nontemporal)
        : to_(destination), left_(bytes), from_(from), nontemporal_(nontemporal) {}

    // The sequence has been made up to `end`; it may go on there.
    FAST_INIT_INLINE void take(const char* end) {
        const std::size_t made = std::size_t(end - from_);
        std::size_t ready = made < left_ ? made : left_;
        if (const std::size_t head = -reinterpret_cast<std::uintptr_t>(to_) % LINE; head != 0) {  // at the start only
            copy(head < ready ? head : ready);
            ready -= head < ready ? head : ready;
        }
        const std::size_t lines = ready / LINE;
        if (nontemporal_)
            for (std::size_t i = 0; i < lines; ++i) copy_line_nontemporal(to_ + i * LINE, from_ + i * LINE);
        else
            for (std::size_t i = 0; i < lines; ++i) copy_line(to_ + i * LINE, from_ + i * LINE);
        advance(lines * LINE);
    }

    // The sequence goes on at `buffer`, before which LINE bytes are free; what waits moves there.
    void go_on_at(char* buffer, const char* end) {
        const std::size_t waiting = std::size_t(end - from_);
        std::memcpy(buffer - waiting, from_, waiting);
        from_ = buffer - waiting;
    }

    // The whole sequence has been taken.
    void finish() {
        copy(left_);
        if (nontemporal_) nontemporal_fence();
    }

  private:
    FAST_INIT_INLINE void advance(std::size_t bytes) {
        to_ += bytes;
        from_ += bytes;
        left_ -= bytes;
    }
    FAST_INIT_INLINE void copy(std::size_t bytes) {
        std::memcpy(to_, from_, bytes);
        advance(bytes);
    }

    char* to_;
    std::size_t left_;
    const char* from_;
    bool nontemporal_;
};

}  // namespace fast_init::FAST_INIT_ISA
