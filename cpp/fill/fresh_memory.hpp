// Large pages for memory that was never written.
#pragma once

#include "fill/destination.hpp"

namespace fast_init {

// Asks the system for large pages where a large destination, of `item` bytes an element, is about to be written for the
// first time: a page fault costs more than drawing what fits the page. NumPy asks for its own arrays; memory of other
// allocators comes here. Nothing depends on the answer, and errors are ignored. Linux; elsewhere it does nothing.
void advise_fresh(const Destination& destination, std::size_t item);

}  // namespace fast_init
