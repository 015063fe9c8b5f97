"""GPT-2 as the demo has it: every weight's name, shape and group, and the scheme that its recipe gives it."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from ..recipes.families import gpt2
from ..recipes.recipe import Recipe
from ..recipes.rule import Rule
from ..schemes.distributions import ones, zeros
from ..schemes.scheme import Scheme
from ..schemes.variance_scaling import he_normal, xavier_normal

__all__ = ["MODELS", "SCHEMES", "Tensor", "recipe_of", "tensors_of"]


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

MATRICES = "*.c_*.weight"  # of the linear layers
HE, XAVIER = he_normal(layout="io"), xavier_normal(layout="io")  # as GPT-2 stores them: (in, out)
SCHEMES: dict[str, list[Rule]] = {  # rules that come before GPT-2's
    "gpt2": [],
    "he": [Rule(MATRICES, HE)],
    "xavier": [Rule(MATRICES, XAVIER)],
}
FILLERS: dict[Scheme, str] = {  # the functions of schemes that are not named after their kind
    zeros(): "zeros_",
    ones(): "ones_",
    HE: "he_normal_",
    XAVIER: "xavier_normal_",
}

Shapes: TypeAlias = dict[str, tuple[str, tuple[int, ...]]]  # by a weight's name: its group and its shape


@dataclass(frozen=True)
class Tensor:
    """One weight, and how it is initialised."""

    name: str
    group: str
    shape: tuple[int, ...]
    scheme: Scheme

    @property
    def size(self) -> int:
        """Number of elements."""
        return prod(self.shape)

    @property
    def filler(self) -> str:
        """The name of the function that fills it."""
        return FILLERS.get(self.scheme, f"{self.scheme.kind}_")

    @property
    def mean(self) -> float:
        """The mean of its values."""
        distribution = self.scheme.distribution_for(self.shape)
        return distribution.moments[0] if distribution else 0.0

    @property
    def std(self) -> float:
        """The standard deviation of its values."""
        return self.scheme.std_for(self.shape)


def recipe_of(model: str, scheme: str = "gpt2") -> Recipe:
    """Return the recipe of a model.

    Parameters
    ----------
    model
        A key of MODELS.
    scheme
        ``gpt2``: as `fast_init.recipes.gpt2` says. ``he``, ``xavier``: so too, but for the matrices of the linear
        layers, which are `he_normal`'s, `xavier_normal`'s.

    Raises
    ------
    ValueError
        The model or the scheme is unknown.
    """
    if model not in MODELS:
        raise ValueError(f"model is {model!r}; it must be one of {', '.join(MODELS)}: pass one of these")
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}; it must be one of {', '.join(SCHEMES)}: pass one of these")
    return Recipe([*SCHEMES[scheme], *gpt2(MODELS[model].layers).rules])


def tensors_of(model: str, scheme: str = "gpt2") -> list[Tensor]:
    """Return the weights of a model, in the order and under the names of Hugging Face's GPT-2.

    The output layer is the token embedding. Parameters and errors are those of `recipe_of`.

    Examples
    --------
    >>> sum(tensor.size for tensor in tensors_of("gpt2"))
    124439808
    """
    recipe = recipe_of(model, scheme)
    shapes = _shapes(MODELS[model])
    rules = recipe.rules_for(shapes)
    return [Tensor(name, group, shape, rules[name].scheme) for name, (group, shape) in shapes.items()]


def _shapes(sizes: Sizes) -> Shapes:
    width = sizes.width
    shapes: Shapes = {
        "wte.weight": ("wte", (sizes.vocabulary, width)),
        "wpe.weight": ("wpe", (sizes.context, width)),
    }
    for layer in range(sizes.layers):
        shapes |= {
            **_norm(f"h.{layer}.ln_1", width),
            **_linear(f"h.{layer}.", "attn.c_attn", (width, 3 * width)),
            **_linear(f"h.{layer}.", "attn.c_proj", (width, width)),
            **_norm(f"h.{layer}.ln_2", width),
            **_linear(f"h.{layer}.", "mlp.c_fc", (width, 4 * width)),
            **_linear(f"h.{layer}.", "mlp.c_proj", (4 * width, width)),
        }
    return shapes | _norm("ln_f", width)


def _linear(prefix: str, group: str, shape: tuple[int, int]) -> Shapes:
    return {f"{prefix}{group}.weight": (group, shape), f"{prefix}{group}.bias": ("biases", shape[1:])}


def _norm(name: str, width: int) -> Shapes:
    return {f"{name}.weight": ("norms", (width,)), f"{name}.bias": ("biases", (width,))}
