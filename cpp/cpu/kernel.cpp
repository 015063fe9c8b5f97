// THE loop: words, then values, then the destination. Compiled once per ISA level, with FAST_INIT_ISA
// naming the namespace, so that no inline function is shared: the linker would keep one copy, and it
// might be the one for a processor that this machine is not. `kernels` is the only symbol that leaves;
// tools/check_symbols.py proves it.
#include "cpu/kernel.hpp"

#include <utility>  // integer_sequence, a type: see vec.hpp

#include "cpu/distributions.hpp"
#include "cpu/store.hpp"
#include "cpu/truncated.hpp"

namespace fast_init::FAST_INIT_ISA {
namespace {

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

// The tiles that one buffer holds, by their numbers in the stream. All have the same high word of their
// blocks' indices, so that it stays a scalar.
struct Batch {
    std::uint64_t tile[BUFFER_TILES] = {};
    int count = 0;

    FAST_INIT_INLINE static std::uint64_t high_word(std::uint64_t tile) { return tile / (SPAN / TILE_BLOCKS); }

    // Adds tiles from `first` on, as many of `count` as there is room for, and says how many.
    FAST_INIT_INLINE int add(std::uint64_t first, std::uint64_t wanted) {
        const int room = BUFFER_TILES - count, n = wanted < std::uint64_t(room) ? int(wanted) : room;
        for (int k = 0; k < n; ++k) {
            if (high_word(first + std::uint64_t(k)) != high_word(count == 0 ? first : tile[0])) return k;
            tile[count++] = first + std::uint64_t(k);
        }
        return n;
    }

  private:
    static constexpr std::uint64_t SPAN = std::uint64_t(1) << 32;
};

// Stage 1: the words of a batch, in stream order; more may be written, up to a multiple of BLOCKS.
template <class Family>
__attribute__((noinline)) void draw_words(const Draw& draw, const Keys& keys, const Batch& batch, char* buffer) {
    const std::uint64_t high = Batch::high_word(batch.tile[0]);
    for (int b = 0; b < batch.count * TILE_BLOCKS; b += BLOCKS) {
        States<State<U64, std::uint64_t, std::uint64_t, std::uint64_t>, INTERLEAVE> counters;
        for (int i = 0; i < INTERLEAVE; ++i) {
            const int at = b + i * LANES<U64>;
            const U64 index =
                iota<U64>() + (batch.tile[at / TILE_BLOCKS] * TILE_BLOCKS + std::uint64_t(at % TILE_BLOCKS));
            counters.s[i] = {index, high, draw.stream, draw.stream >> 32};
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
template <class Sampler>
FAST_INIT_INLINE void words_to_values(const Sampler& sampler, std::uint64_t first, char* tile) {
    using Family = typename Sampler::Family;
    using Word = typename Family::Word;
    constexpr int N = Family::WORDS;
    const auto at = [tile](int b, int k) { return place<Family>(tile, b + k / N * LANES<Word>, k % N); };
    for (int b = 0; b < TILE_BLOCKS; b += 4 / N * LANES<Word>) {
        Word w[4];
        for (int k = 0; k < 4; ++k) w[k] = load<Word>(at(b, k));
        sampler(w, first + std::uint64_t(b));
        for (int k = 0; k < 4; ++k) store(at(b, k), w[k]);
    }
}

// What a call has and its loops share.
template <template <Dtype> class Sampler, Dtype D>
struct Generator {
    using Family = typename Sampler<D>::Family;
    static constexpr std::uint64_t TILE = TILE_BLOCKS * Family::WORDS;  // elements
    static constexpr std::size_t ITEM = ITEM_SIZES[int(D)];
    static constexpr std::size_t ROUNDED_TILE_BYTES = TILE * ITEM;
    const Draw& draw;
    Keys keys{draw.key};
    Sampler<D> sampler{draw, keys};

    // Tiles that the elements first .. first + count - 1, at least one, lie in.
    FAST_INIT_INLINE static std::uint64_t tiles_of(std::uint64_t first, std::size_t count) {
        return (first % TILE + count - 1) / TILE + 1;
    }

    // Stages 1 and 2 for a batch, and rounding: `take(end)` is called with the end of the values made, some tiles
    // at a time so that what it does overlaps with the arithmetic.
    template <class Take>
    FAST_INIT_INLINE void make(const Batch& batch, char* buffer, Take take) const {
        draw_words<Family>(draw, keys, batch, buffer);
        char* values = buffer;  // of the tiles before t; those of 16 bits draw together at the front
        for (int t = 0; t < batch.count; t += STORE_TILES) {
            const int end = t + STORE_TILES < batch.count ? t + STORE_TILES : batch.count;
            for (int k = t; k < end; ++k)
                words_to_values(sampler, batch.tile[k] * TILE_BLOCKS, buffer + k * TILE_BYTES);
            for (int k = t; k < end; ++k, values += ROUNDED_TILE_BYTES) round_tile<D>(buffer + k * TILE_BYTES, values);
            take(values);
        }
    }

    // A row of any length.
    void row(std::uint64_t first, std::size_t count, char* out, bool nontemporal) const {
        alignas(64) char memory[Sink::LINE + BUFFER_TILES * TILE_BYTES];
        char* const buffer = memory + Sink::LINE;
        Sink sink(out, count * ITEM, buffer + first % TILE * ITEM, nontemporal);
        for (std::uint64_t tile = first / TILE, needed = tiles_of(first, count); needed > 0;) {
            Batch batch;
            const int n = batch.add(tile, needed);
            make(batch, buffer, [&](const char* end) { sink.take(end); });
            tile += std::uint64_t(n);
            needed -= std::uint64_t(n);
            if (needed > 0) sink.go_on_at(buffer, buffer + std::size_t(n) * ROUNDED_TILE_BYTES);
        }
        sink.finish();
    }

    // Rows so short that a buffer holds several, which are made together. Returns how many it made.
    std::size_t short_rows(const Rows& rows, std::size_t begin) const {
        alignas(64) char buffer[BUFFER_TILES * TILE_BYTES];
        Batch batch;
        int tiles[BUFFER_TILES + 1] = {};  // of the batch before the row
        std::size_t n = 0;
        for (; begin + n < rows.rows && n < BUFFER_TILES; ++n) {
            const std::uint64_t first = rows.base_index + (begin + n) * rows.index_pitch,
                                wanted = tiles_of(first, rows.columns);
            if (batch.count + wanted > BUFFER_TILES || batch.add(first / TILE, wanted) < int(wanted)) break;
            tiles[n + 1] = batch.count;
        }
        batch.count = tiles[n];
        make(batch, buffer, [](const char*) {});
        for (std::size_t r = 0; r < n; ++r) {
            const std::uint64_t first = rows.base_index + (begin + r) * rows.index_pitch;
            std::memcpy(rows.out + std::ptrdiff_t(begin + r) * rows.pitch,
                        buffer + std::size_t(tiles[r]) * ROUNDED_TILE_BYTES + first % TILE * ITEM, rows.columns * ITEM);
        }
        return n;
    }
};

template <template <Dtype> class Sampler, Dtype D>
void generate(const Draw& draw, const Rows& rows) {
    if (rows.columns == 0) return;
    const Generator<Sampler, D> generator{draw};
    for (std::size_t r = 0; r < rows.rows;) {
        const std::uint64_t first = rows.base_index + r * rows.index_pitch;
        if (rows.rows - r > 1 && rows.columns < BUFFER_TILES / 2 * generator.TILE)
            if (const std::size_t made = generator.short_rows(rows, r); made > 0) {
                r += made;
                continue;
            }
        generator.row(first, rows.columns, rows.out + std::ptrdiff_t(r++) * rows.pitch, rows.nontemporal);
    }
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

// The kernel of two codes; null where the distribution has no such dtype.
template <Distribution L, Dtype D>
consteval Generate generate_for() {
    if constexpr ((L == Distribution::BITS) != (D == Dtype::UINT32)) {
        return nullptr;
    } else if constexpr (L == Distribution::BITS) {
        return generate<Bits, D>;
    } else if constexpr (L == Distribution::UNIFORM) {
        return generate<Uniform, D>;
    } else if constexpr (L == Distribution::NORMAL) {
        return generate<Normal, D>;
    } else if constexpr (L == Distribution::TRUNCATED_CENTER) {
        return generate<TruncatedCenter, D>;
    } else {
        static_assert(L == Distribution::TRUNCATED_TAIL, "a distribution without a sampler");
        return generate<TruncatedTail, D>;
    }
}

template <int... K>
consteval Kernels all_kernels(std::integer_sequence<int, K...>) {
    Kernels all{{}, philox_blocks};
    ((all.generate[K / DTYPES][K % DTYPES] = generate_for<Distribution(K / DTYPES), Dtype(K % DTYPES)>()), ...);
    return all;
}

}  // namespace

extern const Kernels kernels;
constinit const Kernels kernels = all_kernels(std::make_integer_sequence<int, DISTRIBUTIONS * DTYPES>());

}  // namespace fast_init::FAST_INIT_ISA
