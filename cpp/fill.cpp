#include "fill.hpp"

#include <pthread.h>

#include <algorithm>
#include <climits>
#include <cstring>

#include "dispatch.hpp"
#include "floating_point.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace fast_init {
namespace {

constexpr std::size_t CHUNK = 1 << 16;  // elements a thread takes at a time; whole tiles, so no block is drawn twice
constexpr std::size_t SLAB_CHUNKS = 1 << 8;  // chunks per thread between two looks at `interrupted`
constexpr std::size_t STAGE = 1 << 10;       // elements drawn at a time for a destination that is not contiguous

// A larger destination is written past the caches: what a server processor caches for one core complex.
// (The C library's figure for the last level may be that of the whole socket.)
constexpr std::size_t STREAM_BYTES = std::size_t(32) << 20;

bool in_forked_child = false;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { in_forked_child = true; });

// Drops axes of one element and merges each axis into the one before where memory allows; what is left
// of a contiguous array is one axis.
void collapse(Destination& d) {
    std::size_t axes = 0;
    for (std::size_t k = 0; k < d.shape.size(); ++k) {
        if (d.shape[k] == 1) continue;
        if (axes > 0 && d.strides[axes - 1] == d.shape[k] * d.strides[k]) {
            d.shape[axes - 1] *= d.shape[k];
            d.strides[axes - 1] = d.strides[k];
        } else {
            d.shape[axes] = d.shape[k];
            d.strides[axes++] = d.strides[k];
        }
    }
    d.shape.resize(axes);
    d.strides.resize(axes);
}

template <class Item>
void scatter_items(const char* source, std::size_t count, char* to, std::ptrdiff_t stride) {
    for (std::size_t i = 0; i < count; ++i)
        std::memcpy(to + std::ptrdiff_t(i) * stride, source + i * sizeof(Item), sizeof(Item));
}

void scatter(const char* source, std::size_t count, std::size_t item, char* to, std::ptrdiff_t stride) {
    if (stride == std::ptrdiff_t(item))
        std::memcpy(to, source, count * item);
    else if (item == 2)
        scatter_items<std::uint16_t>(source, count, to, stride);
    else if (item == 4)
        scatter_items<std::uint32_t>(source, count, to, stride);
    else
        scatter_items<std::uint64_t>(source, count, to, stride);
}

// Copies `count` items to the elements from number `first` on.
void scatter_rows(const Destination& d, std::size_t item, std::size_t first, const char* source, std::size_t count) {
    const std::size_t last = d.shape.size() - 1, row = std::size_t(d.shape[last]);
    while (count > 0) {
        std::size_t rest = first / row;
        const std::size_t column = first % row, n = std::min(count, row - column);
        char* to = d.data + std::ptrdiff_t(column) * d.strides[last];
        for (std::size_t k = last; k-- > 0; rest /= std::size_t(d.shape[k]))
            to += std::ptrdiff_t(rest % std::size_t(d.shape[k])) * d.strides[k];
        scatter(source, n, item, to, d.strides[last]);
        source += n * item;
        first += n;
        count -= n;
    }
}

struct Job {
    const Draw& draw;
    Generate generate;
    Destination destination;  // collapsed
    std::uint64_t first;      // index of the destination's element 0
    std::size_t item;
    bool contiguous;
    bool stream;

    // Elements begin .. begin + count - 1 of the destination.
    void run(std::size_t begin, std::size_t count) const {
        const DefaultFloatingPoint environment;
        if (contiguous) return generate(draw, first + begin, count, destination.data + begin * item, stream);
        alignas(64) char stage[STAGE * 8];
        for (std::size_t done = 0; done < count; done += STAGE) {
            const std::size_t n = std::min(STAGE, count - done);
            generate(draw, first + begin + done, n, stage, false);
            scatter_rows(destination, item, begin + done, stage, n);
        }
    }
};

}  // namespace

int thread_limit() {
#ifdef _OPENMP
    return in_forked_child ? 1 : INT_MAX;
#else
    return 1;
#endif
}

bool fill(const Draw& draw, Distribution distribution, Dtype dtype, Destination destination, std::uint64_t first,
          int threads, bool (*interrupted)()) {
    std::size_t count = 1;
    for (const std::ptrdiff_t n : destination.shape) count *= std::size_t(n);
    if (count == 0) return true;
    collapse(destination);
    const std::size_t item = ITEM_SIZE[dtype];
    const bool contiguous =
        destination.shape.empty() || (destination.shape.size() == 1 && destination.strides[0] == std::ptrdiff_t(item));
    const bool stream = count * item > STREAM_BYTES;
    const Generate generate = active_level().kernels->generate[distribution][dtype];
    const Job job{draw, generate, std::move(destination), first, item, contiguous, stream};

    const std::size_t chunks = (count + CHUNK - 1) / CHUNK;
    threads = int(std::min(std::size_t(std::min(threads, thread_limit())), chunks));
    const std::size_t slab = SLAB_CHUNKS * std::size_t(threads);
    for (std::size_t begin = 0; begin < chunks; begin += slab) {
        if (begin > 0 && interrupted()) return false;
        const std::ptrdiff_t end = std::ptrdiff_t(std::min(chunks, begin + slab));
        const auto run_chunk = [&](std::size_t c) { job.run(c * CHUNK, std::min(CHUNK, count - c * CHUNK)); };
        if (threads == 1) {
            for (std::ptrdiff_t c = std::ptrdiff_t(begin); c < end; ++c) run_chunk(std::size_t(c));
        } else {
#pragma omp parallel for num_threads(threads) schedule(static)
            for (std::ptrdiff_t c = std::ptrdiff_t(begin); c < end; ++c) run_chunk(std::size_t(c));
        }
    }
    return true;
}

}  // namespace fast_init
