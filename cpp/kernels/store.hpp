// Values -> the destination: a plain copy, or streaming stores that pass the caches by.
#pragma once

#include "vec.hpp"

namespace fast_init::FAST_INIT_ISA {

// Takes the consecutive pieces of a contiguous destination from a buffer that has LINE bytes of room in
// front. Streaming needs whole aligned lines: what a piece leaves over waits before the buffer for the
// next one. finish() must follow the last piece.
class Sink {
  public:
    static constexpr std::size_t LINE = 64;

    Sink(char* destination, char* buffer, bool stream) : to_(destination), buffer_(buffer), stream_(stream) {}

    // Takes `bytes` from `from`, which is `buffer` for every piece but the first.
    FAST_INIT_INLINE void put(char* from, std::size_t bytes) {
        if (!stream_) return copy(from, bytes);
        from -= waiting_;
        bytes += waiting_;
        const std::size_t unaligned = -reinterpret_cast<std::uintptr_t>(to_) % LINE;
        const std::size_t head = unaligned < bytes ? unaligned : bytes;  // not 0 in the first piece only
        copy(from, head);
        const std::size_t end = head + (bytes - head) / LINE * LINE;
        for (std::size_t i = head; i < end; i += LINE, to_ += LINE) stream_line(to_, from + i);
        waiting_ = bytes - end;
        std::memmove(buffer_ - waiting_, from + end, waiting_);
    }

    FAST_INIT_INLINE void finish() {
        if (!stream_) return;
        copy(buffer_ - waiting_, waiting_);
        stream_fence();
    }

  private:
    FAST_INIT_INLINE void copy(const char* from, std::size_t bytes) {
        std::memcpy(to_, from, bytes);
        to_ += bytes;
    }

    char* to_;
    char* buffer_;
    std::size_t waiting_ = 0;
    bool stream_;
};

}  // namespace fast_init::FAST_INIT_ISA
