"""The functions with an underscore, on CPU tensors: NumPy's bits, torch's manners."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import fast_init as fi
from support.torch_draws import CASES, DTYPES, Case, bits_of, expected

ft = fi.torch
BY_FUNCTION = pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.function))


def run(case: Case, tensor: Any) -> Any:
    """Fill the tensor by fast_init.torch and return what it returned."""
    return case.of(ft)(tensor, *case.arguments, **case.options)


@BY_FUNCTION
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_bits_are_those_of_the_numpy_call(case: Case, dtype: Any) -> None:
    tensor = torch.full(case.shape, 7, dtype=dtype)
    memory = tensor.data_ptr()
    assert run(case, tensor) is tensor
    assert tensor.data_ptr() == memory
    assert np.array_equal(bits_of(tensor), bits_of(expected(case, dtype)))


@BY_FUNCTION
def test_a_parameter_records_nothing_and_its_version_grows(case: Case) -> None:
    parameter = torch.nn.Parameter(torch.empty(case.shape))
    version = parameter._version
    assert run(case, parameter) is parameter
    assert parameter.requires_grad
    assert parameter.is_leaf
    assert parameter.grad_fn is None
    assert parameter._version > version


@BY_FUNCTION
def test_any_strides_and_only_the_view(case: Case) -> None:
    whole = torch.full([2 * n for n in reversed(case.shape)], 7.0)
    view = whole[tuple(slice(None, None, 2) for _ in case.shape)].permute(*reversed(range(len(case.shape))))
    run(case, view)
    assert np.array_equal(bits_of(view), bits_of(expected(case, torch.float32)))
    assert int((whole != 7).sum()) <= view.numel()
    assert (whole[1::2] == 7).all()


@pytest.mark.parametrize("name", [name for name in dir(torch.nn.init) if re.fullmatch("[a-z].*_", name)])
def test_arguments_of_torch_come_first_and_by_its_names(name: str) -> None:
    theirs = list(inspect.signature(getattr(torch.nn.init, name)).parameters.values())
    ours = list(inspect.signature(getattr(ft, name)).parameters.values())
    assert [(p.name, p.default) for p in ours[: len(theirs)]] == [(p.name, p.default) for p in theirs]
    assert all(p.kind is p.KEYWORD_ONLY for p in ours[len(theirs) :])


def test_every_function_of_fast_init_is_there_with_its_arguments() -> None:
    for name in fi.init.__all__:
        theirs = set(inspect.signature(getattr(fi, name)).parameters) - {"array"}
        extra = {"tensor"} | ({"generator"} if "seed" in theirs else set())
        if name in ("zeros_", "ones_", "constant_", "eye_", "dirac_"):
            extra = {"tensor"}
        assert set(inspect.signature(getattr(ft, name)).parameters) == theirs | extra


def test_bits() -> None:
    words = ft.bits_(torch.empty(5, dtype=torch.uint32), seed=1)
    assert words.tolist() == fi.bits_(np.empty(5, np.uint32), seed=1).tolist()


def test_a_generator_gives_the_key_and_advances() -> None:
    a, b = (torch.Generator().manual_seed(5) for _ in range(2))
    first, second = ft.normal_(torch.empty(4), 0.0, 1.0, a), ft.normal_(torch.empty(4), generator=a)
    assert not torch.equal(first, second)
    assert torch.equal(first, ft.normal_(torch.empty(4), generator=b))
    key = int(torch.empty((), dtype=torch.int64).random_(-(2**63), None, generator=b)) % 2**64
    assert torch.equal(second, ft.normal_(torch.empty(4), seed=key))


def test_manual_seed_holds_where_nothing_is_given() -> None:
    draws = []
    for _ in range(2):
        torch.manual_seed(3)
        draws.append(ft.he_normal_(torch.empty(3, 4)))
    assert torch.equal(*draws)
    assert not torch.equal(draws[0], ft.he_normal_(torch.empty(3, 4)))


def test_shards_by_hand() -> None:
    whole = ft.xavier_normal_(torch.empty(6, 10), seed=1, name="w")
    part = ft.xavier_normal_(torch.empty(2, 10), seed=1, name="w", global_shape=(6, 10), offset=(3, 0))
    assert torch.equal(part, whole[3:5])
    assert torch.equal(ft.eye_(torch.empty(2, 3), global_shape=(4, 3), offset=(1, 0)), torch.eye(4, 3)[1:3])


def test_a_record_fills_tensors_too() -> None:
    tensor = fi.he_normal().fill_(torch.empty(6, 10), seed=42, name="w")
    assert np.array_equal(bits_of(tensor), bits_of(expected(Case("he_normal_"), torch.float32)))


def test_backward_refuses_values_that_were_filled_since() -> None:
    w = torch.ones(3, requires_grad=True)
    y = (w * w).sum()
    ft.zeros_(w)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_subclasses_that_are_plain_memory_are_filled() -> None:
    class Named(torch.Tensor):  # type: ignore[misc]
        pass

    tensor = torch.empty(3).as_subclass(Named)
    assert ft.normal_(tensor, seed=1) is tensor
    assert torch.equal(tensor.as_subclass(torch.Tensor), ft.normal_(torch.empty(3), seed=1))


def freed() -> Any:
    """Return a tensor whose storage was taken away, as FSDP does."""
    tensor = torch.empty(3)
    tensor.untyped_storage().resize_(0)
    return tensor


WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "array": (lambda: np.empty(3, np.float32), TypeError, "tensor is a numpy.ndarray; only a torch.Tensor is filled"),
    "meta": (lambda: torch.empty(3, device="meta"), ValueError, "call fast_init.torch.materialize_ on its module"),
    "lazy": (lambda: torch.nn.LazyLinear(3).weight, ValueError, "which has no shape yet: run its lazy module once"),
    "fake": (
        lambda: __import__("torch._subclasses", fromlist=["x"]).FakeTensorMode().from_tensor(torch.empty(3)),
        TypeError,
        "FakeTensor, whose elements are not simply its memory",
    ),
    "sparse": (
        lambda: torch.eye(3).to_sparse(),
        TypeError,
        "layout torch.sparse_coo; only torch.strided can be",
    ),
    "expanded": (lambda: torch.empty(3, 1).expand(3, 4), ValueError, "elements that share memory"),
    "int": (lambda: torch.empty(3, dtype=torch.int32), TypeError, "dtype int32; only float32"),
    "complex": (lambda: torch.empty(3, dtype=torch.complex64), TypeError, "dtype complex64; only float32"),
    "float8": (lambda: torch.empty(3, dtype=torch.float8_e4m3fn), TypeError, "dtype torch.float8_e4m3fn; only float32"),
    "negated": (lambda: torch.zeros(3, dtype=torch.complex64).conj().imag, ValueError, "a lazily negated view"),
    "freed": (freed, ValueError, "has no storage, which was freed or never made: allocate it first"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("function", [ft.normal_, ft.he_normal_, ft.zeros_], ids=lambda f: str(f.__name__))
def test_what_cannot_be_filled_is_said(case: str, function: Callable[..., Any]) -> None:
    make, error, sentence = WRONG[case]
    tensor = make()
    with pytest.raises(error, match=re.escape(sentence)):
        function(tensor)


def test_wrong_keys_are_said() -> None:
    with pytest.raises(ValueError, match="seed and generator are both given; either makes the key: pass one of them"):
        ft.normal_(torch.empty(3), seed=1, generator=torch.Generator())
    with pytest.raises(TypeError, match=r"generator is 5; it must be a torch\.Generator or None"):
        ft.normal_(torch.empty(3), 0.0, 1.0, 5)
    with pytest.raises(ValueError, match="seed is -1"):
        ft.normal_(torch.empty(3), seed=-1)


def test_tensors_without_elements() -> None:
    with pytest.warns(fi.EmptyArrayWarning, match=r"shape \(0, 3\) has no elements") as record:
        ft.normal_(torch.empty(0, 3), seed=1)
    assert record[0].filename == __file__
    with pytest.raises(ValueError, match="has no elements"):
        ft.he_normal_(torch.empty(0, 3), seed=1, on_empty="error")
