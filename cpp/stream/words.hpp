// From (key, stream id, element) to words: Philox4x32 and the order in which elements take its words
// (docs/stream.md, "Words"). Files of this folder define values: constants alone, no code and no ISA in them, so that
// every level, and a kernel for another device, may include them.
#pragma once

#include <cstdint>

namespace fast_init {

// Philox4x32 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC'11).
constexpr std::uint32_t PHILOX_M0 = 0xD2511F53, PHILOX_M1 = 0xCD9E8D57;  // multipliers
constexpr std::uint32_t PHILOX_W0 = 0x9E3779B9, PHILOX_W1 = 0xBB67AE85;  // key increments
constexpr int PHILOX_ROUNDS = 10;

// A tile is the elements of so many consecutive blocks: word 0 of each, then word 1 of each, and so on.
constexpr int TILE_BLOCKS = 16;

// Words of a block: of 32 bits each, or two of those joined, the lower first.
constexpr int WORDS_32 = 4, WORDS_64 = 2;

// Words nearer to an end than this are continued by 32 further bits, those of the word of the same number in the block
// whose index has the tail domain's bit set: with a 31-bit radius alone |z| would end at 6.6 and be coarse before.
// No element's own block is in the tail domain. The 64-bit family needs no continuation.
constexpr std::uint64_t TAIL_DOMAIN = std::uint64_t(1) << 63;
constexpr float TAIL_BOUND = 4096;

// A uniform is a word's leading bits, what is left after the shift, in steps of 2^-24 or 2^-53: exact.
constexpr int UNIFORM_SHIFT_32 = 8, UNIFORM_SHIFT_64 = 11;
constexpr float UNIFORM_STEP_32 = 0x1p-24f;
constexpr double UNIFORM_STEP_64 = 0x1p-53;

// A word read as a signed integer, in these steps, is half the turn of Box-Muller's angle: in [-1/2, 1/2].
constexpr float ANGLE_STEP_32 = 0x1p-32f;
constexpr double ANGLE_STEP_64 = 0x1p-64;

}  // namespace fast_init
