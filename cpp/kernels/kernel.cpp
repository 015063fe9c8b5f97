// THE loop: words, then values, then the destination. Compiled once per ISA level, with FAST_INIT_ISA
// naming the namespace, so that no inline function is shared: the linker would keep one copy, and it
// might be the one for a processor that this machine is not. `kernels` is the only symbol that leaves.
#include "kernel.hpp"

#include "distributions.hpp"

namespace fast_init::FAST_INIT_ISA {
namespace {

constexpr int BATCH = 32;                        // blocks that are always drawn together: two tiles
constexpr int BUFFER = 8;                        // batches in the buffer
constexpr int BATCH_BYTES = 512;                 // of words or values: 128 of 4 bytes, 64 of 8
constexpr int BLOCKS = INTERLEAVE * LANES<U64>;  // in one Word

static_assert(BATCH % BLOCKS == 0, "the high word of a block index must be the same all over a Word");

// Where block b's word j stands among the words of its family: tile, then word number, then block in tile.
template <class Family>
constexpr std::uint64_t position(std::uint64_t b, int j) {
    return (b / 16) * (16 * Family::WORDS) + std::uint64_t(j) * 16 + b % 16;
}

// Stage 1: the words of `batches` batches from `block` (a multiple of BATCH) on, in stream order.
template <class Family>
FAST_INIT_INLINE void draw_words(const Draw& draw, std::uint64_t block, int batches, char* buffer) {
    const Key key{std::uint32_t(draw.seed), std::uint32_t(draw.seed >> 32)};
    for (int b = 0; b < batches * BATCH; b += BLOCKS) {
        Word counter;
        const std::uint64_t index = block + std::uint64_t(b);
        for (int i = 0; i < INTERLEAVE; ++i) counter.v[i] = iota<U64>() + (index + std::uint64_t(i * LANES<U64>));
        const auto s = philox<10>(State{counter, index >> 32, draw.stream, draw.stream >> 32}, key);
        for (int i = 0; i < INTERLEAVE; i += Family::WORDS / 2) {
            char* out = buffer + sizeof(typename Family::Word) / LANES<typename Family::Word> *
                                     position<Family>(b + i * LANES<U64>, 0);
            if constexpr (Family::WORDS == 4) {
                store(out, pack_low_halves(s.a.v[i], s.a.v[i + 1]));
                store(out + 64, pack_low_halves(s.b.v[i], s.b.v[i + 1]));
                store(out + 128, pack_low_halves(s.c.v[i], s.c.v[i + 1]));
                store(out + 192, pack_low_halves(s.d.v[i], s.d.v[i + 1]));
            } else {
                store(out, join_low_halves(s.a.v[i], s.b.v[i]));
                store(out + 128, join_low_halves(s.c.v[i], s.d.v[i]));
            }
        }
    }
}

// Stage 2: words to values, in place.
template <class Distribution>
FAST_INIT_INLINE void words_to_values(const Distribution& distribution, std::uint64_t block, int batches,
                                      char* buffer) {
    using Family = typename Distribution::Family;
    using Word = typename Family::Word;
    constexpr int LANE_BYTES = sizeof(Word) / LANES<Word>;
    for (int b = 0; b < batches * BATCH; b += LANES<Word>) {
        Word w[Family::WORDS];
        for (int j = 0; j < Family::WORDS; ++j) w[j] = load<Word>(buffer + LANE_BYTES * position<Family>(b, j));
        distribution(w, block + std::uint64_t(b));
        for (int j = 0; j < Family::WORDS; ++j) store(buffer + LANE_BYTES * position<Family>(b, j), w[j]);
    }
}

template <template <Dtype> class Distribution, Dtype D>
void generate(const Draw& draw, std::uint64_t first, std::size_t count, void* out) {
    using Family = typename Distribution<D>::Family;
    constexpr std::uint64_t BATCH_ELEMENTS = BATCH * Family::WORDS;
    const Distribution<D> distribution(draw);
    alignas(64) char buffer[BUFFER * BATCH_BYTES];
    char* destination = static_cast<char*>(out);
    std::uint64_t batch = first / BATCH_ELEMENTS;
    std::size_t skip = first % BATCH_ELEMENTS;
    while (count > 0) {
        const std::size_t needed = (skip + count - 1) / BATCH_ELEMENTS + 1;
        const int batches = needed < BUFFER ? int(needed) : BUFFER;
        draw_words<Family>(draw, batch * BATCH, batches, buffer);
        words_to_values(distribution, batch * BATCH, batches, buffer);
        round_in_place<D>(buffer, std::size_t(batches) * BATCH_ELEMENTS);
        const std::size_t available = std::size_t(batches) * BATCH_ELEMENTS - skip;
        const std::size_t n = available < count ? available : count;
        std::memcpy(destination, buffer + skip * ITEM_SIZE[D], n * ITEM_SIZE[D]);
        destination += n * ITEM_SIZE[D];
        count -= n;
        batch += std::uint64_t(batches);
        skip = 0;
    }
}

void philox_blocks(const std::uint32_t* counters, std::size_t count, const std::uint32_t* key, int rounds,
                   std::uint32_t* blocks) {
    for (std::size_t first = 0; first < count; first += BLOCKS) {
        const std::size_t n = count - first < BLOCKS ? count - first : BLOCKS;
        Word w[4] = {};
        for (std::size_t k = 0; k < 4 * n; ++k)
            w[k % 4].v[k / 4 / LANES<U64>][k / 4 % LANES<U64>] = counters[4 * first + k];
        State s{w[0], w[1], w[2], w[3]};
        Key round_key{key[0], key[1]};
        for (int r = 0; r < rounds; ++r, round_key = round_key.next()) s = philox_round(s, round_key);
        const Word result[4] = {s.a, s.b, s.c, s.d};
        for (std::size_t k = 0; k < 4 * n; ++k)
            blocks[4 * first + k] = std::uint32_t(result[k % 4].v[k / 4 / LANES<U64>][k / 4 % LANES<U64>]);
    }
}

}  // namespace

extern const Kernels kernels;
const Kernels kernels = {
    {
        {generate<Bits, UINT32>},
        {nullptr, generate<Uniform, FLOAT32>, generate<Uniform, FLOAT16>, generate<Uniform, BFLOAT16>,
         generate<Uniform, FLOAT64>},
        {nullptr, generate<Normal, FLOAT32>, generate<Normal, FLOAT16>, generate<Normal, BFLOAT16>,
         generate<Normal, FLOAT64>},
    },
    philox_blocks,
};

}  // namespace fast_init::FAST_INIT_ISA
