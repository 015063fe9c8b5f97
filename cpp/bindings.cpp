// The Python module fast_init._core: a table of contents. Arguments come checked by the Python layer.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <optional>
#include <deque>
#include <vector>

#include "dispatch.hpp"
#include "fill.hpp"

namespace py = pybind11;
using namespace fast_init;

namespace {

// Called without the GIL; leaves a pending exception set when it says true.
bool python_was_interrupted() {
    const py::gil_scoped_acquire gil;
    return PyErr_CheckSignals() != 0;
}

struct Request {
    std::vector<double> table;
    Job job;
    Request(PyObject* const* f) {
        const auto number = [](PyObject* x) { return PyLong_AsUnsignedLongLong(x); };
        const auto array = py::reinterpret_borrow<py::array>(f[0]);
        PyObject* const* plan = &PyTuple_GET_ITEM(f[1], 0);
        const Py_ssize_t n = PyTuple_GET_SIZE(plan[2]);
        const auto real = [&](Py_ssize_t k) { return PyFloat_AsDouble(PyTuple_GET_ITEM(plan[2], k)); };
        for (Py_ssize_t k = 2; k < n; ++k) table.push_back(real(k));
        job.draw = {number(f[2]), number(f[3]), n ? real(0) : 0, n ? real(1) : 0, table.data()};
        job.distribution = Distribution(number(plan[0]));
        job.dtype = Dtype(number(plan[1]));
        Destination& destination = job.destination;
        destination.data = static_cast<char*>(const_cast<void*>(array.data()));
        destination.axes = std::size_t(array.ndim());
        std::copy_n(array.shape(), array.ndim(), destination.shape);
        std::copy_n(array.strides(), array.ndim(), destination.strides);
        destination.first = number(f[4]);
        std::uint64_t step = 1;
        for (std::size_t k = destination.axes; k-- > 0; step *= std::uint64_t(destination.shape[k]))
            destination.steps[k] = PyTuple_GET_SIZE(f[5]) == 0 ? step : number(PyTuple_GET_ITEM(f[5], Py_ssize_t(k)));
    }
};

void run(const Job* jobs, std::size_t count, int threads, bool long_enough) {
    std::optional<py::gil_scoped_release> no_gil;  // for a microsecond's work it is not worth its 50 ns
    if (long_enough) no_gil.emplace();
    const bool finished = fill(jobs, count, threads, python_was_interrupted);
    no_gil.reset();
    if (!finished) throw py::error_already_set();
}

PyObject* fill_array(PyObject*, PyObject* const* f, Py_ssize_t) {
    try {
        const Request request(f);
        const py::ssize_t size = py::reinterpret_borrow<py::array>(f[0]).size();
        run(&request.job, 1, int(PyLong_AsLong(f[6])), size > 4096);
        return PyLong_FromSsize_t(size);
    } catch (py::error_already_set& e) {
        e.restore();
    } catch (const std::exception& e) {
        PyErr_SetString(PyExc_ValueError, e.what());
    }
    return nullptr;
}
PyMethodDef fill_def = {"fill", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(fill_array)), METH_FASTCALL, ""};

void fill_arrays(const py::list& calls, int threads) {
    std::deque<Request> requests;
    std::vector<Job> jobs;
    for (const py::handle item : calls) {
        requests.emplace_back(&PyTuple_GET_ITEM(item.ptr(), 0));
        jobs.push_back(requests.back().job);
        jobs.back().draw.table = requests.back().table.data();
    }
    run(jobs.data(), jobs.size(), threads, true);
}

using Words = py::array_t<std::uint32_t, py::array::c_style>;

Words philox4x32(const Words& counters, const Words& key, int rounds) {
    if (counters.ndim() != 2 || counters.shape(1) != 4 || key.ndim() != 1 || key.shape(0) != 2)
        throw py::value_error("counters must have shape (n, 4) and key shape (2,)");
    if (rounds < 0 || rounds > 10) throw py::value_error("rounds must be in 0 .. 10");
    Words blocks({counters.shape(0), py::ssize_t(4)});
    active_level().kernels->philox_blocks(counters.data(), std::size_t(counters.shape(0)), key.data(), rounds,
                                          blocks.mutable_data());
    return blocks;
}

}  // namespace

PYBIND11_MODULE(_core, m, py::mod_gil_not_used()) {
    m.doc() = "Kernels of fast_init. Private: use the functions of fast_init.";
    m.attr("COMPILER") = FAST_INIT_COMPILER;

    m.attr("BITS") = int(BITS);
    m.attr("UNIFORM") = int(UNIFORM);
    m.attr("NORMAL") = int(NORMAL);
    m.attr("TRUNCATED_CENTER") = int(TRUNCATED_CENTER);
    m.attr("TRUNCATED_TAIL") = int(TRUNCATED_TAIL);
    m.attr("QUANTILE_TERMS_32") = py::make_tuple(QUANTILE_TERMS_32[0], QUANTILE_TERMS_32[1]);
    m.attr("QUANTILE_TERMS_64") = py::make_tuple(QUANTILE_TERMS_64[0], QUANTILE_TERMS_64[1]);
    m.attr("UINT32") = int(UINT32);
    m.attr("FLOAT32") = int(FLOAT32);
    m.attr("FLOAT16") = int(FLOAT16);
    m.attr("BFLOAT16") = int(BFLOAT16);
    m.attr("FLOAT64") = int(FLOAT64);

    m.attr("fill") = py::reinterpret_steal<py::object>(PyCFunction_New(&fill_def, nullptr));
    m.attr("CALL_FIELDS") = py::make_tuple("array", "plan", "key", "stream", "base_index", "index_strides");
    m.attr("PLAN_FIELDS") = py::make_tuple("distribution", "dtype", "parameters");
    m.def("fill_many", &fill_arrays, py::arg("jobs"), py::arg("threads"),
          "Fill checked arrays on one team of threads; a job is a tuple of fill's arguments without threads.");
    m.def("philox4x32", &philox4x32, py::arg("counters").noconvert(), py::arg("key").noconvert(),
          py::arg("rounds") = 10, "Blocks of Philox4x32 by the active level's kernel, for known-answer tests.");
    m.def("available_isas", &available_isas, "ISA levels that this processor runs, best first.");
    m.def("active_isa", [] { return active_level().name; }, "The ISA level in use.");
    m.def("thread_limit", &thread_limit, "The most threads a fill can use: 1 without OpenMP and in a forked child.");
}
