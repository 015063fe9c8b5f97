"""The spectral condition of feature learning, for a recipe and the shapes of its model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from math import sqrt

from ...sampling.numbers import number_of
from ...sampling.shards import ints_of
from ...schemes.distributions import Normal
from ...schemes.fans import fans_of
from ..matching import escaped
from ..recipe import Recipe
from ..rule import Rule

__all__ = ["spectral"]


def spectral(
    recipe: Recipe,
    shapes: Mapping[str, tuple[int, ...]],
    *,
    layout: str = "oi...",
    one_hot: Iterable[str] = ("*embed*", "*wte.*", "*wpe.*"),
) -> Recipe:
    """Return the recipe of a model whose drawn weights meet the spectral condition, given another one of its recipes.

    A weight of n inputs and k outputs is drawn from N(0, sigma^2) with sigma = min(1, sqrt(k / n)) / sqrt(n), so that
    its spectral norm is of the order sqrt(k / n). Of embeddings n is 1, since their inputs are one-hot: sigma = 1.
    Vectors and what is not drawn, such as norms and biases, stay as they are.

    This is the initialisation alone: the condition also wants SGD's learning rate of a weight in proportion to k / n.

    Source: Yang, Simon and Bernstein, "A Spectral Condition for Feature Learning", arXiv 2310.17813,
    Parametrization 1 (spectral parametrization), up to constants, which are 1 here.

    Parameters
    ----------
    recipe
        Says what is drawn: `llama`, `bert` and so on.
    shapes
        Shape by name of every tensor of the model.
    layout
        Which axes of a weight are outputs and inputs, see `compute_fans`.
    one_hot
        Patterns of the names of embeddings.

    Returns
    -------
    Recipe
        With a rule for each weight by its name, and then the recipe's own.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be, a tensor has no rule, or a weight is fused or tied to another, whose law it
        would not have.

    Examples
    --------
    >>> from fast_init.recipes import llama, spectral
    >>> shapes = {"model.layers.0.mlp.up_proj.weight": (256, 64), "model.layers.0.mlp.down_proj.weight": (64, 256)}
    >>> for name, rule in spectral(llama(), shapes).rules_for(shapes).items():
    ...     print(name, rule.scheme.std)
    model.layers.0.mlp.up_proj.weight 0.125
    model.layers.0.mlp.down_proj.weight 0.03125
    """
    if not isinstance(recipe, Recipe):
        raise TypeError(f"recipe is {recipe!r}; it must be a Recipe: pass llama(), say")
    if not isinstance(shapes, Mapping):
        raise TypeError(f"shapes is {shapes!r}; it must be a mapping: pass {{name: shape}} of every tensor")
    patterns = tuple(one_hot)
    own = []
    for name, rule in recipe.rules_for(shapes).items():
        shape = ints_of(f"shapes[{name!r}]", shapes[name])
        if rule.scheme.is_random and len(shape) > 1:
            hot = any(fnmatchcase(name, pattern) for pattern in patterns)
            own.append(_scaled(rule, name, shape, layout, hot))
    return Recipe([*own, *recipe.rules], recipe.sizes)


def _scaled(rule: Rule, name: str, shape: tuple[int, ...], layout: str, hot: bool) -> Rule:
    if rule.tied_to is not None or rule.parts:
        raise ValueError(
            f"{name!r} is fused or tied to another tensor; the condition is one of a single matrix: pass a recipe "
            "where it is neither"
        )
    fans = fans_of(shape, layout)
    outputs, fan_in = (number_of(f"a fan of {name!r}", fan) for fan in (fans.fan_out, fans.fan_in))
    inputs = 1.0 if hot else fan_in
    sigma = min(1.0, sqrt(outputs / inputs)) / sqrt(inputs) if inputs else 0.0
    return replace(rule, pattern=escaped(name), scheme=Normal(0.0, sigma))
