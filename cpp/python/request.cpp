#include "python/request.hpp"

#include <pybind11/numpy.h>

#include <algorithm>
#include <span>
#include <string>

#include "cpu/dispatch.hpp"

namespace py = pybind11;

namespace fast_init {
namespace {

std::uint64_t integer(PyObject* object) {
    const unsigned long long value = PyLong_AsUnsignedLongLong(object);
    if (value == -1ull && PyErr_Occurred()) throw py::error_already_set();
    return value;
}

double real(PyObject* object) {
    const double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred()) throw py::error_already_set();
    return value;
}

std::span<PyObject* const> items_of(PyObject* object, const char* what) {
    if (!PyTuple_Check(object)) throw py::type_error(std::string(what) + " must be a tuple");
    return {reinterpret_cast<PyTupleObject*>(object)->ob_item, std::size_t(PyTuple_GET_SIZE(object))};
}

template <class Code>
Code code(PyObject* object, int codes, const char* what) {
    const std::uint64_t value = integer(object);
    if (value >= std::uint64_t(codes)) throw py::value_error(std::string(what) + " is no code of this build");
    return Code(value);
}

std::size_t parameters_of(Distribution distribution, Dtype dtype) {
    switch (distribution) {
        case Distribution::BITS:
            return 0;
        case Distribution::UNIFORM:
            return COUNT_OF<UniformParameters>;
        case Distribution::NORMAL:
            return COUNT_OF<NormalParameters>;
        case Distribution::TRUNCATED_CENTER:
        case Distribution::TRUNCATED_TAIL:
            return dtype == Dtype::FLOAT64 ? COUNT_OF<TruncatedParameters64> : COUNT_OF<TruncatedParameters32>;
    }
    return 0;
}

}  // namespace

Request::Request(PyObject* const* fields) {
    read_plan(fields[Call::plan]);
    job_.draw = {integer(fields[Call::key]), integer(fields[Call::stream]), parameters_};
    read_destination(fields[Call::array], fields[Call::base_index], fields[Call::index_strides]);
}

void Request::read_plan(PyObject* plan) {
    const auto fields = items_of(plan, "plan");
    if (fields.size() != Plan::FIELDS) throw py::type_error("plan must have as many fields as PLAN_FIELDS");
    job_.distribution = code<Distribution>(fields[Plan::distribution], DISTRIBUTIONS, "distribution");
    job_.dtype = code<Dtype>(fields[Plan::dtype], DTYPES, "dtype");
    if (active_level().kernels->generate[int(job_.distribution)][int(job_.dtype)] == nullptr)
        throw py::value_error("the distribution cannot be drawn in this dtype");
    const auto parameters = items_of(fields[Plan::parameters], "parameters");
    if (parameters.size() != parameters_of(job_.distribution, job_.dtype))
        throw py::value_error("parameters must be those of stream/parameters.hpp");
    std::transform(parameters.begin(), parameters.end(), parameters_, real);
}

void Request::read_destination(PyObject* object, PyObject* base_index, PyObject* index_strides) {
    if (!py::isinstance<py::array>(object)) throw py::type_error("array must be a NumPy array");
    const auto array = py::reinterpret_borrow<py::array>(object);
    elements_ = array.size();
    Destination& destination = job_.destination;
    destination.data = static_cast<char*>(const_cast<void*>(array.data()));
    destination.axes = std::size_t(array.ndim());
    std::copy_n(array.shape(), array.ndim(), destination.shape);
    std::copy_n(array.strides(), array.ndim(), destination.strides);
    destination.base_index = integer(base_index);
    const auto strides = items_of(index_strides, "index_strides");
    if (!strides.empty() && strides.size() != destination.axes)
        throw py::value_error("index_strides must be () or as many as the array's axes");
    std::uint64_t stride = 1;  // row-major, unless given
    for (std::size_t k = destination.axes; k-- > 0; stride *= std::uint64_t(destination.shape[k]))
        destination.index_strides[k] = strides.empty() ? stride : integer(strides[k]);
}

}  // namespace fast_init
