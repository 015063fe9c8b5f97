"""Models as data: every weight's name, shape and initialisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod, sqrt
from typing import Any

import numpy as np

from ..init import he_normal_, normal_, ones_, xavier_normal_, zeros_

__all__ = ["MODELS", "SCHEMES", "Tensor", "fill", "tensors_of"]

STD = 0.02  # GPT-2's initializer_range


@dataclass(frozen=True)
class Tensor:
    """One weight; `init` is the name of the function that fills it, whose values have this `std`."""

    name: str
    group: str
    shape: tuple[int, ...]
    init: str
    std: float = 0.0

    @property
    def size(self) -> int:
        """Number of elements."""
        return prod(self.shape)

    @property
    def mean(self) -> float:
        """The mean of its values."""
        return 1.0 if self.init == "ones_" else 0.0


@dataclass(frozen=True)
class Sizes:
    """Sizes of a GPT-2."""

    layers: int
    width: int
    vocabulary: int = 50257
    context: int = 1024


MODELS = {
    "gpt2": Sizes(12, 768),
    "gpt2-medium": Sizes(24, 1024),
    "gpt2-large": Sizes(36, 1280),
    "gpt2-xl": Sizes(48, 1600),
    "tiny": Sizes(2, 32, vocabulary=96, context=16),
}

# Scheme -> function that fills the linear layers, and its std for a weight stored (in, out).
SCHEMES: dict[str, tuple[str, Callable[[int, int], float]]] = {
    "gpt2": ("normal_", lambda _in, _out: STD),
    "he": ("he_normal_", lambda fan_in, _out: sqrt(2 / fan_in)),
    "xavier": ("xavier_normal_", lambda fan_in, fan_out: sqrt(2 / (fan_in + fan_out))),
}


def tensors_of(model: str, scheme: str = "gpt2") -> list[Tensor]:
    """Return the weights of a model, in the order and under the names of Hugging Face's GPT-2.

    Parameters
    ----------
    model
        A key of MODELS.
    scheme
        ``gpt2``: linear layers N(0, 0.02^2), those that end a residual branch N(0, 0.02^2 / (2 layers)).
        ``he``, ``xavier``: linear layers by `he_normal_`, `xavier_normal_`. Embeddings are N(0, 0.02^2),
        biases 0 and layer-norm weights 1 in all of them. The output layer is the token embedding.

    Raises
    ------
    ValueError
        The model or the scheme is unknown.

    Examples
    --------
    >>> sum(tensor.size for tensor in tensors_of("gpt2"))
    124439808
    """
    if model not in MODELS:
        raise ValueError(f"model is {model!r}; it must be one of {', '.join(MODELS)}: pass one of these")
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}; it must be one of {', '.join(SCHEMES)}: pass one of these")
    sizes = MODELS[model]
    tensors = [
        Tensor("wte.weight", "wte", (sizes.vocabulary, sizes.width), "normal_", STD),
        Tensor("wpe.weight", "wpe", (sizes.context, sizes.width), "normal_", STD),
    ]
    for layer in range(sizes.layers):
        tensors += _block(f"h.{layer}.", sizes, scheme)
    return tensors + _norm("ln_f", sizes.width)


def fill(array: np.ndarray[Any, Any], tensor: Tensor, seed: int, threads: int | None = None) -> None:
    """Fill the array as the tensor is initialised, from the stream of its name."""
    match tensor.init:
        case "normal_":
            normal_(array, std=tensor.std, seed=seed, name=tensor.name, threads=threads)
        case "he_normal_":
            he_normal_(array, layout="io", seed=seed, name=tensor.name, threads=threads)
        case "xavier_normal_":
            xavier_normal_(array, layout="io", seed=seed, name=tensor.name, threads=threads)
        case "zeros_":
            zeros_(array)
        case "ones_":
            ones_(array)
        case unknown:
            raise ValueError(f"init is {unknown!r}; no function of that name fills a tensor: name one that does")


def _block(prefix: str, sizes: Sizes, scheme: str) -> list[Tensor]:
    width = sizes.width
    residual = 1 / sqrt(2 * sizes.layers) if scheme == "gpt2" else 1.0
    return [
        *_norm(prefix + "ln_1", width),
        *_linear(prefix, "attn.c_attn", (width, 3 * width), scheme),
        *_linear(prefix, "attn.c_proj", (width, width), scheme, residual),
        *_norm(prefix + "ln_2", width),
        *_linear(prefix, "mlp.c_fc", (width, 4 * width), scheme),
        *_linear(prefix, "mlp.c_proj", (4 * width, width), scheme, residual),
    ]


def _linear(prefix: str, group: str, shape: tuple[int, int], scheme: str, factor: float = 1.0) -> list[Tensor]:
    init, std = SCHEMES[scheme]
    return [
        Tensor(f"{prefix}{group}.weight", group, shape, init, factor * std(*shape)),
        Tensor(f"{prefix}{group}.bias", "biases", shape[1:], "zeros_"),
    ]


def _norm(name: str, width: int) -> list[Tensor]:
    return [
        Tensor(f"{name}.weight", "norms", (width,), "ones_"),
        Tensor(f"{name}.bias", "biases", (width,), "zeros_"),
    ]
