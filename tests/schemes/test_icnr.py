"""The kernel before a pixel shuffle: its sub-kernels are equal, and each is the draw of its scheme."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, Scheme
from fast_init.checkpoints.verification import verify_checkpoint
from support.draws import FLOATS, Array, as_bits

SHAPE, SMALL = (36, 5, 3, 3), (4, 5, 3, 3)  # of upscale 3
KERNELS: dict[str, fi.Scheme] = {
    "he_normal": fi.he_normal(),
    "by fan_out": fi.xavier_uniform(),
    "normal": fi.normal(0.5, 2.0),
    "cut": fi.trunc_normal(std=0.02),
    "orthogonal": fi.orthogonal(),
    "dirac": fi.dirac(),
    "zeros": fi.zeros(),
    "ramp": fi.ramp(),
    "itself": fi.icnr(fi.he_normal(), 2),
}


def whole(scheme: fi.Scheme, dtype: Any = np.float32) -> Array:
    return scheme.fill_(np.empty(SHAPE, dtype), seed=42, name="up.weight")


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("kernel", KERNELS)
def test_output_c_r2_plus_k_is_output_c_of_the_smaller_kernel(kernel: str, dtype: Any) -> None:
    small = KERNELS[kernel].fill_(np.empty(SMALL, dtype), seed=42, name="up.weight")
    w = whole(fi.icnr(KERNELS[kernel], 3), dtype)
    for output in range(36):
        assert np.array_equal(as_bits(w[output]), as_bits(small[output // 9]))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("shape", "offset"), [((7, 2, 3, 3), (5, 1, 0, 0)), ((1, 5, 1, 3), (35, 0, 2, 0)), ((100,), 333), ((1620,), 0)]
)
def test_a_part_has_the_bits_of_the_whole(kernel: str, shape: tuple[int, ...], offset: Any) -> None:
    scheme = fi.icnr(KERNELS[kernel], 3)
    part = scheme.fill_(np.empty(shape, np.float32), seed=42, name="up.weight", global_shape=SHAPE, offset=offset)
    w = whole(scheme)
    if isinstance(offset, int):
        expected = w.reshape(-1)[offset : offset + len(part)]
    else:
        expected = w[tuple(slice(o, o + n) for o, n in zip(offset, shape, strict=True))]
    assert np.array_equal(as_bits(part), as_bits(expected))


def test_the_scale_is_that_of_the_smaller_kernels_fans() -> None:
    assert fi.icnr(fi.he_normal(mode="fan_out"), 3).std_for(SHAPE) == fi.he_normal(mode="fan_out").std_for(SMALL)
    assert fi.icnr(fi.he_normal(), 3).fans_for(SHAPE) == (45, 36)
    assert fi.icnr(fi.normal()).fans_for(SHAPE) is None
    assert fi.icnr(fi.he_normal()).times(4, 0.5) == fi.icnr(fi.he_normal().times(4, 0.5))
    assert [fi.icnr(scheme).fan_in_power for scheme in (fi.he_normal(), fi.normal())] == [-0.5, 0.0]


@pytest.mark.parametrize("kernel", KERNELS)
def test_its_law_and_its_bits_are_verified(kernel: str) -> None:
    scheme = fi.icnr(KERNELS[kernel], 3)
    w = whole(scheme)
    assert fi.verify(w, scheme)
    assert fi.verify(w, scheme, seed=42, name="up.weight")
    for wrong in (w.copy(), 1.5 * w + 1):
        wrong[10, 4, 1, 2] += 1
        assert not fi.verify(wrong, scheme)
        assert not fi.verify(wrong, scheme, seed=42, name="up.weight")


def test_equal_sub_kernels_of_another_law_are_none_of_its_draws() -> None:
    assert not fi.verify(whole(fi.icnr(fi.normal(std=0.5), 3)), fi.icnr(fi.normal(std=1.5), 3))
    assert not fi.verify(whole(fi.icnr(fi.ones(), 3)), fi.icnr(fi.zeros(), 3))
    assert not fi.verify(whole(fi.icnr(fi.orthogonal(), 3)), fi.icnr(fi.orthogonal(2.0), 3))
    assert not fi.verify(whole(fi.he_normal()), fi.icnr(fi.he_normal(), 3))


@pytest.mark.parametrize("kernel", KERNELS)
def test_it_is_the_same_after_a_trip_through_text(kernel: str) -> None:
    scheme = fi.icnr(KERNELS[kernel], 3)
    assert Scheme.from_dict(scheme.to_dict()) == scheme
    assert hash(Scheme.from_dict(scheme.to_dict())) == hash(scheme)
    recipe = Recipe([("*", scheme)])
    assert Recipe.loads(recipe.to_json()) == recipe
    pytest.importorskip("tomllib")
    assert Recipe.loads(recipe.to_toml()) == recipe


def test_icnr_of_icnr_is_one_of_both_upscales() -> None:
    """Else a recipe of seventy nested ones would be a text that cannot be read, and its checkpoint not be verified."""
    assert fi.icnr(fi.icnr(fi.he_normal(), 2), 3) == fi.icnr(fi.he_normal(), 6)
    scheme = fi.icnr(fi.ones(), 1)
    for _ in range(3000):
        scheme = fi.icnr(scheme, 1)
    assert Recipe.loads(Recipe([("*", scheme)]).to_json()).rule_for("w").scheme == scheme == fi.icnr(fi.ones(), 1)


def test_a_text_may_name_any_scheme() -> None:
    pytest.importorskip("tomllib")
    text = '[[rule]]\npattern = "*"\nscheme = "icnr"\nkernel = {scheme = "he_uniform", mode = "fan_out"}\nupscale = 3\n'
    assert Recipe.loads(text).rule_for("w").scheme == fi.icnr(fi.he_uniform(mode="fan_out"), 3)


def test_a_checkpoint_holds_it_and_refuses_anothers(tmp_path: Path) -> None:
    recipe = Recipe([("up.weight", fi.icnr(fi.he_normal(), 3)), ("*", fi.zeros())])
    tensors = {"up.weight": (SHAPE, "float32"), "up.bias": ((36,), "float32")}
    fi.write_checkpoint(tmp_path, tensors, recipe, seed=42)
    assert verify_checkpoint(tmp_path)
    assert verify_checkpoint(tmp_path, recipe=recipe, seed=42, every=True)
    other = Recipe([("up.weight", fi.he_normal()), ("*", fi.zeros())])
    assert not verify_checkpoint(tmp_path, recipe=other, seed=42)


OUTPUTS = "the outputs, its first axis, must be a multiple of upscale^2 = 4"
WEIGHTS: list[tuple[fi.Scheme, tuple[int, ...], str]] = [
    (fi.icnr(), (6, 5, 3, 3), f"shape is (6, 5, 3, 3); {OUTPUTS}: pass the weight before a pixel shuffle"),
    (fi.icnr(), (), f"shape is (); {OUTPUTS}"),
    (fi.icnr(fi.he_normal(layout="...io")), (8, 3, 4, 4), "kernel has the layout '...io'; PixelShuffle shuffles"),
    (fi.icnr(fi.he_normal()), (8,), "shape (8,) has 1 axes; layout 'oi...' needs at least 2"),
    (fi.icnr(fi.eye()), (8, 3, 4), "shape (2, 3, 4) has 3 axes; a matrix has 2"),
]


@pytest.mark.parametrize(("scheme", "shape", "text"), WEIGHTS)
def test_a_weight_that_it_does_not_fit_is_untouched(scheme: fi.Scheme, shape: tuple[int, ...], text: str) -> None:
    w = np.full(shape, 7, np.float32)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}"):
        scheme.fill_(w, seed=1)
    assert (w == 7).all()


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"kernel": 0.02}, TypeError, "kernel is 0.02; it must be a record without formulas: pass he_normal(), say"),
        ({"kernel": fi.formula(fi.normal, std="1 / d")}, TypeError, "kernel is formula(normal, mean=0.0, std="),
        ({"kernel": fi.he_normal}, TypeError, "kernel is <function he_normal"),
        ({"kernel": {"scheme": "he"}}, ValueError, "scheme is 'he'; it must be one of"),
        ({"upscale": 0}, ValueError, "upscale is 0; it must be at least 1"),
        (
            {"upscale": 10**99},
            ValueError,
            "upscale is an int of 329 bits; it must be below 2**63, as lengths are: pass",
        ),
        ({"upscale": 1.5}, TypeError, "upscale is 1.5; it must be an int"),
    ],
)
def test_errors(arguments: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(text)}"):
        fi.icnr(**arguments)


def test_without_elements_there_is_nothing_to_do() -> None:
    with pytest.warns(fi.EmptyArrayWarning):
        fi.icnr().fill_(np.empty((0, 5, 3, 3)), seed=1)
    for upscale in (2, 2**40):
        assert fi.verify(np.empty((0, 5, 3, 3)), fi.icnr(upscale=upscale))
    assert fi.verify(np.empty((8, 0, 3, 3)), fi.icnr())


def test_docstrings() -> None:
    names = {"np": np, **{name: getattr(fi, name) for name in fi.__all__}}
    assert doctest.testmod(importlib.import_module("fast_init.schemes.icnr"), extraglobs=names).failed == 0
