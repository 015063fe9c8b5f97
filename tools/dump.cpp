// Writes elements of a stream to stdout, for check_cross.py:
// DISTRIBUTION DTYPE KEY STREAM COUNT NONTEMPORAL PARAMETERS...
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "cpu/kernel.hpp"

namespace fast_init::generic {
extern const Kernels kernels;
}

int main(int argc, char** argv) {
    using namespace fast_init;
    const int distribution = std::atoi(argv[1]), dtype = std::atoi(argv[2]);
    const std::size_t count = std::strtoull(argv[5], nullptr, 10);
    std::vector<double> parameters;
    for (int i = 7; i < argc; ++i) parameters.push_back(std::strtod(argv[i], nullptr));
    const Draw draw{std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10), parameters.data()};
    std::vector<char> values(count * ITEM_SIZES[dtype]);
    generic::kernels.generate[distribution][dtype](draw, {0, 0, 1, count, values.data(), 0, std::atoi(argv[6]) != 0});
    return std::fwrite(values.data(), 1, values.size(), stdout) == values.size() ? 0 : 1;
}
