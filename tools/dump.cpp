// Writes elements of a stream to stdout, for check_cross.py: DISTRIBUTION DTYPE SEED STREAM COUNT STREAMING
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "../cpp/kernels/kernel.hpp"

namespace fast_init::generic {
extern const Kernels kernels;
}

int main(int, char** argv) {
    using namespace fast_init;
    const int distribution = std::atoi(argv[1]), dtype = std::atoi(argv[2]);
    const std::size_t count = std::strtoull(argv[5], nullptr, 10);
    const Draw draw{std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10), 0.0, 1.0};
    std::vector<char> values(count * ITEM_SIZE[dtype]);
    generic::kernels.generate[distribution][dtype](draw, 0, count, values.data(), std::atoi(argv[6]) != 0);
    return std::fwrite(values.data(), 1, values.size(), stdout) == values.size() ? 0 : 1;
}
