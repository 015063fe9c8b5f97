// THE loop: words, then values, then the destination. Compiled once per ISA level, with FAST_INIT_ISA
// naming the namespace, so that no inline function is shared: the linker would keep one copy, and it
// might be the one for a processor that this machine is not. `kernels` is the only symbol that leaves.
#include "kernel.hpp"

#include "distributions.hpp"
#include "store.hpp"
#include "truncated.hpp"

namespace fast_init::FAST_INIT_ISA {
namespace {

constexpr int TILE_BLOCKS = 16;
constexpr int TILE_BYTES = 256;  // of words or values: 64 of 4 bytes, 32 of 8
constexpr int BUFFER_TILES = 24;
constexpr int STORE_TILES = 4;  // rounded and stored at a time, so that this overlaps with the arithmetic
constexpr int BLOCKS = INTERLEAVE * LANES<U64>;  // drawn together

static_assert(BUFFER_TILES * TILE_BLOCKS % BLOCKS == 0, "what is drawn together must not cross the buffer's end");

// Where word j of block b stands in the buffer: tile, then word number, then block in the tile.
template <class Family>
FAST_INIT_INLINE char* place(char* buffer, int b, int j) {
    constexpr int ITEM = TILE_BYTES / TILE_BLOCKS / Family::WORDS;
    return buffer + b / TILE_BLOCKS * TILE_BYTES + (j * TILE_BLOCKS + b % TILE_BLOCKS) * ITEM;
}

// Stage 1: the words of `blocks` blocks from `first` on, in stream order; more may be written, up to a
// multiple of BLOCKS. All blocks that are asked for have the same high word of their index.
template <class Family>
__attribute__((noinline)) void draw_words(const Draw& draw, const Keys& keys, std::uint64_t first, int blocks,
                                          char* buffer) {
    for (int b = 0; b < blocks; b += BLOCKS) {
        States<State<U64, std::uint64_t, std::uint64_t, std::uint64_t>, INTERLEAVE> counters;
        for (int i = 0; i < INTERLEAVE; ++i) {
            const U64 index = iota<U64>() + (first + std::uint64_t(b + i * LANES<U64>));
            counters.s[i] = {index, first >> 32, draw.stream, draw.stream >> 32};
        }
        const auto [s] = philox(counters, keys);
        for (int i = 0; i < INTERLEAVE; i += Family::WORDS / 2) {
            const auto put = [&](int j, auto words) { store(place<Family>(buffer, b + i * LANES<U64>, j), words); };
            if constexpr (Family::WORDS == 4) {
                put(0, pack_low_halves(s[i].a, s[i + 1].a));
                put(1, pack_low_halves(s[i].b, s[i + 1].b));
                put(2, pack_low_halves(s[i].c, s[i + 1].c));
                put(3, pack_low_halves(s[i].d, s[i + 1].d));
            } else {
                put(0, join_low_halves(s[i].a, s[i].b));
                put(1, join_low_halves(s[i].c, s[i].d));
            }
        }
    }
}

// Stage 2: one tile of words to values, in place, four vectors at a time. `first` is the tile's first block.
template <class Distribution>
FAST_INIT_INLINE void words_to_values(const Distribution& distribution, std::uint64_t first, char* tile) {
    using Family = typename Distribution::Family;
    using Word = typename Family::Word;
    constexpr int N = Family::WORDS;
    const auto at = [tile](int b, int k) { return place<Family>(tile, b + k / N * LANES<Word>, k % N); };
    for (int b = 0; b < TILE_BLOCKS; b += 4 / N * LANES<Word>) {
        Word w[4];
        for (int k = 0; k < 4; ++k) w[k] = load<Word>(at(b, k));
        distribution(w, first + std::uint64_t(b));
        for (int k = 0; k < 4; ++k) store(at(b, k), w[k]);
    }
}

// Tiles from `tile` on that one buffer takes: no more than are needed, nor than have blocks with the same
// high word of their index.
FAST_INIT_INLINE int tiles_at_once(std::uint64_t tile, std::uint64_t needed) {
    constexpr std::uint64_t SPAN = (std::uint64_t(1) << 32) / TILE_BLOCKS;
    const std::uint64_t left = SPAN - tile % SPAN, most = needed < left ? needed : left;
    return most < BUFFER_TILES ? int(most) : BUFFER_TILES;
}

template <template <Dtype> class Distribution, Dtype D>
void generate(const Draw& draw, std::uint64_t first, std::size_t count, void* out, bool stream) {
    using Family = typename Distribution<D>::Family;
    constexpr std::uint64_t TILE = TILE_BLOCKS * Family::WORDS;  // elements
    constexpr std::size_t ROUNDED_TILE_BYTES = TILE * ITEM_SIZE[D];
    const Keys keys(draw.seed);
    const Distribution<D> distribution(draw, keys);
    alignas(64) char memory[Sink::LINE + BUFFER_TILES * TILE_BYTES];
    char* const buffer = memory + Sink::LINE;
    Sink sink(static_cast<char*>(out), count * ITEM_SIZE[D], buffer + first % TILE * ITEM_SIZE[D], stream);
    std::uint64_t tile = first / TILE, needed = count == 0 ? 0 : (first % TILE + count - 1) / TILE + 1;
    while (needed > 0) {
        const int tiles = tiles_at_once(tile, needed);
        draw_words<Family>(draw, keys, tile * TILE_BLOCKS, tiles * TILE_BLOCKS, buffer);
        char* values = buffer;  // of the tiles before t; those of 16 bits draw together at the front
        for (int t = 0; t < tiles; t += STORE_TILES) {
            const int end = t + STORE_TILES < tiles ? t + STORE_TILES : tiles;
            for (int k = t; k < end; ++k)
                words_to_values(distribution, (tile + std::uint64_t(k)) * TILE_BLOCKS, buffer + k * TILE_BYTES);
            for (int k = t; k < end; ++k, values += ROUNDED_TILE_BYTES) round_tile<D>(buffer + k * TILE_BYTES, values);
            sink.take(values);
        }
        tile += std::uint64_t(tiles);
        needed -= std::uint64_t(tiles);
        if (needed > 0) sink.go_on_at(buffer, values);
    }
    sink.finish();
}

void philox_blocks(const std::uint32_t* counters, std::size_t count, const std::uint32_t* key, int rounds,
                   std::uint32_t* blocks) {
    constexpr std::size_t LANES64 = LANES<U64>;
    const Keys keys(key[0], key[1]);
    for (std::size_t first = 0; first < count; first += LANES64) {
        const std::size_t n = count - first < LANES64 ? count - first : LANES64;
        U64 w[4] = {};
        for (std::size_t k = 0; k < 4 * n; ++k) w[k % 4][k / 4] = counters[4 * first + k];
        State s{w[0], w[1], w[2], w[3]};
        for (int r = 0; r < rounds; ++r) s = philox_round(s, keys, r);
        const U64 result[4] = {s.a, s.b, s.c, s.d};
        for (std::size_t k = 0; k < 4 * n; ++k) blocks[4 * first + k] = std::uint32_t(result[k % 4][k / 4]);
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
        {nullptr, generate<TruncatedCenter, FLOAT32>, generate<TruncatedCenter, FLOAT16>,
         generate<TruncatedCenter, BFLOAT16>, generate<TruncatedCenter, FLOAT64>},
        {nullptr, generate<TruncatedTail, FLOAT32>, generate<TruncatedTail, FLOAT16>,
         generate<TruncatedTail, BFLOAT16>, generate<TruncatedTail, FLOAT64>},
    },
    philox_blocks,
};

}  // namespace fast_init::FAST_INIT_ISA
