#include "fill/layout.hpp"

namespace fast_init {

Layout::Layout(const Destination& destination, std::size_t item) : item_(item) {
    collapse(destination);
    for (std::size_t k = 0; k < axes(); ++k) elements_ *= size(k);
    for (std::size_t k = 1; k < axes(); ++k)
        consecutive_ = consecutive_ && index_stride(k - 1) == size(k) * index_stride(k);
}

// Takes over all but axes of one element, each merged into the one before where memory and indices allow; what is
// left of a contiguous array is one axis. The last has index stride 1.
void Layout::collapse(const Destination& from) {
    auto& [data, axes, shape, strides, index_strides, base_index] = at_;
    data = from.data;
    base_index = from.base_index;
    axes = 0;
    for (std::size_t k = 0; k < from.axes; ++k) {
        if (from.shape[k] == 1) continue;
        const bool memory_allows = axes > 0 && strides[axes - 1] == from.shape[k] * from.strides[k];
        if (memory_allows && index_strides[axes - 1] == std::uint64_t(from.shape[k]) * from.index_strides[k]) {
            shape[axes - 1] *= from.shape[k];
        } else {
            shape[axes++] = from.shape[k];
        }
        strides[axes - 1] = from.strides[k];
        index_strides[axes - 1] = from.index_strides[k];
    }
    if (axes == 0 || index_strides[axes - 1] != 1) {
        shape[axes] = 1;
        strides[axes] = std::ptrdiff_t(item_);
        index_strides[axes++] = 1;
    }
}

char* Layout::address(std::size_t element) const {
    char* address = at_.data;
    for (std::size_t k = axes(); k-- > 0; element /= size(k)) address += std::ptrdiff_t(element % size(k)) * stride(k);
    return address;
}

std::uint64_t Layout::index(std::size_t element) const {
    std::uint64_t index = at_.base_index;
    for (std::size_t k = axes(); k-- > 0; element /= size(k)) index += element % size(k) * index_stride(k);
    return index;
}

}  // namespace fast_init
