#include "python/functions.hpp"

#include <climits>
#include <deque>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "cpu/dispatch.hpp"
#include "python/request.hpp"

namespace py = pybind11;

namespace fast_init {
namespace {

// Called without the GIL; leaves a pending exception set when it says true.
bool python_was_interrupted() {
    const PyGILState_STATE state = PyGILState_Ensure();
    const bool interrupted = PyErr_CheckSignals() != 0;
    PyGILState_Release(state);
    return interrupted;
}

// Whoever asks for the GIL while the interpreter ends does not come back: Python ends the thread by pthread_exit, which
// unwinds the stack. So the GIL is taken by plain calls, not in destructors, and no frame from here up is noexcept:
// either would end the process instead.
void run(std::span<const Job* const> jobs, int threads, bool long_enough) {
    if (!long_enough) {  // for a microsecond's work the GIL is not worth its 50 ns
        if (!fill(jobs, threads, python_was_interrupted)) throw py::error_already_set();
        return;
    }
    PyThreadState* const state = PyEval_SaveThread();
    bool finished;
    try {
        finished = fill(jobs, threads, python_was_interrupted);
    } catch (const std::exception&) {
        PyEval_RestoreThread(state);
        throw;
    }
    PyEval_RestoreThread(state);
    if (!finished) throw py::error_already_set();
}

// What body() returns; what it throws becomes a Python error, as in a function that pybind11 registers.
template <class Body>
PyObject* guarded(Body body) {
    try {
        return body();
    } catch (py::error_already_set& error) {
        error.restore();
    } catch (const py::builtin_exception& error) {
        error.set_error();
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::invalid_argument& error) {
        set_value_error(error);
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

int threads_of(PyObject* object) {
    const long threads = PyLong_AsLong(object);
    if (threads == -1 && PyErr_Occurred()) throw py::error_already_set();
    if (threads < 1 || threads > INT_MAX) throw py::value_error("threads must be at least 1");
    return int(threads);
}

}  // namespace

void set_value_error(const std::invalid_argument& error) {
    if (PyObject* const text = PyUnicode_DecodeFSDefault(error.what())) {
        PyErr_SetObject(PyExc_ValueError, text);
        Py_DECREF(text);
    }
}

PyObject* fill_array(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
    return guarded([=] {
        if (count != Call::FIELDS + 1)
            throw py::type_error("fill takes " + std::to_string(Call::FIELDS + 1) + " arguments, not " +
                                 std::to_string(count));
        const Request request(arguments);
        const Job* const job = &request.job();
        run({&job, 1}, threads_of(arguments[Call::FIELDS]), request.elements() > 4096);
        return PyLong_FromSsize_t(request.elements());
    });
}

void fill_arrays(const py::list& calls, int threads) {
    std::deque<Request> requests;  // which do not move
    std::vector<const Job*> jobs;
    for (const py::handle call : calls) {
        if (!PyTuple_Check(call.ptr()) || PyTuple_GET_SIZE(call.ptr()) != Call::FIELDS)
            throw py::type_error("a call must be a tuple of as many fields as CALL_FIELDS");
        jobs.push_back(&requests.emplace_back(reinterpret_cast<PyTupleObject*>(call.ptr())->ob_item).job());
    }
    run(jobs, threads, true);
}

Words philox4x32(const Words& counters, const Words& key, int rounds) {
    if (counters.ndim() != 2 || counters.shape(1) != 4 || key.ndim() != 1 || key.shape(0) != 2)
        throw py::value_error("counters must have shape (n, 4) and key shape (2,)");
    if (rounds < 0 || rounds > 10) throw py::value_error("rounds must be in 0 .. 10");
    Words blocks({counters.shape(0), py::ssize_t(4)});
    active_level().kernels->philox_blocks(counters.data(), std::size_t(counters.shape(0)), key.data(), rounds,
                                          blocks.mutable_data());
    return blocks;
}

}  // namespace fast_init
