"""What JAX's tests/nn_test.py expects of initialisers, restated for ours; run with and without x64."""

from __future__ import annotations

from math import sqrt
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import fast_init as fi
from fast_init.jax import array, initializer

SHAPES = [(4,), (3, 4), (3, 3, 4), (2, 3, 4, 5), (3, 3, 3, 4, 4)]
ANY_NUMBER = ("uniform", "normal", "truncated_normal", "zeros", "ones")
AXES = {"delta_orthogonal": (3, 5), **dict.fromkeys(ANY_NUMBER, (1, 5))}  # least and most; of the others 2 and 5
NAMES = [
    *("uniform", "normal", "truncated_normal", "orthogonal", "delta_orthogonal", "zeros", "ones"),
    *(f"{kind}_{law}" for kind in ("he", "kaiming", "glorot", "xavier", "lecun") for law in ("normal", "uniform")),
]
DTYPES = [jnp.bfloat16, np.float16, np.float32, np.float64]
CASES = [
    (name, shape)
    for name in NAMES
    for shape in SHAPES
    if AXES.get(name, (2, 5))[0] <= len(shape) <= AXES.get(name, (2, 5))[1]
]
X64 = bool(jax.config.jax_enable_x64)


def key(seed: int = 0) -> Any:
    """A key of the kind that Flax hands to initialisers."""
    return jax.random.key(seed)


@pytest.mark.parametrize(("name", "shape"), CASES)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: np.dtype(dtype).name)
def test_shape_and_dtype(name: str, shape: tuple[int, ...], dtype: Any) -> None:
    w = initializer(fi.from_jax(name))(key(), shape, dtype)
    assert w.shape == shape
    assert w.dtype == (np.float64 if X64 else np.float32) if dtype is np.float64 else w.dtype == dtype


def test_the_default_dtype_is_jaxs() -> None:
    assert initializer(fi.normal())(key(), (2, 3)).dtype == jnp.zeros(()).dtype


@pytest.mark.parametrize(
    ("layout", "fans"), [("iioo", (6, 20)), ("ieoo", (2, 20)), ("...io", (24, 30)), ("e...io", (12, 15))]
)
def test_variance_scaling_over_several_axes_and_batches(layout: str, fans: tuple[int, int]) -> None:
    """JAX's in_axis=(0, 1), out_axis=(-2, -1); in_axis=0, out_axis=(2, 3), batch_axis=1."""
    scheme = fi.from_jax("variance_scaling", scale=1.0, mode="fan_avg", distribution="truncated_normal", layout=layout)
    assert initializer(scheme)(key(), (2, 3, 4, 5)).shape == (2, 3, 4, 5)
    assert scheme.std_for((2, 3, 4, 5)) == pytest.approx(sqrt(2 / sum(fans)))


def test_variance_scaling_of_a_vector_is_an_error() -> None:
    scheme = fi.from_jax("variance_scaling", scale=1.0, mode="fan_avg", distribution="truncated_normal")
    with pytest.raises(ValueError, match=r"shape \(5,\) has 1 axes; layout '...io' needs at least 2"):
        initializer(scheme)(key(), (5,))


@pytest.mark.parametrize(
    ("name", "parameter"), [("uniform", "scale"), ("normal", "stddev"), ("truncated_normal", "stddev")]
)
def test_parameters_do_not_widen_the_dtype(name: str, parameter: str) -> None:
    """JAX's testAccidentalUpcasting: a float32 parameter leaves a bfloat16 weight one of bfloat16."""
    scheme = fi.from_jax(name, **{parameter: jnp.array(1.0, jnp.float32)})
    assert initializer(scheme)(key(), (4, 4), jnp.bfloat16).dtype == jnp.bfloat16


def test_uniform_starts_at_0_and_stays_below_its_scale() -> None:
    w = np.asarray(initializer(fi.from_jax("uniform", scale=0.5))(key(), (100, 100)))
    assert w.min() >= 0
    assert 0.49 < w.max() <= 0.5


def test_bounds_of_truncated_normal_are_sigmas() -> None:
    w = np.asarray(initializer(fi.from_jax("truncated_normal", stddev=0.5, lower=-1.0, upper=3.0))(key(), (100, 100)))
    assert -0.5 <= w.min() < -0.49
    assert 1.1 < w.max() <= 1.5


def test_orthogonal_columns() -> None:
    w = np.asarray(initializer(fi.from_jax("orthogonal", scale=2.0))(key(), (3, 5, 8)), np.float64).reshape(15, 8)
    np.testing.assert_allclose(w.T @ w, 4 * np.eye(8), atol=1e-5)


def test_keys_decide_and_equal_keys_are_equal() -> None:
    draw = initializer(fi.normal())
    one, two = jax.random.split(key())
    assert (draw(one, (4, 4)) == draw(one, (4, 4))).all()
    assert (draw(one, (4, 4)) != draw(two, (4, 4))).all()


@pytest.mark.parametrize("make", [jax.random.key, jax.random.PRNGKey])
def test_a_key_of_42_is_seed_42(make: Any) -> None:
    w = initializer(fi.normal(), name="w")(make(42), (4, 4))
    assert (w == array((4, 4), w.dtype, fi.normal(), seed=42, name="w")).all()


def test_all_64_bits_of_a_key_count() -> None:
    words = jax.random.wrap_key_data(jnp.array([1, 2], jnp.uint32))
    w = initializer(fi.normal(), name="w")(words, (4, 4))
    assert (w == array((4, 4), w.dtype, fi.normal(), seed=(1 << 32) + 2, name="w")).all()


def test_longer_keys_are_hashed() -> None:
    draw = initializer(fi.normal())
    one, two = (jax.random.key(seed, impl="rbg") for seed in (1, 2))
    assert (draw(one, (4, 4)) != draw(two, (4, 4))).all()


def test_a_seed_of_its_own_holds_whatever_the_key() -> None:
    w = initializer(fi.normal(), seed=42, name="w")(key(7), (4, 4))
    assert (w == array((4, 4), w.dtype, fi.normal(), seed=42, name="w")).all()
    with pytest.raises(ValueError, match="seed is 42 without a name; all weights of a shape would be equal"):
        initializer(fi.normal(), seed=42)


@pytest.mark.parametrize("transformation", [jax.jit, jax.vmap])
def test_a_traced_key_is_an_error_that_names_init(transformation: Any) -> None:
    keys = jax.random.split(key(), 2) if transformation is jax.vmap else key()
    with pytest.raises(ValueError, match=r"key is a tracer, as under jit; .* fast_init.jax.init\(shapes, recipe"):
        transformation(lambda key: initializer(fi.normal())(key, (4, 4)))(keys)


def test_equal_initialisers_are_equal() -> None:
    """Flax hashes what its modules hold: another object each time would compile each time."""
    assert len({initializer(fi.from_jax("he_normal")), initializer(fi.from_jax("he_normal"))}) == 1


def test_float64_needs_x64_and_has_the_bits_of_numpy() -> None:
    if X64:
        w = np.asarray(array((4, 4), "float64", fi.normal(), seed=42, name="w"))
        assert w.tobytes() == fi.normal().new((4, 4), "float64", seed=42, name="w").tobytes()
    else:
        with pytest.raises(ValueError, match="dtype is float64; JAX holds it only with x64: pass float32, or call"):
            array((4, 4), "float64", fi.normal(), seed=42, name="w")
