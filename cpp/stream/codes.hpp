// The codes of distributions and dtypes, by which Python, the tables of kernels and every level agree on them. Names,
// codes and sizes come from one list each, so that none can be out of step.
#pragma once

#include <cstddef>

namespace fast_init {

#define FAST_INIT_DISTRIBUTIONS(ENTRY) \
    ENTRY(BITS) ENTRY(UNIFORM) ENTRY(NORMAL) ENTRY(TRUNCATED_CENTER) ENTRY(TRUNCATED_TAIL)
// With the bytes of an item.
#define FAST_INIT_DTYPES(ENTRY) \
    ENTRY(UINT32, 4) ENTRY(FLOAT32, 4) ENTRY(FLOAT16, 2) ENTRY(BFLOAT16, 2) ENTRY(FLOAT64, 8)

#define FAST_INIT_CODE(name, ...) name,
#define FAST_INIT_NAME(name, ...) #name,
#define FAST_INIT_SIZE(name, size) size,

enum class Distribution { FAST_INIT_DISTRIBUTIONS(FAST_INIT_CODE) };
enum class Dtype { FAST_INIT_DTYPES(FAST_INIT_CODE) };

constexpr const char* DISTRIBUTION_NAMES[] = {FAST_INIT_DISTRIBUTIONS(FAST_INIT_NAME)};
constexpr const char* DTYPE_NAMES[] = {FAST_INIT_DTYPES(FAST_INIT_NAME)};
constexpr std::size_t ITEM_SIZES[] = {FAST_INIT_DTYPES(FAST_INIT_SIZE)};

constexpr int DISTRIBUTIONS = sizeof DISTRIBUTION_NAMES / sizeof *DISTRIBUTION_NAMES;
constexpr int DTYPES = sizeof DTYPE_NAMES / sizeof *DTYPE_NAMES;

#undef FAST_INIT_DISTRIBUTIONS
#undef FAST_INIT_DTYPES
#undef FAST_INIT_CODE
#undef FAST_INIT_NAME
#undef FAST_INIT_SIZE

}  // namespace fast_init
