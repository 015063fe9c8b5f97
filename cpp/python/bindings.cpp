// The Python module fast_init._core: a table of contents. Arguments come checked by the Python layer.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "cpu/dispatch.hpp"
#include "fill/fill.hpp"

namespace py = pybind11;
using namespace fast_init;

namespace {

// Called without the GIL; leaves a pending exception set when it says true.
bool python_was_interrupted() {
    const py::gil_scoped_acquire gil;
    return PyErr_CheckSignals() != 0;
}

// A job, and the memory of its table.
struct Request {
    std::vector<double> table;  // empty for most: converted by pybind11 it would take a tenth of a small call
    Job job;

    Request(const py::array& array, int distribution, int dtype, double p0, double p1, std::uint64_t seed,
            std::uint64_t stream, std::uint64_t first, const py::tuple& numbers, const py::tuple& steps) {
        for (const py::handle number : numbers) table.push_back(number.cast<double>());
        job.draw = {seed, stream, p0, p1, table.data()};
        job.distribution = Distribution(distribution);
        job.dtype = Dtype(dtype);
        Destination& destination = job.destination;
        destination.data = static_cast<char*>(const_cast<void*>(array.data()));
        destination.axes = std::size_t(array.ndim());
        std::copy_n(array.shape(), array.ndim(), destination.shape);
        std::copy_n(array.strides(), array.ndim(), destination.strides);
        destination.first = first;
        std::uint64_t step = 1;  // row-major, unless given
        for (std::size_t k = destination.axes; k-- > 0; step *= std::uint64_t(destination.shape[k]))
            destination.steps[k] = steps.empty() ? step : steps[k].cast<std::uint64_t>();
    }
};

void run(const Job* jobs, std::size_t count, int threads, bool long_enough) {
    std::optional<py::gil_scoped_release> no_gil;  // for a microsecond's work it is not worth its 50 ns
    if (long_enough) no_gil.emplace();
    const bool finished = fill(jobs, count, threads, python_was_interrupted);
    no_gil.reset();
    if (!finished) throw py::error_already_set();
}

// Returns the number of elements.
py::ssize_t fill_array(const py::array& array, int distribution, int dtype, double p0, double p1, std::uint64_t seed,
                       std::uint64_t stream, int threads, std::uint64_t first, const py::tuple& table,
                       const py::tuple& steps) {
    const Request request(array, distribution, dtype, p0, p1, seed, stream, first, table, steps);
    run(&request.job, 1, threads, array.size() > 4096);
    return array.size();
}

// Each job is a tuple of fill_array's arguments without threads.
void fill_arrays(const py::list& tuples, int threads) {
    std::vector<Job> jobs;
    std::vector<std::vector<double>> tables;
    for (const py::handle item : tuples) {
        const auto t = py::reinterpret_borrow<py::tuple>(item);
        Request request(t[0].cast<py::array>(), t[1].cast<int>(), t[2].cast<int>(), t[3].cast<double>(),
                        t[4].cast<double>(), t[5].cast<std::uint64_t>(), t[6].cast<std::uint64_t>(),
                        t[7].cast<std::uint64_t>(), t[8].cast<py::tuple>(), t[9].cast<py::tuple>());
        jobs.push_back(request.job);
        tables.push_back(std::move(request.table));  // keeps its memory, to which the job points
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

    m.def("fill", &fill_array, py::arg("array").noconvert(), py::arg("distribution"), py::arg("dtype"), py::arg("p0"),
          py::arg("p1"), py::arg("seed"), py::arg("stream"), py::arg("threads"), py::arg("first") = 0,
          py::arg("table") = py::tuple(), py::arg("steps") = py::tuple(),
          "Fill a checked array with a distribution; see cpp/fill.hpp.");
    m.def("fill_many", &fill_arrays, py::arg("jobs"), py::arg("threads"),
          "Fill checked arrays on one team of threads; a job is a tuple of fill's arguments without threads.");
    m.def("philox4x32", &philox4x32, py::arg("counters").noconvert(), py::arg("key").noconvert(),
          py::arg("rounds") = 10, "Blocks of Philox4x32 by the active level's kernel, for known-answer tests.");
    m.def("available_isas", &available_isas, "ISA levels that this processor runs, best first.");
    m.def("active_isa", [] { return active_level().name; }, "The ISA level in use.");
    m.def("thread_limit", &thread_limit, "The most threads a fill can use: 1 without OpenMP and in a forked child.");
}
