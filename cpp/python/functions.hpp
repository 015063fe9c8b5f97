// The functions of the Python module fast_init._core that take more than a line.
#pragma once

#include <stdexcept>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>

namespace fast_init {

// Sets a ValueError of this text, whose bytes, of the environment perhaps, may be no UTF-8.
void set_value_error(const std::invalid_argument& error);

// fill(*call, threads) -> the number of elements: fills a checked array. Positional only, and registered as it is:
// pybind11's dispatcher costs 150 ns of a call of 350 ns.
PyObject* fill_array(PyObject* module, PyObject* const* arguments, Py_ssize_t count);

// Fills checked arrays that do not overlap on one team of threads; a call is a tuple of Call's fields.
void fill_arrays(const pybind11::list& calls, int threads);

using Words = pybind11::array_t<std::uint32_t, pybind11::array::c_style>;

// Blocks of Philox4x32 by the active level's kernel, for known-answer tests.
Words philox4x32(const Words& counters, const Words& key, int rounds);

}  // namespace fast_init
