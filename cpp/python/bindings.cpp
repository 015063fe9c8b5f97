// The Python module fast_init._core: a table of contents. Arguments come checked by the Python layer.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>

#include "cpu/dispatch.hpp"
#include "fill/floating_point.hpp"
#include "python/functions.hpp"
#include "python/request.hpp"

namespace py = pybind11;
using namespace fast_init;

namespace {

// A code is its name's place.
template <int N>
void add_codes(py::module_& m, const char* const (&names)[N]) {
    for (int k = 0; k < N; ++k) m.attr(names[k]) = k;
}

template <std::size_t N>
py::tuple tuple_of(const char* const (&names)[N]) {
    py::tuple tuple(N);
    for (std::size_t k = 0; k < N; ++k) tuple[k] = names[k];
    return tuple;
}

PyMethodDef UNWRAPPED[] = {
    {"fill", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(fill_array)), METH_FASTCALL,
     "fill(array, plan, key, stream, base_index, index_strides, threads): fill a checked array, return its size."},
    {},
};

// A Python context with the default floating-point environment, for the numbers that Python computes from parameters.
struct FloatingPointContext {
    std::optional<DefaultFloatingPoint> environment;
};

}  // namespace

// pybind11's initialisation waits for ever in an interpreter that is not the process's first (Python 3.11, pybind11 2
// and 3): it gets another name, and is called by one that looks first.
#define PyInit__core initialise_core
PYBIND11_MODULE(_core, m, py::mod_gil_not_used()) {
    m.doc() = "Kernels of fast_init. Private: use the functions of fast_init.";
    m.attr("COMPILER") = FAST_INIT_COMPILER;
    add_codes(m, DISTRIBUTION_NAMES);
    add_codes(m, DTYPE_NAMES);
    m.attr("QUANTILE_TERMS_32") = py::make_tuple(QUANTILE_TERMS_32[0], QUANTILE_TERMS_32[1]);
    m.attr("QUANTILE_TERMS_64") = py::make_tuple(QUANTILE_TERMS_64[0], QUANTILE_TERMS_64[1]);
    m.attr("CALL_FIELDS") = tuple_of(Call::NAMES);
    m.attr("PLAN_FIELDS") = tuple_of(Plan::NAMES);

    if (PyModule_AddFunctions(m.ptr(), UNWRAPPED) != 0) throw py::error_already_set();
    m.def("fill_many", &fill_arrays, py::arg("calls"), py::arg("threads"),
          "Fill checked arrays on one team of threads; a call is a tuple of fill's arguments without threads.");
    m.def("philox4x32", &philox4x32, py::arg("counters").noconvert(), py::arg("key").noconvert(),
          py::arg("rounds") = 10, "Blocks of Philox4x32 by the active level's kernel, for known-answer tests.");
    py::class_<FloatingPointContext>(m, "DefaultFloatingPoint",
                                     "Within it this thread rounds to nearest and keeps subnormals.")
        .def(py::init<>())
        .def("__enter__", [](FloatingPointContext& self) { self.environment.emplace(); })
        .def("__exit__", [](FloatingPointContext& self, const py::args&) { self.environment.reset(); });
    py::register_local_exception_translator([](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const std::invalid_argument& error) {
            set_value_error(error);
        }
    });
    m.def("available_isas", &available_isas, "ISA levels that this processor runs, best first.");
    m.def("active_isa", [] { return active_level().name; }, "The ISA level in use.");
}
#undef PyInit__core

extern "C" PYBIND11_EXPORT PyObject* PyInit__core() {
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return initialise_core();
    PyErr_SetString(PyExc_ImportError,
                    "fast_init is imported in a subinterpreter; it runs in the main interpreter of a process only: "
                    "import it there, or in a process of its own");
    return nullptr;
}
