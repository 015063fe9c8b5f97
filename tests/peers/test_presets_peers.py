"""What a preset draws against what its library draws; skipped without `pip install torch jax flax keras`."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init.presets import jax, keras, torch
from support.draws import Array
from support.peers import assert_same_law, keras_initialisers, key, peer
from support.presets import PRESETS, options_of

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs
MATRIX = (200, 300)
KERNEL = {"torch": (32, 16, 3, 3), "keras": (3, 3, 16, 32), "jax": (3, 3, 16, 32)}
OPTIONS: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("torch", "trunc_normal_"): [{"std": 2.0, "a": -1.0, "b": 3.0}],
    ("torch", "kaiming_normal_"): [{"a": 0.5, "mode": "fan_out"}, {"nonlinearity": "tanh"}],
    ("torch", "xavier_uniform_"): [{"gain": 0.5}],
    ("torch", "orthogonal_"): [{"gain": 3.0}],
    ("torch", "dirac_"): [{"groups": 4}],
    ("keras", "VarianceScaling"): [{"distribution": x, "scale": 3.0} for x in keras.DISTRIBUTIONS],
    ("keras", "TruncatedNormal"): [{"mean": 1.0, "stddev": 2.0}],
    ("jax", "truncated_normal"): [{"stddev": 0.5, "lower": -1.0, "upper": 3.0}],
    ("jax", "variance_scaling"): [
        {"scale": 3.0, "mode": mode, "distribution": x}
        for mode in ("fan_in", "fan_out", "fan_avg", "fan_geo_avg")
        for x in ("truncated_normal", "uniform", "normal")
    ],
}


def draw(library: str, name: str, options: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """Draw with the library's own initialiser."""
    if library == "torch":
        return getattr(peer("torch").nn.init, name)(peer("torch").empty(shape), **options)
    if library == "keras":
        return keras_initialisers()[name](**options)(shape)
    make = getattr(peer("jax.nn").initializers, name)
    return (make if name in ("zeros", "ones") else make(**options))(key(), shape)


@pytest.fixture(autouse=True)
def _the_same_draws_in_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setattr(os, "register_at_fork", lambda **_: None)  # JAX would warn of every later fork of the process
    random.seed(1)  # of which Keras, too, makes its seeds


CASES = [
    (library, name, options)
    for library, table in {"torch": torch, "keras": keras, "jax": jax}.items()
    for name in [*table.INITIALIZERS, *(torch.DEPRECATED if library == "torch" else [])]
    for options in [options_of(library, name), *OPTIONS.get((library, name), [])]
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}-{'-'.join(map(str, case[2].values()))}")
def test_initialisers(case: Any) -> None:
    library, name, options = case
    scheme = PRESETS[library](name, **options)
    if library == "torch":
        peer("torch").manual_seed(1)
    for shape in (MATRIX, MATRIX[::-1], KERNEL[library]):
        if isinstance(scheme, (fi.dirac, fi.delta_orthogonal)) and len(shape) == 2:
            continue
        if isinstance(scheme, (fi.eye, fi.sparse)) and len(shape) > 2:
            continue
        assert_same_law(scheme, partial(draw, library, name, options, shape))


def one_of(arrays: Callable[[], dict[str, Array]], name: str) -> Callable[[], Array]:
    """Return what builds a layer again and picks an array."""
    return lambda: arrays()[name]


def test_no_function_of_a_library_is_missing() -> None:
    init = peer("torch").nn.init
    assert set(init.__all__) - {"calculate_gain"} == torch.INITIALIZERS.keys() | torch.DEPRECATED.keys()
    assert {name for name in vars(peer("jax.nn").initializers) if name[0].islower()} == jax.INITIALIZERS.keys()
    others = {"Initializer", "initializer", "STFT", "STFTInitializer", "stft"}
    assert keras_initialisers().keys() - others == keras.INITIALIZERS.keys()


CONVOLUTION = (20, 30, 3)
TORCH_LAYERS: list[tuple[str, tuple[Any, ...]]] = [
    ("Linear", (100, 300)),
    *((layer, CONVOLUTION) for layer in torch.LINEAR if layer != "Linear"),
    ("Bilinear", (20, 30, 40)),
    ("Embedding", MATRIX),
    ("EmbeddingBag", MATRIX),
    *((layer, (5,)) for layer in [*torch.BATCHES, "SyncBatchNorm", "LayerNorm", "RMSNorm", "PReLU"]),
    ("GroupNorm", (5, 50)),
    *((layer, (30, 50)) for layer in torch.RECURRENT),
    ("MultiheadAttention", (100, 4, 0.0, True, True)),
    ("MultiheadAttention", (100, 4, 0.0, True, False, False, 50, 60)),
    ("Transformer", (40, 2, 1, 1, 100)),
]


@pytest.mark.parametrize(("layer", "arguments"), TORCH_LAYERS, ids=str)
def test_torch_layers(layer: str, arguments: tuple[Any, ...]) -> None:
    nn = peer("torch").nn
    peer("torch").manual_seed(1)

    def parameters() -> dict[str, Array]:
        with_affine = {"affine": True} if "InstanceNorm" in layer else {}
        built = getattr(nn, layer)(*arguments, **with_affine)
        return {name: parameter.detach().numpy() for name, parameter in built.named_parameters()}

    for name, parameter in parameters().items():
        if layer in torch.RECURRENT:
            scheme = fi.from_torch(layer, hidden_size=50)
        elif layer == "Transformer":
            if parameter.ndim < 2:
                continue
            scheme = fi.from_torch(layer)
        else:
            options = options_of("torch", f"{layer}.{name}")
            weight = parameters().get("weight")
            if "fan_in" in options and weight is not None:
                options["fan_in"] = arguments[0] if layer == "Bilinear" else fi.compute_fans(weight.shape).fan_in
            scheme = fi.from_torch(f"{layer}.{name}", **options)
        assert_same_law(scheme, one_of(parameters, name))


VIDEO = (None, 4, 8, 8, 8, 20)  # batch, time, three axes, channels
KERAS_LAYERS: list[tuple[str, tuple[Any, ...], list[tuple[Any, ...]]]] = [
    ("Dense", (300,), [(None, 200)]),
    *((layer, (30, 3), [(None, *VIDEO[2:][-2 - int(layer[4]) + 1 :])]) for layer in keras.CONVOLUTIONS),
    ("DepthwiseConv1D", (3,), [(None, 8, 20)]),
    ("DepthwiseConv2D", (3,), [(None, 8, 8, 20)]),
    ("SeparableConv1D", (30, 3), [(None, 8, 20)]),
    ("SeparableConv2D", (30, 3), [(None, 8, 8, 20)]),
    *((layer, (50,), [(None, 7, 40)]) for layer in ("SimpleRNN", "GRU", "LSTM")),
    *((layer, (50,), [(None, 40)]) for layer in ("SimpleRNNCell", "GRUCell", "LSTMCell")),
    *((f"ConvLSTM{n}D", (10, 3), [(None, 4, *(8,) * n, 5)]) for n in (1, 2, 3)),
    ("EinsumDense", ("abc,cde->abde", (None, 10, 20), None, "de"), [(None, 7, 100)]),
    ("MultiHeadAttention", (4, 25), [(None, 7, 100)] * 2),
    ("GroupQueryAttention", (25, 4, 2), [(None, 7, 100)] * 2),
    ("Embedding", MATRIX, [(None,)]),
    ("ReversibleEmbedding", MATRIX, [(None,)]),
    *((f"{kind}Normalization", (), [(None, 32)]) for kind in ("Batch", "Layer", "Group", "RMS")),
    ("PReLU", (), [(None, 32)]),
]


@pytest.mark.parametrize(("layer", "arguments", "shapes"), KERAS_LAYERS, ids=str)
def test_keras_layers(layer: str, arguments: tuple[Any, ...], shapes: list[tuple[Any, ...]]) -> None:
    layers = pytest.importorskip("keras", minversion="3.15").layers  # the first with true fans in attention

    def weights() -> dict[str, Array]:
        built = getattr(layers, layer)(*arguments)
        built.build(*shapes)
        return {name_of(layer, weight.path.split("/")): np.asarray(weight) for weight in built.weights}

    for name in weights():
        if name.endswith(".bias") and layer in keras.GATED:
            continue
        options = {"layout": "ioo"} if name == "EinsumDense.kernel" else {}
        assert_same_law(fi.from_keras(name, **options), one_of(weights, name))


def name_of(layer: str, path: list[str]) -> str:
    """Return a preset's name: a kernel of an attention layer has that of its projection."""
    if path[-1] == "kernel" and path[-2] in {*keras.PROJECTIONS, *jax.PROJECTIONS}:
        return f"{layer}.{path[-2]}"
    if path[-1].startswith("embedding") or path[-1] == "negative_slope":
        return layer
    if path[-1] == "kernel" and path[-2].startswith("h") and layer in jax.RECURRENT:
        return f"{layer}.recurrent_kernel"
    return f"{layer}.{path[-1]}"


LINEN_LAYERS: list[tuple[str, Any, tuple[int, ...]]] = [
    ("Dense", (300,), (2, 200)),
    ("DenseGeneral", ((10, 30),), (2, 200)),
    ("Conv", (30, (3, 3)), (2, 8, 8, 20)),
    ("ConvLocal", (30, (3,)), (2, 8, 20)),
    ("ConvTranspose", (30, (3, 3)), (2, 8, 8, 20)),
    ("Einsum", ((200, 300), "ac,cd->ad"), (2, 200)),
    *((layer, (4,), (2, 7, 100)) for layer in jax.ATTENTION),
    ("Embed", MATRIX, (2,)),
    *((layer, (), (2, 32)) for layer in ("LayerNorm", "GroupNorm", "InstanceNorm", "RMSNorm", "PReLU")),
    ("BatchNorm", (False,), (2, 32)),
    *((layer, (150,), (2, 100)) for layer in jax.RECURRENT),
]


@pytest.mark.parametrize(("layer", "arguments", "shape"), LINEN_LAYERS, ids=str)
def test_flax_linen_layers(layer: str, arguments: tuple[Any, ...], shape: tuple[int, ...]) -> None:
    numpy, tree, linen = peer("jax.numpy"), peer("jax.tree_util"), peer("flax.linen")

    def parameters() -> dict[str, Array]:
        built = getattr(linen, layer)(*arguments)
        inputs = [numpy.ones(shape, int if layer == "Embed" else float)]
        if layer in jax.RECURRENT:
            inputs.insert(0, built.initialize_carry(key(), shape))
        leaves = tree.tree_leaves_with_path(built.init(key(), *inputs)["params"])
        return {"/".join(k.key for k in path): np.asarray(leaf) for path, leaf in leaves}

    for path in parameters():
        name = name_of(layer, ["", *path.split("/")])
        options = {"layout": "ioo"} if name == "DenseGeneral.kernel" else {}
        assert_same_law(fi.from_jax(name, **options), one_of(parameters, path))


NNX_LAYERS: list[tuple[str, tuple[Any, ...]]] = [
    ("Linear", MATRIX),
    ("LinearGeneral", ((200,), (10, 30))),
    ("Conv", (20, 30, (3, 3))),
    ("ConvTranspose", (20, 30, (3, 3))),
    ("Einsum", ("ac,cd->ad", MATRIX, (300,))),
    ("Embed", MATRIX),
    ("MultiHeadAttention", (4, 100)),
    *((layer, (32,)) for layer in ("BatchNorm", "LayerNorm", "RMSNorm", "InstanceNorm")),
    *((layer, (100, 150)) for layer in jax.RECURRENT),
]


@pytest.mark.parametrize(("layer", "arguments"), NNX_LAYERS, ids=str)
def test_flax_nnx_layers(layer: str, arguments: tuple[Any, ...]) -> None:
    nnx = peer("flax.nnx")

    def parameters() -> dict[str, Array]:
        built = getattr(nnx, layer)(*arguments, rngs=nnx.Rngs(random.getrandbits(32)))
        state = nnx.to_flat_state(nnx.state(built, nnx.Param))
        return {"/".join(path).replace("dense_", ""): np.asarray(value[...]) for path, value in state}

    for path in parameters():
        name = name_of(layer, ["", *path.split("/")])
        options = {"layout": "ioo"} if name == "LinearGeneral.kernel" else {}
        assert_same_law(fi.from_jax(name, **options), one_of(parameters, path))
