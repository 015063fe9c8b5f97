// From the arguments of a Python call to a Job.
#pragma once

#include <pybind11/pybind11.h>

#include "fill/fill.hpp"
#include "stream/parameters.hpp"

namespace fast_init {

// The fields of a call and of a plan in the order in which Python passes them, from one list each: _core.CALL_FIELDS
// and _core.PLAN_FIELDS are their names. index_strides is () for row-major.
#define FAST_INIT_CALL_FIELDS(ENTRY) \
    ENTRY(array) ENTRY(plan) ENTRY(key) ENTRY(stream) ENTRY(base_index) ENTRY(index_strides)
#define FAST_INIT_PLAN_FIELDS(ENTRY) ENTRY(distribution) ENTRY(dtype) ENTRY(parameters)
#define FAST_INIT_FIELD(name) name,
#define FAST_INIT_NAME(name) #name,

struct Call {
    enum Field { FAST_INIT_CALL_FIELDS(FAST_INIT_FIELD) FIELDS };
    static constexpr const char* NAMES[] = {FAST_INIT_CALL_FIELDS(FAST_INIT_NAME)};
};
struct Plan {
    enum Field { FAST_INIT_PLAN_FIELDS(FAST_INIT_FIELD) FIELDS };
    static constexpr const char* NAMES[] = {FAST_INIT_PLAN_FIELDS(FAST_INIT_NAME)};
};

#undef FAST_INIT_CALL_FIELDS
#undef FAST_INIT_PLAN_FIELDS
#undef FAST_INIT_FIELD
#undef FAST_INIT_NAME

// A job and the memory of its parameters, in which it points: neither copied nor moved. The array must outlive it.
class Request {
  public:
    // Reads Call::FIELDS fields. Throws Python's errors for a wrong type, number of items or code; that the array can
    // be filled, and all else, the Python layer has checked.
    explicit Request(PyObject* const* fields);
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    const Job& job() const { return job_; }
    pybind11::ssize_t elements() const { return elements_; }

  private:
    void read_plan(PyObject* plan);
    void read_destination(PyObject* object, PyObject* base_index, PyObject* index_strides);

    double parameters_[COUNT_OF<TruncatedParameters64>];  // the largest layout; the heap would cost a small call much
    Job job_;
    pybind11::ssize_t elements_;
};

}  // namespace fast_init
